// Known only in the browser: the server answers 200.html for its address. A search engine that runs
// no scripts sees the title alone until these pages are rendered by a function.
export const prerender = false;
export const ssr = false;
