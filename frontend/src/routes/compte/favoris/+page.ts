// Somebody's own: known only in the browser.
export const prerender = false;
export const ssr = false;
