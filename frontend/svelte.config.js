import adapter from '@sveltejs/adapter-static';
import { withAddresses } from './scripts/addresses.js';
import { typography } from './scripts/typography.js';

// Where browsers send documents when they are deployed: the bucket has an origin of its own there.
const documents = process.env.DOCUMENTS_ORIGIN;

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: [typography()],
  kit: {
    // Pages become `recherche.html`; addresses only known in the browser get `200.html`, and
    // those of professionals `professionnel.html` from the server that fills it in.
    adapter: withAddresses(adapter({ fallback: '200.html' })),
    // Only the agent's page registers it, for itself.
    serviceWorker: { register: false },
    // `404.html` is shown at any depth, so pages name what they load from the root.
    paths: { relative: false },
    // Written into each page: the one inline script is allowed by its hash, nothing else is.
    // `frame-ancestors` only works as a header and is set there.
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        // The hash is of the style attribute of SvelteKit's own announcer of page changes.
        'style-src': ['self', 'unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'connect-src': ['self', ...(documents ? [documents] : [])],
        'form-action': ['self'],
        'base-uri': ['self'],
        'object-src': ['none'],
      },
    },
  },
};
