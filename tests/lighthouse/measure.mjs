// `make bench-site`: what the built site's pages weigh, and what Lighthouse makes of them on a phone.
//
// The local server does not compress and CloudFront does, so Lighthouse looks through a proxy that
// compresses as CloudFront does. Its default is a phone four times slower than this machine on a slow
// mobile network, simulated: scores depend a little on what else this machine does, so each page is
// measured several times. `node measure.mjs FILE` replaces this program's section at the end of FILE.

import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { nextSaturday } from '../browser/browse.mjs';
import { later } from '../browser/people.mjs';
import { start } from '../browser/start.mjs';

const RUNS = 3;
const TITLE = '## The site';
const SCORE_GOAL = 95;
const SCRIPTS_GOAL = 60_000;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

const gzip = (body) => gzipSync(body);
// The level at which compressing on the way is worth its time.
const brotli = (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** What CloudFront adds to the local server: compression, and files with a hash kept for ever. */
async function compressing(site) {
  const server = createServer(async (request, response) => {
    try {
      const sent = [];
      for await (const part of request) sent.push(part);
      const { method, headers } = request;
      const answer = await fetch(site + request.url, {
        method,
        redirect: 'manual',
        headers: {
          accept: headers.accept ?? '*/*',
          ...(headers.origin ? { origin: site } : {}),
          ...(headers['content-type'] ? { 'content-type': headers['content-type'] } : {}),
          ...(headers.cookie ? { cookie: headers.cookie } : {}),
        },
        ...(sent.length > 0 ? { body: Buffer.concat(sent) } : {}),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      const text = /text|script|json|svg/.test(answer.headers.get('content-type') ?? '');
      for (const [name, value] of answer.headers)
        if (!['content-length', 'transfer-encoding', 'connection'].includes(name))
          response.setHeader(name, value);
      if (text) response.setHeader('content-encoding', 'br');
      response.writeHead(answer.status).end(text ? brotli(body) : body);
    } catch (cause) {
      console.error(cause);
      response.writeHead(502).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/** The pages that a client in a hurry goes through. Those of one mission are not for search engines. */
async function pages(world) {
  const wish = { lieu: 'Lyon', date: nextSaturday(), debut: '20:00', fin: '04:00', agents: '1' };
  const asked = new URLSearchParams({
    activity: 'dog_handling',
    place: wish.lieu,
    start: `${wish.date}T20:00`,
    end: `${later(wish.date, 1)}T04:00`,
  });
  const [found] = (await world.get(`/api/search?${asked}`)).results;
  return [
    { name: 'home', address: '/' },
    {
      name: 'results',
      address: `/recherche?${new URLSearchParams({ ...wish, activite: 'dog_handling' })}`,
      unlisted: true,
    },
    { name: 'professional', address: `/professionnels/${found.slug}` },
    {
      name: 'order, first page',
      address: `/reserver?${new URLSearchParams({ ...wish, offre: found.offer })}`,
      unlisted: true,
    },
  ];
}

/** One visit: scores, layout shift, the scripts asked for, and what lowered a score. */
async function visit(address, unlisted, port) {
  const { lhr } = await lighthouse(address, {
    port,
    output: 'json',
    logLevel: 'error',
    skipAudits: unlisted ? ['is-crawlable'] : [],
  });
  if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  const lowered = CATEGORIES.flatMap((category) =>
    lhr.categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 0.9)
      .map(({ id }) => `${id} ${lhr.audits[id].displayValue ?? ''}`.trim()),
  );
  return {
    scores: CATEGORIES.map((category) => Math.round(100 * lhr.categories[category].score)),
    shift: lhr.audits['cumulative-layout-shift'].numericValue,
    paint: lhr.audits['largest-contentful-paint'].numericValue,
    scripts: lhr.audits['network-requests'].details.items
      .filter(({ resourceType }) => resourceType === 'Script')
      .map(({ url }) => url),
    lowered,
  };
}

async function measured({ name, address, unlisted }, origin, port) {
  const visits = [];
  for (let run = 0; run < RUNS; run++) visits.push(await visit(origin + address, unlisted, port));
  const bodies = await Promise.all(
    visits[0].scripts.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())),
  );
  const weight = (compress) => bodies.reduce((sum, body) => sum + compress(body).length, 0);
  const scores = CATEGORIES.map((_, index) => median(visits.map((each) => each.scores[index])));
  const shift = Math.max(...visits.map((each) => each.shift));
  const misses = [
    ...CATEGORIES.filter((_, index) => scores[index] < SCORE_GOAL),
    ...(shift > 0 ? ['layout shift'] : []),
    ...(weight(gzip) >= SCRIPTS_GOAL ? ['scripts'] : []),
  ];
  const row = [
    name,
    bodies.length,
    kilobytes(weight(gzip)),
    kilobytes(weight(brotli)),
    ...scores,
    (median(visits.map((each) => each.paint)) / 1000).toFixed(1),
    shift.toFixed(3),
    misses.join(', '),
  ];
  console.error(
    `${name}: ${[...new Set(visits.flatMap((each) => each.lowered))].join('; ') || 'nothing lowered'}`,
  );
  return `| ${row.join(' | ')} |`;
}

async function section() {
  const load = loadavg()[0].toFixed(2);
  const world = await start();
  const { server, origin } = await compressing(world.site);
  const chrome = await launch({
    chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--lang=fr-FR'],
  });
  try {
    const rows = [];
    for (const page of await pages(world)) rows.push(await measured(page, origin, chrome.port));
    return `${TITLE}

The built site in Chromium through Lighthouse ${(await version()).lighthouse} on its simulated phone (slow 4G, processor four times slower), behind a proxy that compresses as CloudFront does; medians of ${RUNS} visits, the largest layout shift of all. Scripts are all that the page asked for, each compressed alone. Results and orders ask search engines to stay away, which is not counted against them. Goals: less than ${SCRIPTS_GOAL / 1000} kB of compressed scripts, scores of at least ${SCORE_GOAL}, no layout shift. Load before the start ${load}; ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC.

| page | script files | gzip (kB) | brotli (kB) | performance | accessibility | best practices | SEO | largest paint (s) | layout shift | misses |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
  } finally {
    await chrome.kill();
    server.close();
    await world.stop();
  }
}

const version = async () =>
  JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8')).devDependencies;

const made = await section();
const [, , file] = process.argv;
if (file) {
  const before = await readFile(file, 'utf8').catch(() => '# Performance\n');
  const kept = before.split(`\n${TITLE}\n`)[0].trimEnd();
  await writeFile(file, `${kept}\n\n${made}`);
}
console.log(made);
