// A dispatcher's Monday, in small: a request for two guards, one of whom falls ill.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, soundAtBothWidths } from './browse.mjs';
import { api, client, DEMO_PASSWORD, orderGuards, PASSWORD, signIn, state } from './people.mjs';
import { start } from './start.mjs';

const COMPANY = 'bastion@demo.monagentdesecu.fr';
const CLIENT = 'nadia@exemple.fr';

let world;
let browser;
let page;
let visitor;
let booking;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world, 1280);
  visitor = await open(browser, world);
  await signIn(visitor, await client(world, CLIENT), PASSWORD);
  await signIn(page, COMPANY, DEMO_PASSWORD);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const staffing = () => api(page, world, 'GET', `/api/bookings/${booking.id}/staffing`);

test('the proposal is ticked on the accepting page, and may be changed', async () => {
  const day = nextSaturday();
  booking = await orderGuards(visitor, world, { start: `${day}T10:00`, end: `${day}T18:00` });
  await page.goto(`/pro/demandes/${booking.id}`);
  await state(page, 'requested');
  const boxes = page.getByRole('checkbox');
  await boxes.first().waitFor();
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 1);
  await soundAtBothWidths(page, 'staffing-proposal');

  // Nobody ticked: said beside the boxes, and nothing is accepted.
  await page.getByRole('checkbox', { checked: true }).uncheck();
  await page.getByRole('button', { name: 'Accepter la mission' }).click();
  await page.getByText('Cochez 1').waitFor();
  await soundAtBothWidths(page, 'staffing-nobody');

  await boxes.nth(1).check();
  const chosen = await boxes.nth(1).getAttribute('value');
  await page.getByRole('button', { name: 'Accepter la mission' }).click();
  await state(page, 'accepted');
  const sent = (await staffing()).agents.filter((one) => one.sent).map((one) => one.agent);
  assert.deepEqual(sent, [chosen]);
  await page.getByTestId('team').waitFor();
  await soundAtBothWidths(page, 'staffing-team');
});

test('a guard who is ill turns the mission to be given, and one action replaces them', async () => {
  const sick = (await staffing()).agents.find((one) => one.sent);
  const day = booking.start.slice(0, 10);
  await page.goto(`/pro/planning?jour=${day}`);
  await page.getByTestId('planning').waitFor();
  await page.getByRole('button', { name: `Absence : ${sick.name}` }).click();
  await page.getByLabel('Premier jour').fill(day);
  await page.getByLabel('Dernier jour, inclus').fill(day);
  await page.getByRole('button', { name: 'Noter l’absence' }).click();
  await page.getByTestId('to-give').getByText(`${sick.name} : absence`).waitFor();

  await page.getByTestId('to-give').getByRole('link').first().click();
  await state(page, 'accepted');
  await page.getByRole('button', { name: `Remplacer ${sick.name}` }).click();
  await page.getByRole('button', { name: 'Confirmer le remplacement' }).waitFor();
  await soundAtBothWidths(page, 'staffing-replace');
  await page.getByRole('button', { name: 'Confirmer le remplacement' }).click();
  await page.getByText(`remplace ${sick.name}`).waitFor();
  await soundAtBothWidths(page, 'staffing-replaced');
  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  const told = mails.filter((mail) => JSON.stringify(mail.to).includes(CLIENT));
  const last = told.find((mail) => mail.subject.includes('à la place'));
  assert.ok(last, told.map((mail) => mail.subject).join('\n'));
  assert.match(last.text, /CAR-013-/);

  await page.goto(`/pro/planning?jour=${day}`);
  await page.getByTestId('planning').waitFor();
  assert.equal(await page.getByTestId('to-give').count(), 0);
});
