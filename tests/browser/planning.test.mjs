// A dispatcher's Monday: the week and the month, with the mouse, with the keys, and on a phone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { launch, nextSaturday, open, sound, soundAtBothWidths } from './browse.mjs';
import { api, client, DEMO_PASSWORD, later, orderGuards, PASSWORD, signIn } from './people.mjs';
import { start } from './start.mjs';

const COMPANY = 'bastion@demo.monagentdesecu.fr';
const CLIENT = 'nadia@exemple.fr';
const saturday = nextSaturday();

let world;
let browser;
let page;
let visitor;
let day;
let night;
/** The three guards, as the company sees them for the night. */
let guards;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world, 1280);
  visitor = await open(browser, world);
  await signIn(visitor, await client(world, CLIENT), PASSWORD);
  await signIn(page, COMPANY, DEMO_PASSWORD);
  day = await orderGuards(visitor, world, { start: `${saturday}T10:00`, end: `${saturday}T18:00` });
  night = await orderGuards(visitor, world, {
    start: `${saturday}T20:00`,
    end: `${later(saturday, 1)}T04:00`,
  });
  guards = (await staffing(day)).agents;
  assert.equal(guards.length, 3);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const staffing = (booking) => api(page, world, 'GET', `/api/bookings/${booking.id}/staffing`);

async function accept(booking, agent) {
  await api(page, world, 'POST', `/api/bookings/${booking.id}/accept`, { advice: null, agents: [agent] });
  await world.post('/local/settle');
}

async function goes(booking) {
  const { agents } = await staffing(booking);
  return agents.filter((one) => one.sent).map((one) => one.name);
}

const row = ({ agent }) => page.locator(`[data-agent="${agent}"]`);
const shiftOf = (guard, hours) => row(guard).getByRole('button', { name: hours });

async function openWeek() {
  await page.goto(`/pro/planning?jour=${saturday}`);
  await page.getByTestId('planning').waitFor();
}

test('requests wait above the week, and lead to their answer', async () => {
  await openWeek();
  const waiting = page.getByTestId('to-answer').getByRole('listitem');
  assert.equal(await waiting.count(), 2);
  await soundAtBothWidths(page, 'planning-requests');
  await page.setViewportSize({ width: 1280, height: 800 });
  await waiting
    .first()
    .getByRole('link', { name: /^Répondre/ })
    .click();
  await page.waitForURL(`/pro/demandes/${day.id}`);
  await accept(day, guards[0].agent);
  await accept(night, guards[1].agent);
});

test('a shift dropped on somebody without rest is refused there, with the reason', async () => {
  await openWeek();
  assert.equal(await page.getByTestId('to-answer').count(), 0);
  const hours = await row(guards[1]).getByRole('rowheader').textContent();
  assert.match(hours, /8\s+h sur 48\s+h/u);
  await shiftOf(guards[1], /^20\s+h – 4\s+h/u).dragTo(row(guards[0]).getByRole('rowheader'));
  const said = page.getByTestId('dropped');
  await said.getByText(`${guards[0].name} ne peut pas y aller`).waitFor();
  assert.match(await said.textContent(), /11\s+h de repos\s+: reprise possible/u);
  await sound(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/planning-refused.png` });
  await said.getByRole('button', { name: 'Fermer' }).click();
  assert.deepEqual(await goes(night), [guards[1].name]);
});

test('the same shift dropped on somebody rested is asked once more, then theirs', async () => {
  await shiftOf(guards[1], /^20\s+h – 4\s+h/u).dragTo(row(guards[2]).getByRole('rowheader'));
  const said = page.getByTestId('dropped');
  await said.getByText(`${guards[2].name} remplace ${guards[1].name}`).waitFor();
  assert.deepEqual(await goes(night), [guards[1].name], 'nothing before it is confirmed');
  await said.getByRole('button', { name: 'Confirmer le remplacement' }).click();
  await page.getByText(`${guards[2].name} remplace ${guards[1].name} : le client en est prévenu.`).waitFor();
  await shiftOf(guards[2], /^20\s+h – 4\s+h/u).waitFor();
  assert.deepEqual(await goes(night), [guards[2].name]);
});

test('with the keys alone it goes back', async () => {
  await openWeek();
  await shiftOf(guards[2], /^20\s+h – 4\s+h/u).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Remplacer ${guards[2].name}` });
  await dialog.getByRole('radio').first().waitFor();
  // Who has no rest is not among those who may be chosen, and the reason is there to read.
  assert.deepEqual(await dialog.getByRole('radio').evaluateAll((all) => all.map((one) => one.value)), [
    guards[1].agent,
  ]);
  assert.match(await dialog.getByTestId('may-not-go').textContent(), /11\s+h de repos/u);
  await sound(page);
  for (let step = 0; step < 12; step += 1) {
    const on = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (on.includes('Confirmer le remplacement')) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await shiftOf(guards[1], /^20\s+h – 4\s+h/u).waitFor();
  assert.deepEqual(await goes(night), [guards[1].name]);
});

