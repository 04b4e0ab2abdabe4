// Known only in the browser: the server answers 200.html for these addresses.
export const prerender = false;
export const ssr = false;
