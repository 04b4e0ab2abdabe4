// Known only in the browser: the server answers 200.html for its address.
export const prerender = false;
export const ssr = false;
