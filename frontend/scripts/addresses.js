// Writes `addresses.json` beside the built pages: which addresses exist. Whoever serves the site
// answers 404 to the others, and the sitemap names those that search engines may show. And
// `professionnel.html`: the shell that functions/pages fills in, which names what that page loads. And in
// every page, shells included, the letters it is shown in are asked for at once.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'build';
const FILLED = { file: 'professionnel.html', route: '/professionnels/[slug]' };

/** `/reservations/[id]` stays as it is; what a server could not match segment by segment is refused. */
function pattern(id) {
  const plain = id.split('/').every((part) => /^([\p{Ll}\d.-]*|\[\w+\])$/u.test(part));
  if (!plain) throw new Error(`addresses.json has no word for the route ${id}`);
  return id;
}

/** The scripts and styles of a route's page, all that they lead to included. */
function loadedBy(route, builder) {
  const generated = path.join(builder.getBuildDirectory('generated'), 'client-optimized/nodes');
  const page = path.join('src/routes', route, '+page.svelte').replaceAll(path.sep, '/');
  const node = readdirSync(generated).find((name) =>
    readFileSync(path.join(generated, name), 'utf8').includes(`${page}"`),
  );
  if (!node) throw new Error(`no page of ${route}`);
  const manifest = JSON.parse(
    readFileSync(path.join(builder.getClientDirectory(), '.vite/manifest.json'), 'utf8'),
  );
  const scripts = new Set();
  const styles = new Set();
  const follow = (name) => {
    const { file, imports = [], css = [] } = manifest[name];
    if (scripts.has(file)) return;
    scripts.add(file);
    for (const style of css) styles.add(style);
    imports.forEach(follow);
  };
  const entry = Object.keys(manifest).find((name) => name.endsWith(`/nodes/${node}`));
  if (!entry) throw new Error(`${node} was not built`);
  follow(entry);
  return { scripts, styles };
}

/** The shell of the application, which asks for a page's files together with its own. */
function shellFor(route, builder) {
  const shell = readFileSync(path.join(FOLDER, '200.html'), 'utf8');
  const { scripts, styles } = loadedBy(route, builder);
  const links = [
    ...[...scripts].map((file) => `<link href="/${file}" rel="modulepreload">`),
    ...[...styles].map((file) => `<link href="/${file}" rel="stylesheet">`),
  ].filter((link) => !shell.includes(link));
  return shell.replace('</head>', `${links.join('\n')}\n</head>`);
}

/** Each page of the built site names the letters (lib/look/letters.css) before anything else it loads. */
function askForLetters() {
  const assets = readdirSync(path.join(FOLDER, '_app/immutable/assets'));
  const [letters, ...others] = assets.filter((name) => name.endsWith('.woff2'));
  if (!letters || others.length > 0) throw new Error(`one file of letters, not ${others.length + 1}`);
  const link = `<link href="/_app/immutable/assets/${letters}" rel="preload" as="font" type="font/woff2" crossorigin>`;
  for (const entry of readdirSync(FOLDER, { recursive: true })) {
    const file = path.join(FOLDER, String(entry));
    if (!file.endsWith('.html')) continue;
    writeFileSync(file, readFileSync(file, 'utf8').replace('<link', `${link}\n    <link`));
  }
}

/** The adapter, followed by those files. */
export function withAddresses(adapter) {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      const application = builder.routes
        .filter(({ prerender }) => prerender !== true)
        .map(({ id }) => pattern(id))
        .sort();
      const pages = [...builder.prerendered.pages.keys()].sort();
      // What lies beside the pages under its own name; `_app` holds scripts and styles.
      const files = readdirSync(FOLDER, { withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.html'))
        .map(({ name }) => `/${name}`)
        .filter((name) => name !== '/addresses.json')
        .sort();
      const indexed = [...builder.prerendered.pages]
        .filter(([, { file }]) => {
          const html = readFileSync(path.join(FOLDER, file), 'utf8');
          return !/<meta name="robots" content="noindex"/.test(html);
        })
        .map(([address]) => address)
        .sort();
      writeFileSync(path.join(FOLDER, FILLED.file), shellFor(FILLED.route, builder));
      askForLetters();
      const file = path.join(FOLDER, 'addresses.json');
      writeFileSync(file, `${JSON.stringify({ application, files, indexed, pages }, null, 2)}\n`);
    },
  };
}
