// A client asks several professionals for a quote, compares what two of them name, and orders one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, searchFor, sound, soundAtBothWidths } from './browse.mjs';
import { api, client, clockTo, DEMO_PASSWORD, pay, PASSWORD, signIn, signInAgain, state } from './people.mjs';
import { start } from './start.mjs';

const EMAIL = 'compare@exemple.fr';
const BASTION = 'bastion@demo.monagentdesecu.fr';
const CALANQUE = 'calanque-securite@demo.monagentdesecu.fr';
const ANOUK = 'anouk-valette-surveillance@demo.monagentdesecu.fr';

let world;
let browser;
let page;
let professional;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  await world.post('/local/demo/towns');
  page = await open(browser, world, 360);
  await signIn(page, await client(world, EMAIL), PASSWORD);
  professional = await open(browser, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const cents = (text) => Number(text.replace(/[^\d]/g, ''));
const phone = () => page.setViewportSize({ width: 360, height: 800 });

/** A professional of the demonstration on the request's page, by the link of the mail. */
async function asked(email) {
  await professional.context().clearCookies();
  await signIn(professional, email, DEMO_PASSWORD);
  await professional.getByTestId('waiting').getByText('Demande de devis').waitFor();
  await professional.goto(await world.link(email, '/pro/devis/'));
  await state(professional, 'awaited');
}

/** The card of one professional's quote. */
const quoteOf = (name) =>
  page.getByTestId('quote').filter({ has: page.getByRole('heading', { name, exact: true }) });

test('three are asked from the results of a search', async () => {
  await searchFor(page, {
    activity: 'Surveillance humaine',
    typed: 'marseille',
    place: /Marseille/,
    date: nextSaturday(),
  });
  await page.getByRole('link', { name: 'Demander des devis à plusieurs' }).click();
  await page.getByRole('heading', { name: 'Demander des devis' }).waitFor();
  await page.getByRole('checkbox', { name: /Bastion Sud/ }).waitFor();
  for (const name of [/Bastion Sud/, /Calanque Sécurité/, /Anouk Valette/])
    assert.ok(await page.getByRole('checkbox', { name }).isChecked(), String(name));
  await soundAtBothWidths(page, 'quotes-ask');
  await phone();
  await page.getByRole('button', { name: 'Envoyer à 3 professionnels' }).click();
  await page.getByText('Indiquez le numéro et la rue.').waitFor();
  await page.getByLabel('Adresse de la mission').fill('3 quai de la Joliette');
  await page.getByLabel('Code postal').selectOption('13002');
  await page.getByLabel('Type de site').selectOption('Entrepôt');
  await page.getByRole('checkbox', { name: /Bastion Sud/ }).waitFor();
  await page.getByRole('button', { name: /^Envoyer à 3\s+professionnels/ }).dblclick();
  await page.waitForURL(/\/devis\/[^/]+$/);
  await page.getByText('Les professionnels ont reçu votre demande').waitFor();
  assert.equal(await page.getByTestId('quote').count(), 3);
  const { requests } = await api(page, world, 'GET', '/api/quote-requests');
  assert.equal(requests.length, 1, 'asked once');
  await soundAtBothWidths(page, 'quotes-asked');
});

test('one confirms the price by rates, another names a total', async () => {
  await asked(BASTION);
  assert.equal(await professional.getByText('quai de la Joliette').count(), 0, 'not before an order');
  await soundAtBothWidths(professional, 'quotes-give');
  await professional.setViewportSize({ width: 1280, height: 800 });
  await professional.getByLabel('Conditions').fill('Parking à prévoir pour un véhicule.');
  await professional.getByRole('button', { name: 'Envoyer mon devis' }).dblclick();
  await state(professional, 'valid');
  await soundAtBothWidths(professional, 'quotes-given');

  await asked(CALANQUE);
  await professional.getByRole('radio', { name: /Un autre total/ }).check();
  const amount = professional.getByLabel('Total hors taxes, en euros');
  await professional.getByRole('button', { name: 'Envoyer mon devis' }).click();
  await professional.getByText('Indiquez un montant, par exemple 400 ou 412,50.').waitFor();
  assert.equal(await amount.getAttribute('aria-invalid'), 'true');
  await amount.fill('200');
  // 200 € + 20 % = 240 €, + 12 % = 268,80 €.
  await professional
    .getByTestId('shown-price')
    .getByText(/le client paie 268,80/)
    .waitFor();
  await soundAtBothWidths(professional, 'quotes-give-flat');
  await professional.getByRole('button', { name: 'Envoyer mon devis' }).click();
  await state(professional, 'valid');

  await asked(ANOUK);
  await professional.getByRole('button', { name: 'Décliner…' }).click();
  await sound(professional);
  await professional.getByRole('button', { name: 'Décliner la demande' }).click();
  await state(professional, 'declined');
  await soundAtBothWidths(professional, 'quotes-declined');
  await professional.goto('/pro/devis');
  await professional.getByTestId('quote-to-give').waitFor();
  await soundAtBothWidths(professional, 'quotes-pro-list');
});

test('the cheapest comes first, and is ordered at the price that was named', async () => {
  await phone();
  await page.goto(await world.link(EMAIL, '/devis/'));
  await quoteOf('Calanque Sécurité').getByText('Total TTC').first().waitFor();
  const names = await page.getByTestId('quote').getByRole('heading').allTextContents();
  assert.deepEqual(
    names.map((name) => name.trim()),
    ['Calanque Sécurité', 'Bastion Sud', 'Anouk Valette Surveillance'],
  );
  assert.equal(cents(await quoteOf('Calanque Sécurité').locator('.total dd').textContent()), 26_880);
  await quoteOf('Bastion Sud').getByText('Parking à prévoir').waitFor();
  await soundAtBothWidths(page, 'quotes-compare');
  await phone();
  await quoteOf('Calanque Sécurité')
    .getByRole('link', { name: /^Choisir ce devis/ })
    .click();
  await page.getByRole('heading', { name: 'Commander ce devis' }).waitFor();
  await page.getByLabel(/conditions générales de vente/).waitFor();
  await soundAtBothWidths(page, 'quotes-order');
  await phone();
  const button = page.getByRole('button', { name: 'Commander avec obligation de paiement' });
  await button.click();
  await page.getByText('Cochez cette case pour commander.').first().waitFor();
  for (const box of [/conditions générales de vente/, /Je demande expressément/, /Je reconnais perdre/])
    await page.getByLabel(box).check();
  await button.dblclick();
  await page.getByLabel('Numéro de carte').waitFor();
  await pay(page, '4242 4242 4242 4242');
  await page.waitForURL(/\/reservations\/.*paiement=ok/);
  await world.post('/local/settle');
  // Nobody answers once more: the contract is there.
  await page.reload();
  await state(page, 'accepted');
  const { bookings } = await api(page, world, 'GET', '/api/bookings');
  assert.equal(bookings.length, 1, 'ordered once');
  const booking = await api(page, world, 'GET', `/api/bookings/${bookings[0].id}`);
  assert.equal(booking.money.captured, 26_880);
  await soundAtBothWidths(page, 'quotes-ordered-booking');
  await page.goto('/devis');
  await page.getByTestId('quote-request').getByRole('link').click();
  await page.getByTestId('quote').first().waitFor();
  assert.equal(await quoteOf('Calanque Sécurité').getAttribute('data-state'), 'ordered');
  assert.equal(await quoteOf('Bastion Sud').getAttribute('data-state'), 'not_chosen');
  await soundAtBothWidths(page, 'quotes-ordered');
  await page.goto('/devis');
  await page.getByTestId('quote-request').waitFor();
  await soundAtBothWidths(page, 'quotes-list');
});

test('who answers too late is told so, and others are asked without typing anything again', async () => {
  const { requests } = await api(page, world, 'GET', '/api/quote-requests');
  const { mission, asked: three } = requests[0];
  const week = (moment) => new Date(Date.parse(moment) + 7 * 86_400_000).toISOString();
  const request = await api(page, world, 'POST', '/api/quote-requests', {
    offers: three.map(({ offer }) => offer),
    start: week(mission.start),
    end: week(mission.end),
    agents: mission.agents,
    postal_code: mission.place.postal_code,
    address: mission.address,
    town: mission.place.town,
    context: mission.context,
  });
  await asked(BASTION);
  await clockTo(world, request.answer_by, 0.1);
  await signInAgain(professional, world, BASTION, DEMO_PASSWORD);
  await signInAgain(page, world, EMAIL);
  await professional.getByRole('button', { name: 'Envoyer mon devis' }).click();
  await professional.getByText('Cette demande n’attend plus de réponse de votre part.').waitFor();
  professional.wrong.length = 0; // the refusal is an error status
  await sound(professional);

  await phone();
  await page.goto(`/devis/${request.id}`);
  await page.getByText('Cette demande est close').waitFor();
  await soundAtBothWidths(page, 'quotes-ended');
  await phone();
  await page.getByRole('button', { name: 'Demander à d’autres' }).click();
  await page.getByRole('checkbox', { name: /Bastion Sud/ }).waitFor();
  assert.equal(await page.getByLabel('Adresse de la mission').inputValue(), '3 quai de la Joliette');
  assert.equal(await page.getByLabel('Type de site').inputValue(), 'Entrepôt');
  await sound(page);
});
