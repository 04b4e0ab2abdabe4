// Somebody asks about their data, with an account and without, and the operator answers; what is kept can be
// read and held.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, soundAtBothWidths } from './browse.mjs';
import { client, signIn, signOperatorIn } from './people.mjs';
import { start } from './start.mjs';

let world;
let browser;
let admin;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  admin = await open(browser, world);
  await signOperatorIn(admin, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

async function ask(page, right, text) {
  await page.getByLabel('Ce que vous demandez').selectOption({ label: right });
  await page.getByLabel('Votre demande', { exact: true }).fill(text);
}

test('a request without an account is proved by mail, answered, and read in the register', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/mes-donnees');
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await page.getByText('Choisissez ce que vous demandez.').waitFor();
  await ask(page, 'Recevoir une copie de mes données', 'Quelles données avez-vous de moi ?');
  await page.getByLabel('Votre nom').fill('Robin Durand');
  await page.getByLabel('Votre adresse électronique').fill('robin@exemple.fr');
  await soundAtBothWidths(page, 'mes-donnees');
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await page.getByText('Encore une étape').waitFor();
  await page.goto(await world.link('robin@exemple.fr', '/mes-donnees'));
  await page.getByRole('button', { name: 'Confirmer ma demande' }).click();
  await page.getByText('Demande enregistrée').waitFor();

  await admin.goto('/admin/demandes');
  await soundAtBothWidths(admin, 'admin-demandes');
  await admin.getByRole('link', { name: 'Accès à mes données' }).click();
  await admin.getByLabel('Ce que la personne lira').fill('Nous n’avons que cette demande de vous.');
  await admin.getByLabel('Ce qui a été fait').fill('Recherche faite dans tous les registres.');
  await soundAtBothWidths(admin, 'admin-demande');
  await admin.getByRole('button', { name: 'Répondre et clore' }).click();
  await admin.getByText('Réponse envoyée, inscrite au registre.').waitFor();
  await admin.goto('/admin/demandes?etat=repondues');
  await admin.getByText('Robin Durand').waitFor();
});

test('a client asks from the account, and the operator holds the data', async () => {
  const page = await open(browser, world, 1280);
  await signIn(page, await client(world, 'nadia@exemple.fr'));
  await page.goto('/compte');
  await page.getByRole('link', { name: 'Faire une demande sur mes données' }).click();
  await ask(page, 'Effacer mes données', 'Tout effacer, dès que possible.');
  assert.equal(await page.getByLabel('Votre nom').count(), 0, 'the account says who asks');
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await page.getByText('Demande enregistrée').waitFor();

  await admin.goto('/admin/demandes');
  await admin.getByRole('link', { name: 'Effacement de mes données' }).click();
  await admin.getByRole('link', { name: 'Conservation de ses données' }).click();
  await admin.getByLabel('Motif du gel').fill('Litige en cours, dossier 12.');
  await soundAtBothWidths(admin, 'admin-conservation-compte');
  await admin.getByRole('button', { name: 'Geler les données' }).click();
  await admin.getByRole('heading', { name: /Données gelées/ }).waitFor();
  await admin.goto('/admin/conservation');
  await admin.getByText('Litige en cours, dossier 12.').waitFor();
  await soundAtBothWidths(admin, 'admin-conservation');
});

test('the privacy page says what the table of durations says', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/confidentialite-et-cookies');
  const row = page.getByRole('row', { name: /les messages et leurs pièces jointes/ });
  await row.getByText('deux ans après la fermeture du compte').waitFor();
  await soundAtBothWidths(page, 'confidentialite');
});
