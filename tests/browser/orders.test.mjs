// A client orders several dates at once, the professional takes some of them, and only those are paid for.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nextSaturday, open, searchFor, sound, soundAtBothWidths } from './browse.mjs';
import {
  api,
  client,
  clockTo,
  DEMO_PASSWORD,
  later,
  pay,
  PASSWORD,
  REX,
  signIn,
  signInAgain,
  state,
} from './people.mjs';
import { leave, stage } from './stage.mjs';

const EMAIL = 'samedis@exemple.fr';

let here;
let world;
let browser;
let professional;
let page;
let offer;
let saturdays;
let prices;
let order;

before(async () => {
  here = await stage();
  ({ world, browser, professional } = here);
  saturdays = [0, 7, 14].map((days) => later(nextSaturday(), days));
  page = await open(browser, world, 360);
  await signIn(page, await client(world, EMAIL), PASSWORD);
  await signIn(professional, REX, DEMO_PASSWORD);
});
after(() => leave(here));

const cents = (text) => Number(text.replace(/[^\d]/g, ''));
const sum = (amounts) => amounts.reduce((all, one) => all + one, 0);
const text = async (place) => (await place.textContent()).replace(/\s+/g, ' ').trim();

/** What a night costs when it is ordered alone: `[total, what comes to the professional]`. */
async function alone(date) {
  const query = new URLSearchParams({
    activity: 'dog_handling',
    place: 'Lyon (69)',
    start: `${date}T20:00`,
    end: `${later(date, 1)}T04:00`,
  });
  const { mission } = await world.get(`/api/search?${query}`);
  const asked = { offer, start: mission.start, end: mission.end, agents: 1, postal_code: '69003' };
  const { price } = await world.post('/api/quotes', asked);
  return [price.total, price.professional_total];
}

/** The mails to somebody about this. */
async function mails(to, about) {
  await world.post('/local/settle');
  return (await world.get('/local/mail')).filter((mail) => mail.to.includes(to) && about.test(mail.subject));
}

test('three nights are chosen from a result, priced one by one, and paid with one card', async () => {
  await searchFor(page, { date: saturdays[0] });
  await page.getByRole('link', { name: 'Réserver Alex Moreau Cynophile' }).click();
  await page.getByRole('link', { name: 'Plusieurs dates' }).click();
  await page.getByRole('heading', { name: /^Plusieurs dates : / }).waitFor();
  offer = new URL(page.url()).searchParams.get('offre');
  // The date that was searched is chosen already, and two more are added.
  for (const date of saturdays.slice(1)) await page.locator(`[data-date="${date}"]`).click();
  await page.getByText('3 dates choisies.').waitFor();
  await page.getByLabel('Code postal').selectOption('69003');
  await page.getByTestId('order-total').waitFor();
  prices = await Promise.all(saturdays.map(alone));
  const total = sum(prices.map(([total]) => total));
  assert.equal(cents(await page.getByTestId('order-total').textContent()), total);
  await soundAtBothWidths(page, 'order-dates');
  await page.setViewportSize({ width: 360, height: 800 });

  // What is missing is said beside its field.
  await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).click();
  await page.getByText('Indiquez le numéro et la rue.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'adresse');
  await page.getByLabel('Adresse de la mission').fill('12 rue de la République');
  await page.getByLabel('Type de site').selectOption('Chantier');
  assert.equal(await page.getByText('Indiquez le numéro et la rue.').count(), 0, 'mended');
  for (const box of [/conditions générales de vente/, /Je demande expressément/, /Je reconnais perdre/])
    await page.getByLabel(box).check();
  await soundAtBothWidths(page, 'order-agreements');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).dblclick();
  await page.getByLabel('Numéro de carte').waitFor();
  await page.goBack();
  await state(page, 'awaiting_payment');
  assert.equal(await page.getByText('En attente de réponse').count(), 0, 'nobody was asked yet');
  await soundAtBothWidths(page, 'order-unpaid');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByRole('button', { name: 'Aller au paiement' }).click();
  await pay(page, '4242 4242 4242 4242');
  await page.waitForURL(/\/commandes\/.*paiement=ok/);
  await state(page, 'requested');
  const { orders } = await api(page, world, 'GET', '/api/orders');
  assert.equal(orders.length, 1, 'ordered once, whatever was clicked twice');
  [order] = orders;
  assert.equal(order.total, total);
  await soundAtBothWidths(page, 'order-requested');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/reservations');
  await page
    .getByTestId('order')
    .getByText(/3\s+dates/)
    .waitFor();
  assert.equal(await page.getByTestId('nothing').count(), 0, 'an order is there');
  await soundAtBothWidths(page, 'order-list');
});

