// Writes `addresses.json` beside the built pages: which addresses exist. Whoever serves the site
// answers 404 to the others, and the sitemap names those that search engines may show.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'build';

/** `/reservations/[id]` stays as it is; what a server could not match segment by segment is refused. */
function pattern(id) {
  const plain = id.split('/').every((part) => /^([\p{Ll}\d.-]*|\[\w+\])$/u.test(part));
  if (!plain) throw new Error(`addresses.json has no word for the route ${id}`);
  return id;
}

/** The adapter, followed by that file. */
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
      const file = path.join(FOLDER, 'addresses.json');
      writeFileSync(file, `${JSON.stringify({ application, files, indexed, pages }, null, 2)}\n`);
    },
  };
}
