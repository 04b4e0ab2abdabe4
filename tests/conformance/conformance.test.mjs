// Every kind of call that the product makes to Stripe, and every answer of the stand-in, held against
// Stripe's own description of its API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../browser/start.mjs';
import { check } from './shapes.mjs';
import { stripeDocument } from './stripe-document.mjs';

const PASSWORD = 'Demo-Secret-2026';
const DAY = 24 * 3600;

// Where Stripe's guides and its own document differ, the guides are followed.
const KNOWN = [
  // The guides create a bank account from a dictionary; the document knows a token there.
  'POST /v1/accounts/{account}/external_accounts form: /external_account must be string',
];

let world;

before(async () => {
  world = await start();
});
after(() => world?.stop());

/** Somebody who is signed in. */
async function person(email) {
  const answer = await fetch(`${world.site}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.site },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  assert.equal(answer.status, 200, email);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return async (method, address, body) => {
    const answer = await fetch(world.site + address, {
      method,
      headers: { 'content-type': 'application/json', origin: world.site, cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${address}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

const client = () => person('camille@demo.monagentdesecu.fr');
const professional = () => person('vigie@demo.monagentdesecu.fr');

/** A mission some days on, ordered, paid for and accepted. Answers the booking and the mission's end. */
async function accepted(days) {
  const { now } = await world.get('/local/clock');
  const hour = Math.floor(Date.parse(now) / 3_600_000) * 3600 + days * DAY;
  const moment = (seconds) => new Date(seconds * 1000).toISOString();
  const [begins, ends] = [moment(hour), moment(hour + 5 * 3600)];
  const query = new URLSearchParams({
    activity: 'human_surveillance',
    place: '44000',
    start: begins,
    end: ends,
    agents: '1',
  });
  const { results } = await world.get(`/api/search?${query}`);
  const { offer } = results.find(({ name }) => name.startsWith('Vigie'));
  const mission = { offer, start: begins, end: ends, agents: 1, postal_code: '44000' };
  const quote = await world.post('/api/quotes', mission);
  const ask = await client();
  const { id } = await ask('POST', '/api/bookings', {
    mission,
    address: '1 rue Crébillon',
    town: 'Nantes',
    context: { site: 'Magasin', public_road: false, public_expected: true },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
  const { session } = await ask('POST', `/api/bookings/${id}/checkout`, {});
  await world.post('/local/stripe/pay', { session, card: '4242424242424242' });
  await world.post('/local/settle');
  await (await professional())('POST', `/api/bookings/${id}/accept`, {});
  await world.post('/local/settle');
  return { id, ends };
}

/** Every path of a payment: paid out and taken back, refunded, released, and the page closed. */
async function liveThroughEverything() {
  const given = await accepted(12);
  let ask = await client();
  const shown = await ask('GET', `/api/bookings/${given.id}`);
  await ask('POST', `/api/bookings/${given.id}/cancel`, { refund: shown.cancellation.refund });
  const iban = { password: PASSWORD, iban: 'FR1420041010050500013M02606', holder: 'Vigie' };
  await (await professional())('PUT', '/api/professional/iban', iban);

  const paid = await accepted(6);
  await world.post('/local/clock', { now: new Date(Date.parse(paid.ends) + 7_200_000).toISOString() });
  ask = await client();
  await ask('POST', `/api/bookings/${paid.id}/validate`, {});
  await world.post('/local/settle');
  const [intent] = await world.get('/local/stripe/objects?kind=payment_intent');
  await world.post(`/local/stripe/charges/${intent.id}/dispute`, { reason: 'fraudulent' });
  await world.post('/local/settle');
  const [dispute] = await world.get('/local/stripe/objects?kind=dispute');
  await world.post(`/local/stripe/disputes/${dispute.id}/close`, { outcome: 'won' });
  await world.post('/local/settle');
  await lookAtTheOverview();
}

/** The operator's overview asks Stripe which of its webhooks did not arrive. */
async function lookAtTheOverview() {
  const { email, password, code } = await world.get('/local/operator');
  const cookies = new Map();
  const send = async (address, form) => {
    const answer = await fetch(world.site + address, {
      method: form ? 'POST' : 'GET',
      headers: { origin: world.site, cookie: [...cookies].map((one) => one.join('=')).join('; ') },
      redirect: 'manual',
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
      cookies.set(name, value);
    }
    return answer;
  };
  await send('/admin/connexion', { email, password });
  await send('/admin/connexion/code', { code });
  const overview = await send('/admin');
  assert.equal(overview.status, 200);
}

test('what is asked of Stripe, and what the stand-in answers, have the shapes that Stripe describes', async () => {
  await liveThroughEverything();
  const exchanges = await world.get('/local/stripe/exchanges');
  const calls = new Set(
    exchanges.map(({ method, path }) => `${method} ${path.replace(/[a-z]+_[A-Za-z0-9_]{14,}/g, '*')}`),
  );
  for (const call of [
    'POST /v1/checkout/sessions',
    'GET /v1/payment_intents/*',
    'POST /v1/payment_intents/*/capture',
    'POST /v1/refunds',
    'POST /v1/transfers',
    'POST /v1/transfers/*/reversals',
    'GET /v1/disputes',
    'POST /v2/core/account_links',
    'GET /v1/events',
  ]) {
    assert.ok(calls.has(call), `${call} was never made: ${[...calls].join(', ')}`);
  }
  assert.deepEqual(check(exchanges, stripeDocument()), KNOWN);
});

test('a call or an answer of another shape is noticed', async () => {
  const [known] = (await world.get('/local/stripe/exchanges')).filter(
    ({ method, path }) => method === 'POST' && path === '/v1/transfers',
  );
  const document = stripeDocument();
  const asked = { ...known, asked: { ...known.asked, colour: 'red' } };
  const answered = { ...known, answer: { ...known.answer, amount: 'much' } };
  assert.deepEqual(check([known], document), []);
  assert.equal(check([asked], document).length, 1);
  assert.equal(check([answered], document).length, 1);
});
