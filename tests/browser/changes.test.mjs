// A client changes their mind, or the mission goes wrong: what is shown is what is given back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, sound } from './browse.mjs';
import {
  api,
  authorise,
  client,
  clockTo,
  DEMO_PASSWORD,
  later,
  mission,
  order,
  REX,
  signIn,
  signInAgain,
  signOperatorIn,
  signRexIn,
  state,
} from './people.mjs';
import { accepted, leave, stage } from './stage.mjs';

let here;
let world;
let browser;
let professional;

before(async () => {
  here = await stage();
  ({ world, browser, professional } = here);
});
after(() => leave(here));

const total = (booking) => booking.price.total;
const cents = (text) => Number(text.replace(/[^\d]/g, ''));

/** What Stripe gave back for a booking. */
async function refunded(page, booking) {
  await world.post('/local/settle');
  return (await api(page, world, 'GET', `/api/bookings/${booking.id}`)).money.refunded;
}

test('a request that nobody answered yet is cancelled for nothing', async () => {
  const email = await client(world, 'avant@exemple.fr');
  const page = await open(browser, world, 360);
  await signIn(page, email);
  const booking = await order(page, world, await mission(world, { weeks: 2 }));
  await authorise(page, world, booking);
  await page.goto(`/reservations/${booking.id}`);
  await page.getByRole('link', { name: 'Annuler la réservation' }).click();
  await page.getByText('Votre carte n’a pas été débitée').waitFor();
  assert.equal(await page.getByTestId('refund').count(), 0, 'nothing was debited, nothing is given back');
  await sound(page);
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await state(page, 'cancelled');
  await sound(page);
  await page.context().close();
});

test('cancelling gives back what was shown', async () => {
  const kind = { type: 'business', company: 'Festival des Docks', siren: '910000041' };
  const { page, booking } = await accepted(here, 'annule@exemple.fr', { weeks: 1, kind });
  await page.goto(`/reservations/${booking.id}`);
  await page.getByRole('link', { name: 'Annuler la réservation' }).click();
  const shown = cents(await page.getByTestId('refund').textContent());
  assert.equal(shown, total(booking), 'in time, everything');
  await sound(page);

  // The page stays open until half of it is kept: the change is shown before it is confirmed.
  await clockTo(world, booking.start, -24);
  await signInAgain(page, world, 'annule@exemple.fr');
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await page.getByText('Le remboursement a changé').waitFor();
  page.wrong.length = 0; // the refusal is an error status
  const now = cents(await page.getByTestId('refund').textContent());
  assert.ok(now < shown, `${now} < ${shown}`);
  await sound(page);
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await state(page, 'cancelled');
  assert.equal(await refunded(page, booking), now);
  await page.context().close();
});

test('a consumer withdraws from the booking, in two steps', async () => {
  const { page, booking } = await accepted(here, 'retracte@exemple.fr', { weeks: 4 });
  await page.goto(`/reservations/${booking.id}`);
  await page.getByRole('link', { name: 'renoncer au contrat ici', exact: true }).click();
  await page.getByLabel('Votre nom').waitFor();
  assert.equal(cents(await page.getByTestId('refund').textContent()), total(booking));
  await page.getByLabel('Votre nom').fill('Nadia Martin');
  await sound(page);
  await page.getByRole('button', { name: 'confirmer la rétractation', exact: true }).click();
  await state(page, 'withdrawn');
  await sound(page);
  assert.equal(await refunded(page, booking), total(booking));
  await page.context().close();
});

test('a consumer withdraws without signing in', async () => {
  const { page: signedIn, booking } = await accepted(here, 'sans-compte@exemple.fr', { weeks: 5 });
  await signedIn.context().close();
  const page = await open(browser, world, 360);
  await page.goto('/retractation');
  await page.getByRole('button', { name: 'renoncer au contrat ici', exact: true }).click();
  await page.getByText('Indiquez le numéro de la réservation.').waitFor();
  await page.getByLabel('Votre nom').fill('Nadia Martin');
  await page.getByLabel('Numéro de la réservation').fill('MAS-2026-00000000');
  await page.getByLabel(/Adresse électronique/).fill('sans-compte@exemple.fr');
  await page.getByRole('button', { name: 'renoncer au contrat ici', exact: true }).click();
  await page.getByRole('alert').waitFor();
  page.wrong.length = 0; // the refusal is an error status
  await page.getByLabel('Numéro de la réservation').fill(booking.reference.toLowerCase());
  await page.getByRole('button', { name: 'renoncer au contrat ici', exact: true }).click();
  await page.getByText('Le contrat auquel vous renoncez').waitFor();
  await sound(page);
  await page.getByRole('button', { name: 'confirmer la rétractation', exact: true }).click();
  await page.getByText('Votre rétractation est enregistrée').waitFor();
  await sound(page);
  await page.context().close();
});