test('the professional takes two nights and says why not the third', async () => {
  await professional.goto('/pro');
  await professional.getByRole('heading', { name: /^1\s+demande à traiter$/ }).waitFor();
  await soundAtBothWidths(professional, 'order-dashboard');
  await professional.goto(await world.link(REX, '/pro/dates/'));
  await state(professional, 'requested');
  const shares = prices.map(([, share]) => share);
  assert.equal(cents(await professional.getByTestId('share').textContent()), sum(shares));
  assert.equal(await professional.getByText('12 rue de la République').count(), 0, 'not before the contract');
  await soundAtBothWidths(professional, 'order-answer');
  await professional.getByRole('checkbox').nth(1).uncheck();
  assert.equal(cents(await professional.getByTestId('share').textContent()), shares[0] + shares[2]);
  await professional.getByLabel('Pourquoi pas les autres dates').fill('Déjà pris ce soir-là.');
  await professional.getByLabel('Conseil au client').fill('Un agent et son chien suffisent pour ce site.');
  await soundAtBothWidths(professional, 'order-answer-some');
  await professional.getByRole('button', { name: /^Accepter 2\s+dates sur 3$/ }).dblclick();
  await state(professional, 'answered');
  await world.post('/local/settle');
  await professional.reload();
  await professional.getByTestId('missions').getByRole('link').nth(1).waitFor();
  assert.equal(await professional.getByTestId('missions').getByRole('link').count(), 2);
  await professional.getByText('12 rue de la République').waitFor();
  await soundAtBothWidths(professional, 'order-answered');
});

test('the client sees what is taken, what is not, and what is paid', async () => {
  await page.goto(await world.link(EMAIL, '/commandes/'));
  await state(page, 'answered');
  const [first, , third] = prices.map(([total]) => total);
  await page.setViewportSize({ width: 360, height: 800 });
  const rows = page.getByTestId('missions').getByRole('listitem');
  assert.equal(await rows.count(), 3);
  assert.match(await text(rows.nth(1)), /Non débité/);
  assert.equal(await rows.nth(1).getByRole('link').count(), 0);
  await page.getByText('Déjà pris ce soir-là.').waitFor();
  await page.getByText('Un agent et son chien suffisent').waitFor();
  const money = page.getByRole('region', { name: 'Où est l’argent' });
  const debited = money.locator('div', { hasText: 'Débité pour les dates acceptées' }).last();
  assert.equal(cents(await debited.getByRole('definition').textContent()), first + third);
  assert.equal(cents(await rows.nth(0).locator('.right').textContent()), first);
  await soundAtBothWidths(page, 'order-result');
  const told = await mails(EMAIL, /accepte 2 dates sur 3/);
  assert.equal(told.length, 1);
  // Each date that was taken is a mission with a page of its own.
  await rows.nth(2).getByRole('link').click();
  await state(page, 'accepted');
  await sound(page);
  await page.getByRole('link', { name: 'Voir toutes les dates de la commande' }).click();
  await state(page, 'answered');
});

test('another client does not see the order', async () => {
  const stranger = await open(browser, world, 360);
  await signInAgain(stranger, world, await client(world, 'autre@exemple.fr'));
  await stranger.goto(`/commandes/${order.id}`);
  await stranger
    .getByRole('alert')
    .or(stranger.getByText(/introuvable|n’existe pas/))
    .first()
    .waitFor();
  assert.equal(await stranger.getByTestId('missions').count(), 0);
  stranger.wrong.length = 0; // the browser itself reports the refusal
  await soundAtBothWidths(stranger, 'order-stranger');
  await stranger.context().close();
});

test('an order that was not paid in time is filled in once more', async () => {
  const { now } = await world.get('/local/clock');
  const { missions, ...rest } = await api(page, world, 'GET', `/api/orders/${order.id}`);
  const weeks = missions.map(({ start, end }) =>
    Object.fromEntries(
      Object.entries({ start, end }).map(([at, moment]) => [
        at,
        new Date(Date.parse(moment) + 21 * 86_400_000).toISOString(),
      ]),
    ),
  );
  const asked = { offer, agents: 1, postal_code: '69003', missions: weeks };
  const quote = await world.post('/api/order-quotes', asked);
  const placed = await api(page, world, 'POST', '/api/orders', {
    asked,
    address: '12 rue de la République',
    town: 'Lyon',
    context: rest.context,
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
  await clockTo(world, now, 0.3);
  await signInAgain(page, world, EMAIL);
  await page.goto(`/commandes/${placed.id}`);
  await state(page, 'abandoned');
  await soundAtBothWidths(page, 'order-abandoned');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByRole('button', { name: 'Commander à nouveau' }).click();
  await page.getByText('3 dates choisies.').waitFor();
  await page.getByTestId('order-total').waitFor();
  assert.equal(cents(await page.getByTestId('order-total').textContent()), quote.total);
  assert.equal(await page.getByLabel('Adresse de la mission').inputValue(), '12 rue de la République');
  await page.getByTestId('quoted-dates').getByRole('checkbox').nth(2).uncheck();
  await page.getByTestId('quoted-dates').getByRole('checkbox').nth(1).uncheck();
  await page.getByTestId('quoted-dates').getByRole('checkbox').nth(0).uncheck();
  await page.getByText('Gardez au moins une date possible pour commander.').waitFor();
  await sound(page);
});
