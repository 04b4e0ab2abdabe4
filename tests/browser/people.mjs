// What the people of the tests do: open accounts, order, pay, answer.

import assert from 'node:assert/strict';
import { nextSaturday } from './browse.mjs';

export const PASSWORD = 'Correct-Cheval-9';
export const DEMO_PASSWORD = 'Demo-Secret-2026';
export const REX = 'rex@demo.monagentdesecu.fr';

/** Calls the API with the cookies of a page. */
export async function api(page, world, method, address, body = {}) {
  const answer = await page.request.fetch(world.site + address, {
    method,
    headers: { origin: world.site },
    ...(method === 'GET' ? {} : { data: body }),
  });
  assert.ok(answer.ok(), `${method} ${address}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/** A client with a confirmed address. */
export async function client(world, email, kind = { type: 'consumer' }) {
  await world.post('/api/accounts', {
    email,
    password: PASSWORD,
    accepts_terms: true,
    profile: {
      kind,
      first_name: 'Nadia',
      last_name: 'Martin',
      phone: '06 12 34 56 78',
    },
  });
  const link = new URL(await world.link(email, '/verifier-adresse'));
  await world.post('/api/accounts/verify-email', {
    token: link.searchParams.get('jeton'),
  });
  return email;
}

/** Signs in on the page itself, as a person does, and waits for what comes next. */
export async function signIn(page, email, password = PASSWORD, { at = '/connexion' } = {}) {
  await page.goto(at);
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((address) => address.pathname !== '/connexion');
}

/** A mission on the coming Saturday night, or weeks later, with the demonstration's dog handler. */
export async function mission(world, { weeks = 0, department = 'Lyon (69)' } = {}) {
  const { now } = await world.get('/local/clock');
  const evening = later(nextSaturday(new Date(now)), weeks * 7);
  const query = new URLSearchParams({
    activity: 'dog_handling',
    place: department,
    start: `${evening}T20:00`,
    end: `${later(evening, 1)}T04:00`,
  });
  const found = await world.get(`/api/search?${query}`);
  assert.ok(found.results.length > 0, 'the demonstration has an offer');
  return {
    offer: found.results[0].offer,
    start: found.mission.start,
    end: found.mission.end,
    agents: 1,
    postal_code: '69003',
  };
}

/** Orders it through the API, for tests about what comes after. */
export async function order(page, world, wanted) {
  const quote = await world.post('/api/quotes', wanted);
  return api(page, world, 'POST', '/api/bookings', {
    mission: wanted,
    address: '12 rue de la République',
    town: 'Lyon',
    context: {
      site: 'Chantier',
      public_road: false,
      public_expected: false,
      risks: '',
      instructions: '',
    },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
}

/** Pays without a browser. */
export async function authorise(page, world, booking) {
  const { session } = await api(page, world, 'POST', `/api/bookings/${booking.id}/checkout`);
  await world.post('/local/stripe/pay', { session, card: '4242424242424242' });
  await world.post('/local/settle');
}

/** Fills the payment page. */
export async function pay(page, card) {
  await page.getByLabel('Numéro de carte').fill(card);
  await page.getByLabel(/Expiration/).fill('12/34');
  await page.getByLabel(/^Code/).fill('123');
  await page.getByLabel('Nom du titulaire').fill('Nadia Martin');
  await page.getByRole('button', { name: /^Payer/ }).click();
}

/** The professional answers. */
export async function accept(professional, world, booking) {
  await api(professional, world, 'POST', `/api/bookings/${booking.id}/accept`, {
    advice: 'Un agent et son chien suffisent pour ce site.',
  });
  await world.post('/local/settle');
}

/** Moves the clock forward to so many hours after a moment. */
export async function clockTo(world, moment, hours = 0) {
  const now = new Date(Date.parse(moment) + hours * 3_600_000).toISOString();
  await world.post('/local/clock', { now });
  await world.post('/local/settle');
}

/** Days after a date. */
export function later(date, days) {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Signs the operator in with both factors, in this page's cookies. */
export async function signOperatorIn(page, world) {
  const { email, password, code } = await world.get('/local/operator');
  for (const [address, form] of [
    ['/admin/connexion', { email, password }],
    ['/admin/connexion/code', { code }],
  ]) {
    const answer = await page.request.post(world.site + address, {
      form,
      headers: { origin: world.site },
    });
    assert.ok(answer.ok(), `${address}: ${answer.status()}`);
  }
}
