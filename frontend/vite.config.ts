import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { scriptTypography } from './scripts/typography.js';

// `npm run dev` shows the site while it is being written; the rest of the product answers from
// `make run` on port 8080.
const product = process.env['PRODUCT'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // The operator of a stage that is a trial, as its functions are told it; empty everywhere else.
  define: { __PLATFORM_IDENTITY__: JSON.stringify(process.env['PLATFORM_IDENTITY'] ?? '') },
  plugins: [scriptTypography(), sveltekit()],
  build: {
    // Which files each of eighty pages needs is a list that every page would load first, a twentieth of all
    // its scripts: a page that is gone to names its own.
    modulePreload: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        codeSplitting: {
          groups: [
            // Stays in browsers' caches from one deployment of the site to the next.
            { name: 'framework', test: /node_modules/, priority: 1 },
            // What most pages load. Apart, thirty files of a few hundred bytes compress badly, and the
            // list of what each page needs, which every page loads, grows with them.
            { name: 'shared', minShareCount: 24 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: product, headers: { origin: product } },
      '/local': { target: product, headers: { origin: product } },
    },
  },
  test: { include: ['src/**/*.test.ts'] },
});
