// The commands of docs/demo.md, every one, in one shell as its reader would paste them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { ROOT, start } from './start.mjs';

let world;
let folder;

before(async () => {
  world = await start();
  folder = await mkdtemp(path.join(tmpdir(), 'demo-'));
});

after(async () => {
  await world?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** What a shell says of these commands. */
async function run(commands) {
  const env = { ...process.env, SITE: world.site, TMPDIR: folder };
  const shell = spawn('bash', ['-u'], { cwd: folder, env, timeout: 180_000 });
  shell.stdin.end(commands);
  const [stdout, stderr, [status]] = await Promise.all([
    text(shell.stdout),
    text(shell.stderr),
    once(shell, 'close'),
  ]);
  return { stdout, stderr, status };
}

test('the commands of docs/demo.md run as they stand', async () => {
  const page = await readFile(path.join(ROOT, 'docs/demo.md'), 'utf8');
  const walk = page.slice(page.indexOf('## One booking by hand'));
  const blocks = [...walk.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands);
  assert.ok(blocks.length >= 12, `${blocks.length} blocks of commands`);

  const { stdout, stderr, status } = await run(blocks.join('\n'));
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  // The booking went all its way, the ledger balances, and the bank's refusal was the one on purpose.
  for (const said of [
    '"decline_code":"insufficient_funds"',
    '"state":"accepted"',
    '"state":"validated"',
    'facture.pdf: PDF document',
    '{"balanced":true,',
    'Demande envoyée à Estuaire Protection',
  ]) {
    assert.ok(stdout.includes(said), `${said} in\n${stdout}`);
  }
  const refused = stdout.match(/"status":(4|5)\d\d/g) ?? [];
  assert.deepEqual(refused, ['"status":404'], 'a request before its card is authorised, and nothing else');
});
