// A mission that changes by agreement: a client proposes an hour less, the company agrees; it proposes in turn.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, soundAtBothWidths } from './browse.mjs';
import { accept, client, DEMO_PASSWORD, orderGuards, PASSWORD, signIn, state } from './people.mjs';
import { start } from './start.mjs';

const COMPANY = 'bastion@demo.monagentdesecu.fr';
const CLIENT = 'nadia@exemple.fr';

let world;
let browser;
let company;
let visitor;
let booking;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  company = await open(browser, world, 1280);
  visitor = await open(browser, world, 360);
  await signIn(visitor, await client(world, CLIENT), PASSWORD);
  await signIn(company, COMPANY, DEMO_PASSWORD);
  const day = nextSaturday();
  booking = await orderGuards(visitor, world, { start: `${day}T10:00`, end: `${day}T18:00` });
  await accept(company, world, booking);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const cents = (text) => Number(text.replace(/[^\d,]/g, '').replace(',', ''));

async function newest(to, subject) {
  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  const told = mails.filter((mail) => JSON.stringify(mail.to).includes(to));
  const found = told.find((mail) => mail.subject.includes(subject));
  assert.ok(found, told.map((mail) => mail.subject).join('\n'));
  return found;
}

test('a client proposes an hour less, after reading what it comes to', async () => {
  await visitor.goto(`/reservations/${booking.id}`);
  await state(visitor, 'accepted');
  await visitor.getByRole('button', { name: 'Modifier la mission…' }).click();
  await soundAtBothWidths(visitor, 'modification-form');

  // Longer costs more: said with what to do instead, and the form stays.
  await visitor.getByLabel('À', { exact: true }).fill('19:00');
  await visitor.getByRole('button', { name: 'Voir le prix' }).click();
  await visitor.getByText('commandez une autre mission auprès du même professionnel').waitFor();
  // The browser itself reports the refusal.
  visitor.wrong.length = 0;
  await soundAtBothWidths(visitor, 'modification-dearer');

  await visitor.getByLabel('À', { exact: true }).fill('17:00');
  await visitor.getByLabel('Message').fill('Le magasin ferme plus tôt.');
  await visitor.getByRole('button', { name: 'Voir le prix' }).click();
  const quote = visitor.getByTestId('modification-quote');
  await quote.getByText('Vous serait rendu').waitFor();
  await soundAtBothWidths(visitor, 'modification-quote');
  await visitor.getByRole('button', { name: 'Proposer cette modification' }).click();
  await visitor.getByTestId('modification').waitFor();
  await visitor.getByText('Vous proposez de modifier la mission').waitFor();
  await soundAtBothWidths(visitor, 'modification-proposed');
  await newest(COMPANY, 'Modification proposée');
});

test('the company agrees, the difference goes back to the card, and both see the versions', async () => {
  await company.goto(`/pro/commandes/${booking.id}`);
  await state(company, 'accepted');
  await company.getByText('Le magasin ferme plus tôt.').waitFor();
  await soundAtBothWidths(company, 'modification-asked');
  await company.getByRole('button', { name: 'Accepter la modification' }).click();
  await company.getByText('1 version précédente').waitFor();
  await soundAtBothWidths(company, 'modification-agreed');

  await world.post('/local/settle');
  const refunds = await world.get('/local/stripe/objects?kind=refund');
  assert.equal(refunds.length, 1);
  await visitor.reload();
  await state(visitor, 'accepted');
  const step = visitor.getByTestId('money').getByText('Différence de la modification rendue');
  const told = await step.textContent();
  assert.equal(cents(told.match(/[\d\s]+,\d\d/)[0]), refunds[0].amount);
  await soundAtBothWidths(visitor, 'modification-given-back');
  const mail = await newest(CLIENT, 'Mission modifiée');
  assert.match(mail.text, /Elle remplace/);
});

test('the company proposes another hour, and the client declines', async () => {
  await company.getByRole('button', { name: 'Modifier la mission…' }).click();
  await company.getByLabel('De', { exact: true }).fill('11:00');
  await company.getByLabel('À', { exact: true }).fill('18:00');
  await company.getByRole('button', { name: 'Voir le prix' }).click();
  await company.getByTestId('modification-quote').getByText('Vous recevriez').waitFor();
  await company.getByRole('button', { name: 'Proposer cette modification' }).click();
  await company.getByRole('button', { name: 'Retirer ma proposition' }).waitFor();

  await visitor.reload();
  await visitor.getByText('Le professionnel propose de modifier la mission').waitFor();
  await soundAtBothWidths(visitor, 'modification-to-answer');
  await visitor.getByRole('button', { name: 'Refuser, garder la mission' }).click();
  await visitor.getByTestId('modification').waitFor({ state: 'detached' });
  await newest(COMPANY, 'Modification refusée');
});