test('a guard who is ill is drawn away, and the shift comes first until it is given', async () => {
  await page.getByRole('button', { name: `Absence : ${guards[1].name}` }).click();
  await page.getByLabel('Premier jour').fill(saturday);
  await page.getByLabel('Dernier jour, inclus').fill(saturday);
  await page.getByRole('button', { name: 'Noter l’absence' }).click();
  await page.getByTestId('to-give').getByText(`${guards[1].name} : absence`).waitFor();
  await row(guards[1]).getByText('Maladie').waitFor();
  await page.getByTestId('absences').getByText(`${guards[1].name} : maladie`).waitFor();
  await soundAtBothWidths(page, 'planning-to-give');

  // On the phone the list has the same way to choose.
  await page.setViewportSize({ width: 360, height: 800 });
  await page
    .getByTestId('to-give')
    .getByRole('button', { name: /^Choisir qui y va/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Confirmer le remplacement' }).waitFor();
  await sound(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/planning-choose-360.png` });
  await dialog.getByRole('button', { name: 'Confirmer le remplacement' }).click();
  await page.getByText(`${guards[2].name} remplace ${guards[1].name}`).waitFor();
  assert.equal(await page.getByTestId('to-give').count(), 0);
});

test('the month has the same shifts, each in reach, and turning keeps the place', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'Mois', exact: true }).click();
  await page.waitForURL(/vue=mois/);
  await row(guards[2])
    .getByRole('button', { name: /20\s+h – 4\s+h/u })
    .waitFor();
  await soundAtBothWidths(page, 'planning-month');
  await page.setViewportSize({ width: 1280, height: 800 });
  const next = page.getByRole('link', { name: 'Mois suivant' });
  await next.focus();
  await page.keyboard.press('Enter');
  const month = later(`${saturday.slice(0, 7)}-01`, 31).slice(0, 7);
  await page.waitForURL((address) => address.searchParams.get('jour') === `${month}-01`);
  await page.getByTestId('planning').waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement?.textContent?.trim()),
    'Mois suivant',
    'the focus stays on what turns the month',
  );
});

/** As CloudFront compresses what it has never sent before. */
const compressed = (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });

test('the page’s script stays under 60 kB compressed', async () => {
  const fresh = await open(browser, world, 360);
  await signIn(fresh, COMPANY, DEMO_PASSWORD);
  const addresses = new Set();
  const bodies = [];
  fresh.on('response', (answer) => {
    const address = answer.url();
    if (answer.request().resourceType() !== 'script' || addresses.has(address)) return;
    addresses.add(address);
    bodies.push(answer.body());
  });
  await fresh.goto(`/pro/planning?jour=${saturday}`);
  await fresh.getByTestId('planning').waitFor();
  const sizes = (await Promise.all(bodies)).map((body) => compressed(body).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total > 10_000, `${total} bytes: nothing was counted`);
  assert.ok(total < 60_000, `${total} bytes in ${sizes.length} scripts`);
  await fresh.context().close();
});
