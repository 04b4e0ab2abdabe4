// A client signs up, pays on Stripe's page and follows the money until the professional is paid.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, sound } from './browse.mjs';
import { start } from './start.mjs';

const PASSWORD = 'Correct-Cheval-9';
const EMAIL = 'nadia@exemple.fr';

let world;
let browser;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** Calls the API with the cookies of a page. */
async function api(page, method, address, body = {}) {
  const answer = await page.request.fetch(world.site + address, {
    method,
    headers: { origin: world.site },
    ...(method === 'GET' ? {} : { data: body }),
  });
  assert.ok(answer.ok(), `${method} ${address}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

async function signUp() {
  await world.post('/api/accounts', {
    email: EMAIL,
    password: PASSWORD,
    accepts_terms: true,
    profile: {
      kind: { type: 'consumer' },
      first_name: 'Nadia',
      last_name: 'Martin',
      phone: '06 12 34 56 78',
    },
  });
}

async function order(page) {
  const evening = nextSaturday();
  const morning = new Date(Date.parse(evening) + 86_400_000).toISOString().slice(0, 10);
  const query = new URLSearchParams({
    activity: 'dog_handling',
    place: 'Lyon (69)',
    start: `${evening}T20:00`,
    end: `${morning}T04:00`,
  });
  const found = await world.get(`/api/search?${query}`);
  const mission = {
    offer: found.results[0].offer,
    start: found.mission.start,
    end: found.mission.end,
    agents: 1,
    postal_code: '69003',
  };
  const quote = await world.post('/api/quotes', mission);
  assert.equal(quote.total, found.results[0].total, 'a result shows the total that is ordered');
  return api(page, 'POST', '/api/bookings', {
    mission,
    address: '12 rue de la République',
    town: 'Lyon',
    context: { site: 'Chantier', public_road: false, public_expected: false, risks: '', instructions: '' },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
}

async function pay(page, card) {
  await page.getByLabel('Numéro de carte').fill(card);
  await page.getByLabel(/Expiration/).fill('12/34');
  await page.getByLabel(/^Code/).fill('123');
  await page.getByLabel('Nom du titulaire').fill('Nadia Martin');
  await page.getByRole('button', { name: /^Payer/ }).click();
}

const state = (page, name) => page.locator(`[data-testid=state][data-state=${name}]`).waitFor();
const done = (page) => page.getByTestId('money').getByText(' : fait').count();

test('from the first mail to the professional being paid', async () => {
  const page = await open(browser, world, 360);
  await signUp();

  // The mail's link changes nothing by itself.
  const link = await world.link(EMAIL, '/verifier-adresse');
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
  await page.getByText('Votre adresse est confirmée').waitFor();
  await page.getByRole('link', { name: 'Se connecter' }).last().click();

  await page.getByLabel('Adresse électronique').fill(EMAIL);
  await page.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor();

  const booking = await order(page);
  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'awaiting_payment');
  assert.equal(await done(page), 0);
  await sound(page);

  // A refused card, then a good one.
  await page.getByRole('button', { name: 'Aller au paiement' }).click();
  await page.getByLabel('Numéro de carte').waitFor();
  await pay(page, '4000 0000 0000 9995');
  await page.getByRole('alert').waitFor();
  page.wrong.length = 0; // the stand-in's page answers a decline with an error status
  await pay(page, '4242 4242 4242 4242');
  await page.waitForURL(/\/reservations\/.*paiement=ok/);
  await state(page, 'requested');
  assert.equal(await done(page), 1);
  await sound(page);

  const professional = await open(browser, world);
  await api(professional, 'POST', '/api/session', {
    email: 'rex@demo.monagentdesecu.fr',
    password: 'Demo-Secret-2026',
  });
  await api(professional, 'POST', `/api/bookings/${booking.id}/accept`, {
    advice: 'Un agent et son chien suffisent pour ce site.',
  });
  await world.post('/local/settle');
  await page.reload();
  await state(page, 'accepted');
  assert.equal(await done(page), 3);

  // After the mission everything follows from the clock: 72 h of silence validate it.
  const later = new Date(Date.parse(booking.end) + 80 * 3_600_000).toISOString();
  await world.post('/local/clock', { now: later });
  await world.post('/local/settle');
  await page.reload();
  await state(page, 'validated');
  assert.equal(await done(page), 4);
  await page.context().close();
  await professional.context().close();
});

test('a stranger is asked to sign in, and comes back to the booking', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/reservations/bkg_01KDEM0DEM0DEM0DEM0DEM9999?paiement=ok');
  await page.getByText('Connectez-vous pour voir cette réservation.').waitFor();
  const way = await page.getByRole('main').getByRole('link', { name: 'Se connecter' }).getAttribute('href');
  assert.equal(way, '/connexion?suite=%2Freservations%2Fbkg_01KDEM0DEM0DEM0DEM0DEM9999%3Fpaiement%3Dok');
  page.wrong.length = 0; // the browser itself reports each 401
  await sound(page);
  await page.context().close();
});
