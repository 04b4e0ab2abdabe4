// A title is withdrawn: what is still accepted, said and paid, on the screens of the three, in their mails
// and in Stripe's books.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sound, soundAtBothWidths } from './browse.mjs';
import {
  accept,
  authorise,
  client,
  clockTo,
  DEMO_PASSWORD,
  mission,
  order,
  REX,
  signIn,
  signInAgain,
  signOperatorIn,
  signRexIn,
  state,
} from './people.mjs';
import { start } from './start.mjs';

const CLIENT = 'titres@exemple.fr';

let world;
let browser;
let operator;
let professional;
let page;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  operator = await open(browser, world);
  professional = await open(browser, world, 360);
  await client(world, CLIENT);
  page = await open(browser, world, 360);
  await signIn(page, CLIENT);
  await signIn(professional, REX, DEMO_PASSWORD);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const mails = async (to, subject) =>
  (await world.get('/local/mail')).filter((mail) => mail.to.includes(to) && mail.subject.includes(subject));

/** Every amount that a text tells, in cents. */
const amounts = (text) =>
  [...text.matchAll(/(\d[\d\s]*),(\d\d)\s€/g)].map(([, whole, cents]) => Number(whole.replace(/\s/g, '') + cents));

const stripe = (kind) => world.get(`/local/stripe/objects?kind=${kind}`);

async function ordered(weeks) {
  await signInAgain(page, world, CLIENT);
  const booking = await order(page, world, await mission(world, { weeks }));
  await authorise(page, world, booking);
  return booking;
}

/** The operator writes down, on the page, that the authorisation ends today. */
async function authorisationEnds() {
  await signOperatorIn(operator, world);
  await operator.goto('/admin');
  await operator.getByRole('searchbox').fill(REX);
  await operator.getByRole('button', { name: 'Rechercher' }).click();
  const row = operator
    .getByRole('row')
    .filter({ hasText: 'Autorisation d’exercice CNAPS' })
    .filter({ has: operator.getByText('Fin anticipée', { exact: true }).locator('xpath=self::summary') })
    .last();
  await row.locator('summary').click();
  const { now } = await world.get('/local/clock');
  await row.getByLabel('Dernier jour').fill(now.slice(0, 10));
  await row.getByLabel('Cause, lue par le professionnel').fill('Retrait notifié par le CNAPS.');
  await row.getByRole('button', { name: 'Enregistrer la fin' }).click();
  await operator.getByRole('status').filter({ hasText: 'Fin anticipée enregistrée' }).waitFor();
}

async function anHourPasses() {
  const { now } = await world.get('/local/clock');
  await clockTo(world, now, 1.1);
  await signRexIn(professional, world);
  await signInAgain(page, world, CLIENT);
}

test('a request whose authorisation is withdrawn is not accepted, and both are told the truth', async () => {
  const booking = await ordered(1);
  await authorisationEnds();
  await signRexIn(professional, world);
  await professional.goto(`/pro/demandes/${booking.id}`);
  await state(professional, 'requested');
  await professional.getByRole('checkbox', { name: /Alex Moreau/ }).check();
  await professional.getByRole('button', { name: 'Accepter la mission' }).click();
  await professional.getByRole('alert').filter({ hasText: 'manque un des jours de la mission' }).waitFor();
  professional.wrong.length = 0; // the refusal is an error status
  await soundAtBothWidths(professional, 'titres-demande-refusee');
  await anHourPasses();
  const [told] = await mails(CLIENT, 'prend fin avant votre mission');
  assert.match(told.text, /ne peut donc pas être acceptée/);
  assert.match(told.text, /rien n’est débité/);
  const [warned] = await mails(REX, 'Un titre manque pour la mission');
  assert.match(warned.text, /Vous ne pouvez donc pas accepter cette demande/);
  const [intent] = await stripe('payment_intent');
  assert.equal(intent.amount_received, 0);
  assert.deepEqual(await stripe('transfer'), []);
});

test('the next authorisation is deposited with its activities, decided beside its file, and what waited is taken', async () => {
  await professional.goto('/pro/pieces');
  const place = professional.getByTestId('document-authorisation');
  await place.getByRole('button', { name: /^Ajouter/ }).click();
  await place.getByLabel('Numéro du titre').fill('AUT-069-2123-12-09-20269100099');
  await place.getByLabel('Agent cynophile').check();
  await place.getByLabel('Fichier').setInputFiles({
    name: 'autorisation.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(
      '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
    ),
  });
  await soundAtBothWidths(professional, 'titres-depot');
  await place.getByRole('button', { name: 'Déposer' }).click();
  await place.getByText('Déposé', { exact: true }).waitFor();
  await place.getByText(/Agent cynophile\./).first().waitFor();

  await signOperatorIn(operator, world);
  await operator.reload();
  const point = operator.getByRole('listitem').filter({ hasText: 'AUT-069-2123-12-09-20269100099' });
  await point.getByText('agent cynophile').waitFor();
  await point.getByRole('link', { name: 'Ouvrir la pièce' }).click();
  await operator.frame({ name: 'piece' }).waitForURL(/documents/);
  await point.getByText('Décider').click();
  await point.getByLabel('Comment', { exact: true }).selectOption('Portail CNAPS consulté');
  await soundAtBothWidths(operator, 'titres-decider');
  await point.getByRole('button', { name: 'Vérifiée' }).click();
  await operator.getByRole('status').filter({ hasText: 'Pièce vérifiée' }).waitFor();
  await world.post('/local/settle');

  await professional.goto('/pro/commandes');
  await professional.getByTestId('mission').first().getByRole('link').first().click();
  await state(professional, 'requested');
  await professional.getByRole('checkbox', { name: /Alex Moreau/ }).check();
  await professional.getByRole('button', { name: 'Accepter la mission' }).click();
  await state(professional, 'accepted');
  await world.post('/local/settle');
  const [intent] = await stripe('payment_intent');
  const [concluded] = await mails(CLIENT, 'accepte votre mission');
  assert.ok(intent.amount_received > 0);
  assert.ok(amounts(concluded.text).includes(intent.amount_received), concluded.text);
});

test('an accepted mission that lacks its title is called off a day before, and paid back to the cent', async () => {
  const booking = await ordered(3);
  await signRexIn(professional, world);
  await accept(professional, world, booking);
  await authorisationEnds();
  await anHourPasses();
  await clockTo(world, booking.start, -22);
  await signInAgain(page, world, CLIENT);
  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'cancelled_by_platform');
  await sound(page);
  const refunds = await stripe('refund');
  const charged = (await stripe('payment_intent')).map(({ amount_received }) => amount_received);
  const refund = refunds.at(-1).amount;
  assert.ok(charged.includes(refund), `${refund} of ${charged}`);
  assert.equal(refund, booking.price.total);
  const [told] = await mails(CLIENT, 'Votre mission est annulée');
  assert.ok(amounts(told.text).includes(refund), told.text);
  assert.ok(amounts(await page.locator('main').innerText()).includes(refund));
  await soundAtBothWidths(page, 'titres-annulee');
  const [lost] = await mails(REX, 'annulée par la plateforme');
  assert.deepEqual(amounts(lost.text).filter((amount) => amount === refund), []);
  await signRexIn(professional, world);
  await professional.goto(`/pro/demandes/${booking.id}`);
  await state(professional, 'cancelled_by_platform');
  await soundAtBothWidths(professional, 'titres-annulee-pro');
});
