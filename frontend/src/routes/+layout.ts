// Every page is written to disk when the site is built, unless it says otherwise.
export const prerender = true;
export const trailingSlash = 'never';
