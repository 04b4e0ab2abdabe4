// The product on a free port with a folder of its own, for one test file.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = process.env.LOCAL_BIN ?? path.join(ROOT, 'target/debug/local');

function freePort() {
  return new Promise((found, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

/** Starts it with the demonstration data. Call `stop` when done, whatever happened. */
export async function start() {
  for (const [file, made] of [
    [BINARY, 'cargo build --workspace --lib --bin local'],
    [path.join(ROOT, 'frontend/build/index.html'), 'make site'],
  ]) {
    if (!existsSync(file)) throw new Error(`${file} is not there: run "${made}" first`);
  }
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'monagentdesecu-'));
  const server = spawn(BINARY, {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += text));
  let ended = false;
  const end = new Promise((resolve) => server.once('close', resolve)).then(() => (ended = true));
  const world = new World(`http://127.0.0.1:${port}`, async () => {
    if (!ended) server.kill('SIGTERM');
    await Promise.race([end, pause(5000)]);
    if (!ended) server.kill('SIGKILL');
    await end;
    await rm(folder, { recursive: true, force: true });
  });
  try {
    await world.ready(() => ended);
    await world.post('/local/demo');
    return world;
  } catch (cause) {
    await world.stop();
    throw new Error(`the local server did not start:\n${said}`, { cause });
  }
}

class World {
  constructor(site, stop) {
    this.site = site;
    this.stop = stop;
  }

  async ready(ended) {
    for (const limit = Date.now() + 30_000; ; await pause(50)) {
      if (ended() || Date.now() > limit) throw new Error('no answer from /api/health');
      const answer = await fetch(`${this.site}/api/health`).catch(() => undefined);
      if (answer?.ok) return;
    }
  }

  async get(address) {
    const answer = await fetch(this.site + address);
    if (!answer.ok) throw new Error(`GET ${address}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async post(address, body = {}) {
    const answer = await fetch(this.site + address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.site },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST ${address}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** The last link in a mail to an address that leads to a page of the site. */
  /** The code of the last mail to an address that has one. */
  async code(address) {
    await this.post('/local/settle');
    const mails = (await this.get('/local/mail')).filter((mail) => mail.to.includes(address));
    const codes = mails.flatMap((mail) => mail.text.match(/\d{3}\s\d{3}/) ?? []);
    if (codes.length === 0) throw new Error(`no code in ${mails.length} mails to ${address}`);
    return codes.at(-1);
  }

  async link(address, page) {
    await this.post('/local/settle');
    const mails = (await this.get('/local/mail')).filter((mail) => mail.to.includes(address));
    const links = mails.flatMap((mail) => mail.text.match(/https?:\/\/[^\s<>"]+/g) ?? []);
    const found = links.findLast((link) => link.startsWith(`${this.site}${page}`));
    if (!found) throw new Error(`no link to ${page} in ${mails.length} mails to ${address}`);
    return found;
  }
}
