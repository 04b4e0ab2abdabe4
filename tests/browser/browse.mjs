// Debian's Chromium, and what every page must satisfy.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A phone and a desktop. */
export const WIDTHS = [360, 1280];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that remembers what went wrong on it, in a browser far from Paris. */
export async function open(browser, world, width = 1280, more = {}) {
  const context = await browser.newContext({
    ...more,
    viewport: { width, height: 800 },
    locale: 'fr-FR',
    timezoneId: 'America/Cayenne',
    baseURL: world.site,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.wrong = [];
  page.on('console', (message) => {
    if (message.type() === 'error') page.wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.wrong.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.protocol.startsWith('http') && address.origin !== world.site)
      page.wrong.push(`third party: ${address}`);
  });
  return page;
}

/** No error, no third party, nothing wider than the screen, no violation known to axe. */
export async function sound(page) {
  // A form's answer can be read before its stylesheet is there.
  await page.waitForLoadState('load');
  assert.deepEqual(page.wrong, [], page.url());
  const { shown, wide } = await page.evaluate(() => ({
    shown: document.documentElement.clientWidth,
    wide: document.documentElement.scrollWidth,
  }));
  assert.ok(wide <= shown, `${page.url()} is ${wide} px wide on a screen of ${shown}`);
  // The page's own policy forbids added scripts; evaluating is the debugger's privilege.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const found = await globalThis.axe.run(document, {
      resultTypes: ['violations'],
    });
    return found.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.html)
          .join(' ')
          .slice(0, 300)}`,
    );
  });
  assert.deepEqual(violations, [], page.url());
}

/** The same on a phone and on a desktop; a picture of each, under this name, when SHOTS names a folder. */
export async function soundAtBothWidths(page, name) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await sound(page);
    if (process.env.SHOTS) {
      await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true });
    }
  }
}

/** Walks while the reader's text is twice as large, and is told how each screen, by its name, is looked at. */
export async function inLargeText(page, walk) {
  const session = await page.context().newCDPSession(page);
  const set = (standard, fixed) => session.send('Page.setFontSizes', { fontSizes: { standard, fixed } });
  await set(32, 26);
  // No pictures: taking one brings the usual size back.
  await walk((name) => fits(page, name));
  await set(16, 13);
  await session.detach();
}

/** The page follows the size that the reader has chosen, and nothing is wider than the screen. */
async function fits(page, name) {
  const { size, shown, wide, cut } = await page.evaluate(() => {
    const over = [...document.querySelectorAll('main *')].filter((one) => {
      const box = one.getBoundingClientRect();
      const clip =
        getComputedStyle(one).clipPath !== 'none' || one.closest('.visually-hidden, [role=region]');
      return box.width > 0 && !clip && box.right > document.documentElement.clientWidth + 1;
    });
    return {
      size: getComputedStyle(document.body).fontSize,
      shown: document.documentElement.clientWidth,
      wide: document.documentElement.scrollWidth,
      cut: over.map((one) => `${Math.round(one.getBoundingClientRect().right)} px: ${one.outerHTML.slice(0, 120)}`),
    };
  });
  assert.equal(size, '32px', `${name} follows the size that the reader has chosen`);
  assert.deepEqual(cut, [], name);
  assert.ok(wide <= shown, `${name} is ${wide} px wide on ${shown}`);
}

/** Presses Tab until what has the focus is called so. */
export async function reach(page, name) {
  for (let steps = 0; steps < 60; steps += 1) {
    const focused = await page.evaluate(() => {
      const { activeElement: one } = document;
      if (!one?.matches('a, button, input, select, textarea, summary')) return '';
      return `${one?.id} ${one?.textContent} ${one?.labels?.[0]?.textContent}`.replace(/\s+/gu, ' ').trim();
    });
    if (name.test(focused)) {
      const seen = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none');
      assert.ok(seen, `${name} shows that it has the focus`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`${name} cannot be reached with the keyboard`);
}

export async function press(page, name, key = 'Enter') {
  await reach(page, name);
  await page.keyboard.press(key);
}

/** The coming Saturday in Paris, as a date field has it; never today. */
export function nextSaturday(now = new Date()) {
  const today = new Date(
    `${new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(now)}T00:00:00Z`,
  );
  const ahead = ((6 - today.getUTCDay() + 6) % 7) + 1;
  return new Date(today.getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
}

/** Fills the home page's form and sends it. */
export async function searchFor(
  page,
  { activity = 'Agent cynophile', typed = 'lyon', place = /Lyon/, date = nextSaturday() } = {},
) {
  await page.goto('/');
  await page.getByLabel('Activité').selectOption({ label: activity });
  await page.getByLabel('Lieu de la mission').fill('');
  await page.getByLabel('Lieu de la mission').pressSequentially(typed);
  await page.getByRole('option', { name: place }).first().click();
  await page.getByLabel('Date').fill(date);
  await page.getByLabel('De', { exact: true }).fill('20:00');
  await page.getByLabel('À', { exact: true }).fill('04:00');
  await page.getByRole('button', { name: 'Voir les prix' }).click();
  await page.waitForURL(/\/recherche\?/);
}
