// Stripe's own SDK drives the stand-in through the whole life of a payment, and signs events that the
// product takes or refuses.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';
import { start } from '../browser/start.mjs';

let world;
let stripe;

/** The SDK, with a secret key, on the stand-in instead of on Stripe. */
function sdk(key) {
  const { hostname, port } = new URL(world.site);
  return new Stripe(key, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    apiVersion: '2026-04-22.dahlia',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

before(async () => {
  world = await start();
  stripe = sdk('sk_test_local');
});
after(() => world?.stop());

const once = (idempotencyKey) => ({ idempotencyKey });

/** A card authorised for 100 €, through a payment page. */
async function authorised(group) {
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    payment_method_types: ['card'],
    customer_email: 'sdk@exemple.fr',
    success_url: 'https://exemple.fr/ok',
    cancel_url: 'https://exemple.fr/non',
    line_items: [
      { quantity: 1, price_data: { currency: 'eur', unit_amount: 10_000, product_data: { name: 'Mission' } } },
    ],
    payment_intent_data: { capture_method: 'manual', transfer_group: group },
  });
  await world.post('/local/stripe/pay', { session: session.id, card: '4242424242424242' });
  const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session.id);
  return stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] });
}

/** An account that answered Stripe's questions. */
async function account() {
  const made = await stripe.v2.core.accounts.create({
    contact_email: 'agent@exemple.fr',
    display_name: 'Vigie',
    identity: { country: 'fr' },
    dashboard: 'none',
    configuration: {
      recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } },
    },
    defaults: { responsibilities: { fees_collector: 'application', losses_collector: 'application' } },
  });
  const link = await stripe.v2.core.accountLinks.create({
    account: made.id,
    use_case: {
      type: 'account_onboarding',
      account_onboarding: {
        configurations: ['recipient'],
        return_url: 'https://exemple.fr/retour',
        refresh_url: 'https://exemple.fr/encore',
      },
    },
  });
  const sent = await fetch(link.url, { method: 'POST', redirect: 'manual' });
  assert.equal(sent.headers.get('location'), 'https://exemple.fr/retour');
  const read = await stripe.v2.core.accounts.retrieve(made.id, { include: ['configuration.recipient'] });
  assert.equal(read.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status, 'active');
  return made.id;
}

test('a payment is captured, paid out, taken back and refunded', async () => {
  const intent = await authorised('sdk_1');
  assert.equal(intent.status, 'requires_capture');
  assert.ok(intent.latest_charge.payment_method_details.card.capture_before > Date.now() / 1000);
  const captured = await stripe.paymentIntents.capture(intent.id, {}, once('sdk:capture:1'));
  assert.equal(captured.status, 'succeeded');

  const destination = await account();
  const asked = { amount: 8_000, currency: 'eur', destination, transfer_group: 'sdk_1' };
  const withSource = { ...asked, source_transaction: intent.latest_charge.id };
  const transfer = await stripe.transfers.create(withSource, once('sdk:transfer:1'));
  const again = await stripe.transfers.create(withSource, once('sdk:transfer:1'));
  assert.equal(again.id, transfer.id);
  await assert.rejects(
    stripe.transfers.create({ ...withSource, amount: 1 }, once('sdk:transfer:1')),
    Stripe.errors.StripeIdempotencyError,
  );
  const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 8_000 });
  assert.equal(reversal.amount, 8_000);
  const { data } = await stripe.transfers.list({ transfer_group: 'sdk_1' });
  assert.deepEqual(
    data.map(({ id, amount_reversed }) => [id, amount_reversed]),
    [[transfer.id, 8_000]],
  );

  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 2_500 });
  assert.deepEqual([refund.amount, refund.status], [2_500, 'succeeded']);
  const refunds = await stripe.refunds.list({ payment_intent: intent.id });
  assert.equal(refunds.data.length, 1);
});