test('a claim stops the money, and an accepted proposal shares it', async () => {
  const email = 'reclame@exemple.fr';
  const { page, booking } = await accepted(here, email, { weeks: 1 });
  await clockTo(world, booking.end, 2);
  await signInAgain(page, world, email);
  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'completed');
  await page.getByRole('link', { name: 'Ouvrir une réclamation' }).click();
  await page.getByRole('button', { name: 'Ouvrir la réclamation' }).click();
  await page.getByText('Dites ce qui ne va pas.').waitFor();
  await page.getByLabel('Les agents sont arrivés en retard').check();
  await page.getByLabel('Les faits').fill('L’agent est arrivé à 22 h, le portail est resté ouvert.');
  await sound(page);
  await page.reload();
  assert.match(await page.getByLabel('Les faits').inputValue(), /le portail est resté ouvert/);
  await page.getByRole('button', { name: 'Ouvrir la réclamation' }).click();
  await state(page, 'under_claim');
  await sound(page);

  await signRexIn(professional, world);
  await api(professional, world, 'POST', `/api/bookings/${booking.id}/claim/proposal`, {
    percent: 30,
    message: 'Je reconnais le retard.',
  });
  await page.getByRole('link', { name: 'Suivre la réclamation' }).click();
  await page.waitForURL(/\/reclamation$/);
  await page.reload();
  await page.getByText('Je reconnais le retard.').waitFor();
  await sound(page);

  // The client asks for more, the professional says the same again, and the client agrees.
  await page.getByLabel('À vous rembourser').selectOption('50');
  await page.getByRole('button', { name: 'Proposer' }).click();
  await page.getByText('Vous proposez un remboursement').waitFor();
  await api(professional, world, 'POST', `/api/bookings/${booking.id}/claim/proposal`, {
    percent: 30,
    message: 'Je ne peux pas faire plus.',
  });
  await page.reload();
  await page.getByRole('button', { name: /^Accepter/ }).click();
  await page.getByRole('dialog').waitFor();
  await sound(page);
  await page.getByRole('button', { name: 'Confirmer l’accord' }).click();
  await state(page, 'settled');
  await sound(page);
  const back = await refunded(page, booking);
  assert.ok(Math.abs(back - total(booking) * 0.3) <= 1, `${back} of ${total(booking)}`);
  await page.context().close();
});

test('what was done is invoiced, and the invoices open', async () => {
  const email = 'facture@exemple.fr';
  const { page, booking } = await accepted(here, email);
  await clockTo(world, booking.end, 2);
  await signInAgain(page, world, email);
  await api(page, world, 'POST', `/api/bookings/${booking.id}/validate`);
  await world.post('/local/settle');
  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'validated');
  const pdf = page.getByRole('button', { name: /^Facture .* en PDF$/ });
  await pdf.first().waitFor();
  assert.equal(await pdf.count(), 2, 'the mission and the service fee');
  // On a phone they are in sight, not behind the edge of a table.
  await page.setViewportSize({ width: 360, height: 800 });
  const { x, width } = await pdf.first().boundingBox();
  assert.ok(x >= 0 && x + width <= 360, `${x} + ${width}`);
  await sound(page);
  const [tab] = await Promise.all([page.context().waitForEvent('page'), pdf.first().click()]);
  await tab.close();
  await page.context().close();
});

test('pages name the fees, the nights and the delays that the operator has put in force', async () => {
  const operator = await open(browser, world);
  await signOperatorIn(operator, world);
  const { now } = await world.get('/local/clock');
  const from = later(now.slice(0, 10), 3);
  for (const [part, form] of [
    ['commission', { rate: '10,5', minimum: '6' }],
    ['heures', { night_from: '22', night_until: '5' }],
    [
      'delais',
      {
        validation: '96',
        validation_first: '24',
        validation_last: '48',
        answer_first: '24',
        answer_last: '6',
        mission: '48',
        review: '168',
      },
    ],
  ]) {
    const answer = await operator.request.post(`${world.site}/admin/reglages/${part}`, {
      form: { ...form, from },
      headers: { origin: world.site },
    });
    assert.ok(answer.ok(), `${part}: ${answer.status()} ${await answer.text()}`);
  }
  const page = await open(browser, world, 360);
  await page.goto('/fonctionnement');
  await page.getByText('12 % TTC du prix du professionnel, 5,00 € au minimum').waitFor();
  await clockTo(world, `${from}T12:00:00Z`);
  await page.reload();
  for (const said of [
    '10,5 % TTC du prix du professionnel, 6,00 € au minimum',
    'de 22 h à 5 h',
    '96 heures après la fin',
  ])
    await page.getByText(said).waitFor();
  await sound(page);
  await signIn(page, REX, DEMO_PASSWORD);
  await page.goto('/pro/offres/nouvelle');
  await page.getByText('Nuit : de 22 h à 5 h.').waitFor();
  await page.context().close();
  await operator.context().close();
});
