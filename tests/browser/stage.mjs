// The demonstration with its dog handler signed in, and missions that he has accepted.

import { launch, open } from './browse.mjs';
import { accept, authorise, client, mission, order, signIn, signRexIn } from './people.mjs';
import { start } from './start.mjs';

/** A world of its own, a browser, and a page of the dog handler. */
export async function stage() {
  const [world, browser] = await both();
  const professional = await open(browser, world);
  await signRexIn(professional, world);
  return { world, browser, professional };
}

/** A world and a browser; when one of the two does not come up, the other does not stay behind. */
async function both() {
  const [world, browser] = await Promise.allSettled([start(), launch()]);
  const failed = [world, browser].find(({ status }) => status === 'rejected');
  if (!failed) return [world.value, browser.value];
  await leave({ world: world.value, browser: browser.value });
  throw failed.reason;
}

/** Whatever of it came up is put away. */
export async function leave({ world, browser } = {}) {
  await browser?.close();
  await world?.stop();
}

/** A mission that was accepted, on the page of its client. */
export async function accepted({ world, browser, professional }, email, { weeks, kind } = {}) {
  await client(world, email, kind);
  const page = await open(browser, world, 360);
  await signIn(page, email);
  const booking = await order(page, world, await mission(world, { weeks }));
  await authorise(page, world, booking);
  await signRexIn(professional, world);
  await accept(professional, world, booking);
  return { page, booking };
}
