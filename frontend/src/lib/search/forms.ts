// What stands folded away above the results, fetched together when somebody comes near it.

export { default as FilterForm } from './FilterForm.svelte';
export { default as SearchForm } from './SearchForm.svelte';
export { default as WhereMap } from '$lib/map/WhereMap.svelte';
