// New terms, for who accepts them and who does not; a professional who leaves; a closed account that
// contests with the link of its mail.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, soundAtBothWidths } from './browse.mjs';
import {
  client,
  DEMO_PASSWORD,
  later,
  PASSWORD,
  REX,
  signIn,
  signInAgain,
  signOperatorIn,
} from './people.mjs';
import { start } from './start.mjs';

const NADIA = 'nadia@exemple.fr';
const PRO = 'vigie@demo.monagentdesecu.fr';
const TEXT = `## 1. Ce qui change\n\n${'Les réclamations reçoivent une réponse sous trois jours ouvrés. '.repeat(8)}\n\n## 2. Le reste\n\nTout le reste demeure.`;

let world;
let browser;
let customer;
let professional;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  await client(world, NADIA);
  [customer, professional] = [await open(browser, world), await open(browser, world)];
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** The operator, signed in anew: the moved clock ends sessions. */
async function operator() {
  const page = await open(browser, world);
  await signOperatorIn(page, world);
  return page;
}

async function send(page, address, form) {
  const answer = await page.request.post(world.site + address, { form, headers: { origin: world.site } });
  assert.ok(answer.ok(), `${address}: ${answer.status()} ${await answer.text()}`);
}

async function now() {
  return (await world.get('/local/clock')).now;
}

async function forward(seconds) {
  await world.post('/local/clock', { advance_seconds: seconds });
  await world.post('/local/settle');
}

test('new terms are announced to clients and professionals, who may read them', async () => {
  const page = await operator();
  const from = later((await now()).slice(0, 10), 17);
  for (const audience of ['clients', 'professionnels']) {
    await send(page, '/admin/textes', { audience, version: '2027-01', from, text: TEXT });
  }
  await page.context().close();
  await forward(120);
  await signIn(customer, NADIA, PASSWORD);
  await customer.goto('/compte');
  await customer.getByText('Nos conditions changent').waitFor();
  await soundAtBothWidths(customer, 'banniere-client');
  await signIn(professional, PRO, DEMO_PASSWORD);
  await professional.goto('/pro');
  await professional.getByText('Nos conditions changent').waitFor();
  await soundAtBothWidths(professional, 'banniere-pro');
  await professional.goto('/compte');
  await soundAtBothWidths(professional, 'compte-pro');
});

test('from their day they are asked for; a client accepts', async () => {
  await forward(18 * 86_400);
  await signInAgain(customer, world, NADIA);
  await customer.goto('/reservations');
  await customer.getByRole('heading', { level: 1, name: 'Nouvelles conditions' }).waitFor();
  customer.wrong.length = 0; // the refusal is an error status
  await customer.getByText('Les réclamations reçoivent').first().waitFor();
  await soundAtBothWidths(customer, 'conditions-client');
  await customer.getByRole('button', { name: 'J’accepte la version 2027-01' }).click();
  await customer.waitForURL(/\/reservations/);
  await customer.goto('/conditions');
  await customer.getByText('Vous avez accepté les conditions en vigueur.').waitFor();
  await soundAtBothWidths(customer, 'conditions-acceptees');
});

