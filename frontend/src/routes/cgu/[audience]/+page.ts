// The server answers the shell with the text in it (functions/pages): readable without scripts, and
// replaced here when the application starts.
export const prerender = false;
export const ssr = false;
