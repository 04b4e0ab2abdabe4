// The steps of an order after the first, fetched together.

export { default as Agreements } from './Agreements.svelte';
export { default as Place } from './Place.svelte';
export { default as Recap } from './Recap.svelte';