test('a professional who does not accept takes their data and leaves, or stays', async () => {
  await signInAgain(professional, world, PRO, DEMO_PASSWORD);
  await professional.goto('/pro');
  await professional.getByRole('heading', { level: 1, name: 'Nouvelles conditions' }).waitFor();
  professional.wrong.length = 0; // the refusal is an error status
  await professional.getByText('Les réclamations reçoivent').first().waitFor();
  await soundAtBothWidths(professional, 'conditions-pro');
  await professional.getByRole('link', { name: 'récupérer vos données et fermer votre compte' }).click();
  await professional.getByRole('heading', { name: 'Fermer votre compte' }).waitFor();
  await soundAtBothWidths(professional, 'compte-sans-accord');

  const copy = professional.locator('section', { hasText: 'Une copie de vos données' });
  await copy.getByLabel('Votre mot de passe').fill(DEMO_PASSWORD);
  const [file] = await Promise.all([
    professional.waitForEvent('download'),
    copy.getByRole('button', { name: 'Télécharger mes données' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^monagentdesecu-mes-donnees-.*\.json$/);

  const leaving = professional.locator('#quitter');
  await leaving.getByLabel(/Résilier, avec un préavis/).check();
  await leaving.getByLabel('Votre mot de passe').fill('Faux-Secret-12');
  await leaving.getByRole('button', { name: 'Demander la fermeture' }).click();
  await leaving.locator('.fault').waitFor();
  professional.wrong.length = 0; // the refusal is an error status
  await leaving.getByLabel('Votre mot de passe').fill(DEMO_PASSWORD);
  await leaving.getByRole('button', { name: 'Demander la fermeture' }).click();
  await leaving.getByText('La fermeture de votre compte est demandée').waitFor();
  await leaving.getByText('préavis de deux mois').waitFor();
  await soundAtBothWidths(professional, 'compte-ferme-bientot');
  await leaving.getByLabel('Votre mot de passe').fill(DEMO_PASSWORD);
  await leaving.getByRole('button', { name: 'Garder mon compte' }).click();
  await leaving.getByText('Comment souhaitez-vous partir').waitFor();

  await leaving.getByLabel(/Me désinscrire, sous cinq jours/).check();
  await leaving.getByLabel('Votre mot de passe').fill(DEMO_PASSWORD);
  await leaving.getByRole('button', { name: 'Demander la fermeture' }).click();
  await leaving.getByText('La fermeture de votre compte est demandée').waitFor();
  await forward(5 * 86_400 + 120);
  await professional.context().clearCookies();
  await professional.goto('/connexion');
  await professional.getByLabel('Adresse électronique').fill(PRO);
  await professional.getByLabel('Mot de passe').fill(DEMO_PASSWORD);
  await professional.getByRole('button', { name: 'Se connecter' }).click();
  await professional.getByText('Il l’est à votre demande').waitFor();
  professional.wrong.length = 0; // the refusal is an error status
});

test('a closed account contests with the link of its mail, and the operator reads it', async () => {
  const page = await operator();
  await page.goto('/admin/professionnels');
  await page.getByRole('searchbox', { name: /Rechercher une réservation/ }).fill(REX);
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await page.getByRole('heading', { level: 2, name: 'Identité' }).waitFor();
  await send(page, `${new URL(page.url()).pathname}/mesures/annoncer`, {
    kind: 'closure',
    ground: 'terms_broken',
    text: 'Trois absences en un mois.',
    bookings: 'keep',
  });
  await page.context().close();
  await forward(5 * 86_400 + 120);
  const mails = await world.get('/local/mail');
  const mail = mails.findLast(({ subject }) => subject.includes('a pris effet'));
  const link = mail.text.match(/https?:\/\/[^\s<>"]+\/contester\?jeton=[^\s<>"]+/)[0];
  const visitor = await open(browser, world);
  await visitor.goto('/contester');
  await visitor.getByText('Ce lien est incomplet').waitFor();
  await visitor.goto(`${link}x`);
  await visitor.getByRole('textbox').fill('Les trois absences étaient couvertes par un confrère.');
  await visitor.getByRole('button', { name: 'Envoyer ma contestation' }).click();
  await visitor.getByText('n’est plus valable').waitFor();
  visitor.wrong.length = 0; // the refusal is an error status
  await visitor.goto(link);
  await soundAtBothWidths(visitor, 'contester');
  await visitor.getByRole('textbox').fill('Les trois absences étaient couvertes par un confrère.');
  await visitor.getByRole('button', { name: 'Envoyer ma contestation' }).click();
  await visitor.getByText('Votre contestation est reçue').waitFor();
  await soundAtBothWidths(visitor, 'contester-recue');
  const again = await operator();
  await again.goto('/admin');
  await again.getByRole('link', { name: /1 décision contestée/ }).click();
  await again.getByText('couvertes par un confrère').waitFor();
  await soundAtBothWidths(again, 'admin-contestation-fermee');
});
