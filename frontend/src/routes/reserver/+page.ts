// All of it is what one person types: nothing to write to disk but the shell.
export const prerender = false;
export const ssr = false;
