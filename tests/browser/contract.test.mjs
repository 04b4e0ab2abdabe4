// What is said of money is what moved, and the contract is kept: on the pages, in the mails, at Stripe.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { open, sound, soundAtBothWidths } from './browse.mjs';
import { api, clockTo, DEMO_PASSWORD, REX, signIn, signInAgain, state } from './people.mjs';
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

const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');
const euros = (cents) =>
  plain(new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' }).format(cents / 100));
/** The amounts that a text names, in cents. */
const amounts = (text) =>
  [...plain(text).matchAll(/(\d[\d ]*,\d\d) €/g)].map(([, amount]) => Number(amount.replace(/\D/g, '')));

async function mails(address, words) {
  const all = await world.get(`/local/mail?to=${encodeURIComponent(address)}`);
  return all.filter(({ subject }) => plain(subject).includes(words));
}

/** Amounts of one kind at Stripe, for the newest payment. */
async function stripe(kind) {
  await world.post('/local/settle');
  return (await world.get(`/local/stripe/objects?kind=${kind}`)).map(({ amount }) => amount);
}

const timeline = async (page) => plain(await page.getByTestId('money').textContent());

test('a late cancellation tells both parties what moved, to the cent', async () => {
  const kind = { type: 'business', company: 'Festival des Docks', siren: '910000041' };
  const email = 'tard@exemple.fr';
  const { page, booking } = await accepted(here, email, { weeks: 2, kind });
  await clockTo(world, booking.start, -24);
  await signInAgain(page, world, email);
  await page.goto(`/reservations/${booking.id}/annuler`);
  const [shown] = amounts(`${await page.getByTestId('refund').textContent()}`);
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await state(page, 'cancelled');

  const [refund] = await stripe('refund');
  const [transfer] = await stripe('transfer');
  const { total, professional_total: share } = booking.price;
  assert.ok(transfer > 0 && transfer < share, `${transfer} of ${share} is kept`);
  assert.deepEqual([shown, refund], [total - transfer, total - transfer]);

  await page.reload();
  const told = await timeline(page);
  assert.match(told, new RegExp(`Remboursé sur votre carte : ${euros(refund)}`));
  assert.ok(!told.includes('à venir'), told);
  await sound(page);
  for (const words of ['est annulée', 'Remboursement de']) {
    const [mail] = await mails(email, words);
    const known = new Set([refund, total]);
    for (const amount of amounts(mail.text)) assert.ok(known.has(amount), `${amount} in ${mail.subject}`);
  }

  // The professional's page and mail name what came, never the price of the order.
  const [paid] = await mails(REX, 'Vous êtes payé');
  assert.ok(plain(paid.subject).includes(euros(transfer)), paid.subject);
  assert.deepEqual([...new Set(amounts(paid.text))], [transfer]);
  await signIn(professional, REX, DEMO_PASSWORD);
  await professional.goto(`/pro/commandes/${booking.id}`);
  await professional.getByTestId('state').waitFor();
  const seen = await timeline(professional);
  assert.match(seen, new RegExp(`Vous êtes payé : ${euros(transfer)}`));
  assert.ok(!seen.includes(euros(share)), seen);
  await sound(professional);
  await page.context().close();
});

test('a consumer who cancels within the delay of withdrawal gets everything back', async () => {
  const email = 'delai@exemple.fr';
  const { page, booking } = await accepted(here, email, { weeks: 1 });
  await page.goto(`/reservations/${booking.id}/annuler`);
  const [shown] = amounts(`${await page.getByTestId('refund').textContent()}`);
  assert.equal(shown, booking.price.total);
  await sound(page);
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await state(page, 'withdrawn');
  const [refund] = await stripe('refund');
  assert.equal(refund, booking.price.total);
  const [receipt] = await mails(email, 'Accusé de réception');
  assert.ok(
    amounts(receipt.text).every((amount) => amount === refund),
    receipt.text,
  );
  const [told] = await mails(REX, 'Rétractation du client');
  assert.deepEqual(amounts(told.text), [], 'nothing is due to the professional');
  await page.context().close();
});

test('the contract is attached to its confirmation, and its papers open from both parties’ pages', async () => {
  const email = 'contrat@exemple.fr';
  const { page, booking } = await accepted(here, email, { weeks: 3 });
  const [mail] = await mails(email, 'accepte votre mission');
  const names = mail.attachments.map(({ name }) => name);
  assert.deepEqual(names, [
    `commande-${booking.reference}.pdf`,
    `conditions-de-vente-${booking.reference}.pdf`,
    `formulaire-de-retractation-${booking.reference}.pdf`,
  ]);
  const digest = ({ base64 }) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
  const link = (paper) => api(page, world, 'GET', `/api/bookings/${booking.id}/${paper}`);
  assert.equal(digest(mail.attachments[0]), (await link('order')).sha256);
  assert.equal(digest(mail.attachments[1]), (await link('conditions')).sha256);

  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'accepted');
  await sound(page);
  await signIn(professional, REX, DEMO_PASSWORD);
  await professional.goto(`/pro/commandes/${booking.id}`);
  await professional.getByTestId('state').waitFor();
  await sound(professional);
  for (const reader of [page, professional]) {
    for (const name of ['Commande en PDF', 'Conditions de vente acceptées']) {
      const opened = reader.context().waitForEvent('page');
      await reader.getByRole('button', { name }).click();
      await (await opened).close();
      assert.equal(await reader.getByRole('alert').count(), 0, name);
    }
  }

  // Conditions that are refused are said on the page, not shown as JSON in a tab.
  const visitor = await open(browser, world, 360);
  const found = await world.get(`/api/offers/${booking.offer}`);
  await visitor.route('**/conditions', (route) =>
    route.fulfill({
      status: 404,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'not_found', detail: 'Cette page n’existe pas.' }),
    }),
  );
  await visitor.goto(`/professionnels/${found.slug}`);
  await visitor
    .getByRole('button', { name: /onditions/ })
    .first()
    .click();
  await visitor.getByText('Cette page n’existe pas.').waitFor();
  await visitor.context().close();
  await page.context().close();
});

test('professionals read their own figures in the ranking', async () => {
  await signIn(professional, REX, DEMO_PASSWORD);
  await professional.goto('/pro/classement');
  await professional.getByTestId('score').waitFor();
  assert.match(plain(await professional.getByTestId('loyalty').textContent()), /mission/);
  assert.match(plain(await professional.getByTestId('reliability').textContent()), /\d annulation/);
  await soundAtBothWidths(professional, 'pro-classement');
  const visitor = await open(browser, world, 360);
  await visitor.goto('/classement');
  await sound(visitor);
  await visitor.context().close();
});
