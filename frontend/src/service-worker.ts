/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
// Keeps the agent's page on the phone, and nothing else: it is registered for `/agent` alone. What the page
// reads and tells goes to the server or waits in the page itself; no answer of the API is kept here.
import { version } from '$service-worker';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const PAGE = '/agent';
const KEPT = `agent-${version}`;
const BESIDE = ['/icone.svg', '/agent.webmanifest', '/icone-192.png'];
/** For how long a slow network is waited for before the kept page is shown. */
const PATIENCE = 4_000;

/** The page and everything that it names: its scripts, styles and letters. */
async function keep(): Promise<void> {
  const cache = await caches.open(KEPT);
  const page = await fetch(PAGE, { cache: 'reload' });
  if (!page.ok) throw new Error(`${PAGE}: ${page.status}`);
  const text = await page.clone().text();
  const named = text.match(/\/_app\/[^"'\s)]+/g) ?? [];
  await cache.addAll([...new Set([...named, ...BESIDE])]);
  // Pictures are named by scripts alone.
  const scripts = [...new Set(named)].filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(scripts.map(async (name) => (await cache.match(name))?.text()));
  const pictures = texts.flatMap((script) => script?.match(/\/_app\/[\w/.-]+\.svg/g) ?? []);
  await cache.addAll([...new Set(pictures)]);
  await cache.put(PAGE, page);
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith('agent-') && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function page(request: Request): Promise<Response> {
  const kept = await caches.match(PAGE);
  const fresh = fetch(request);
  if (!kept) return fresh;
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), late]);
}

/** Files whose names change with what is in them, and those beside the page. */
async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await (await caches.open(KEPT)).put(request, fresh.clone());
  return fresh;
}

worker.addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlder());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(page(request));
  else if (pathname.startsWith('/_app/') || BESIDE.includes(pathname)) event.respondWith(file(request));
});