test('a part of an authorisation is captured, and the rest is never debited', async () => {
  const intent = await authorised('sdk_4');
  await assert.rejects(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 10_001 }), {
    code: 'amount_too_large',
  });
  const part = { amount_to_capture: 6_000 };
  const captured = await stripe.paymentIntents.capture(intent.id, part, once('sdk:part:1'));
  const again = await stripe.paymentIntents.capture(intent.id, part, once('sdk:part:1'));
  assert.deepEqual([captured.status, captured.amount_received, again.id], ['succeeded', 6_000, intent.id]);
  assert.equal(captured.amount_capturable, 0);
  // Two missions of one payment: each transfer and refund carries the name of its own.
  const destination = await account();
  for (const [booking, amount] of [
    ['bkg_1', 2_000],
    ['bkg_2', 3_000],
  ]) {
    await stripe.transfers.create({
      amount,
      currency: 'eur',
      destination,
      transfer_group: 'sdk_4',
      source_transaction: intent.latest_charge.id,
      metadata: { booking, order: 'ord_1' },
    });
  }
  const { data } = await stripe.transfers.list({ transfer_group: 'sdk_4', limit: 1 });
  assert.equal(data[0].metadata.booking, 'bkg_2');
  const rest = await stripe.transfers.list({ transfer_group: 'sdk_4', limit: 1, starting_after: data[0].id });
  assert.deepEqual([rest.data[0].metadata.booking, rest.has_more], ['bkg_1', false]);
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id, amount: 6_001 }));
});

test('a contested debit can be read until the bank decides', async () => {
  const intent = await authorised('sdk_2');
  await stripe.paymentIntents.capture(intent.id);
  const opened = await world.post(`/local/stripe/charges/${intent.id}/dispute`, { reason: 'fraudulent' });
  const { data } = await stripe.disputes.list({ payment_intent: intent.id });
  assert.deepEqual([data[0].id, data[0].amount], [opened.id, 10_000]);
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id }), { code: 'charge_disputed' });
  await world.post(`/local/stripe/disputes/${opened.id}/close`, { outcome: 'lost' });
  assert.equal((await stripe.disputes.retrieve(opened.id)).status, 'lost');
});

test('refusals are the errors that the SDK knows', async () => {
  await assert.rejects(
    stripe.paymentIntents.retrieve('pi_none'),
    (error) => error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404,
  );
  const intent = await authorised('sdk_3');
  await stripe.paymentIntents.cancel(intent.id);
  await assert.rejects(stripe.paymentIntents.capture(intent.id), { code: 'payment_intent_unexpected_state' });
  await assert.rejects(sdk('sk_test_other').balance.retrieve(), Stripe.errors.StripeAuthenticationError);
  assert.equal((await stripe.balance.retrieve()).object, 'balance');
  const events = await stripe.events.list({ type: 'payment_intent.canceled' });
  assert.equal(events.data[0].data.object.id, intent.id);
});

test('an event that Stripe signed is taken, and any other is refused', async () => {
  const payload = JSON.stringify({
    id: 'evt_signed_by_the_sdk',
    object: 'event',
    type: 'payment_intent.succeeded',
    data: { object: { id: 'pi_none', object: 'payment_intent' } },
  });
  const { now } = await world.get('/local/clock');
  const seconds = Math.floor(Date.parse(now) / 1000);
  const sign = (secret, timestamp) =>
    stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const send = async (signature, body = payload) => {
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    return (await fetch(`${world.site}/webhooks/stripe`, { method: 'POST', headers, body })).status;
  };
  const right = sign('whsec_local', seconds);
  assert.equal(await send(right), 200);
  assert.equal(await send(right), 200, 'twice is safe');
  assert.equal(await send(sign('whsec_other', seconds)), 400);
  assert.equal(await send(sign('whsec_local', seconds - 301)), 400);
  assert.equal(await send(right, payload.replace('pi_none', 'pi_more')), 400);
  assert.equal(await send(''), 400);
});
