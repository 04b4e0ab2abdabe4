// What an order needs after its first screen, or for who is not signed in: fetched together.

export { default as CodePage } from '$lib/account/CodePage.svelte';
export { default as NewcomerFields } from '$lib/account/NewcomerFields.svelte';
export { default as SignInForm } from '$lib/account/SignInForm.svelte';
export { default as Recap } from './Recap.svelte';
