// What is proved where it was asked for, files that wait for their scan, and what is left to who is suspended.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, soundAtBothWidths } from './browse.mjs';
import { client, DEMO_PASSWORD, PASSWORD, REX, signIn, signInAgain, signOperatorIn } from './people.mjs';
import { start } from './start.mjs';

let world;
let browser;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

test('a change of address is confirmed by both codes on the page that asked', async () => {
  const page = await open(browser, world, 360);
  const email = await client(world, 'nadia@exemple.fr');
  const wanted = 'nadia.roy@exemple.fr';
  await signIn(page, email);
  await page.goto('/compte');
  await page.getByText('cet appareil').waitFor();
  await page.getByText('France').first().waitFor();
  await page.getByRole('button', { name: 'Changer d’adresse de connexion' }).click();
  await page.getByLabel('Nouvelle adresse électronique').fill(wanted);
  await page.getByLabel('Motif').fill('J’ai changé de nom.');
  await page.locator('#identifier-password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Demander le changement' }).click();
  await page.getByLabel(`Code reçu à ${email}`).waitFor();
  await soundAtBothWidths(page, 'compte-codes');

  const give = async (address, code) => {
    const field = page.getByLabel(`Code reçu à ${address}`);
    await field.fill(code);
    await page.locator('form', { has: field }).getByRole('button', { name: 'Confirmer' }).click();
  };
  await give(wanted, await world.code(email));
  await page.getByText('Ce code n’est pas le bon.').waitFor();
  page.wrong.length = 0; // the refusal is an error status
  await soundAtBothWidths(page, 'compte-codes-faux');
  await give(email, await world.code(email));
  await page.getByLabel(`Code reçu à ${email}`).waitFor({ state: 'detached' });
  await give(wanted, await world.code(wanted));
  await page.waitForURL('**/connexion');
  await signIn(page, wanted);
});

test('a document is being scanned, is deposited when it is clean, and refused when it is not', async () => {
  const page = await open(browser, world, 1280);
  await signIn(page, REX, DEMO_PASSWORD);
  await page.goto('/pro/pieces');
  const place = page.getByTestId('document-conditions_of_sale');
  const send = async (version, more) => {
    await place.getByRole('button', { name: /^Ajouter/ }).click();
    await place.getByLabel('Version').fill(version);
    for (const box of await place.getByRole('checkbox').all()) await box.check();
    const text = `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% ${version} ${more}\ntrailer<</Root 1 0 R>>\n%%EOF\n`;
    const file = { name: 'conditions.pdf', mimeType: 'application/pdf', buffer: Buffer.from(text) };
    await place.getByLabel('Fichier').setInputFiles(file);
    await place.getByRole('button', { name: 'Déposer' }).click();
  };
  await world.post('/local/scanner/hold');
  await send('2027-1', '');
  await place.getByText('En cours d’analyse').waitFor();
  await soundAtBothWidths(page, 'pieces-analyse');
  await world.post('/local/scanner/release');
  await place.getByText('Déposé', { exact: true }).waitFor();

  await world.post('/local/scanner/hold');
  // The test file of the EICAR, in two parts so that no scanner takes this program for it.
  await send('2027-2', 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-' + 'ANTIVIRUS-TEST-FILE!$H+H*');
  await place.getByText('En cours d’analyse').waitFor();
  await world.post('/local/scanner/release');
  await place.getByText('logiciel malveillant').waitFor();
  await place.getByText('Version 2027-1').waitFor();
  await soundAtBothWidths(page, 'pieces-infectee');
  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  const told = mails.find(({ to, subject }) => to === REX && subject.includes('fichier refusé'));
  assert.match(told.text, /Personne ne l’a ouvert/);
});

test('a suspended professional reads the decision, contests it, and finds nothing else open', async () => {
  const operator = await open(browser, world, 1280);
  await signOperatorIn(operator, world);
  const id = await idOf(REX);
  const until = new Date(Date.parse((await world.get('/local/clock')).now) + 40 * 86_400_000);
  const announced = await operator.request.post(`${world.site}/admin/professionnels/${id}/mesures/annoncer`, {
    headers: { origin: world.site },
    form: {
      kind: 'suspension',
      ground: 'terms_broken',
      text: 'Trois absences en un mois.',
      bookings: 'keep',
      until: until.toISOString().slice(0, 10),
    },
  });
  assert.ok(announced.ok(), `${announced.status()}`);
  await world.post('/local/clock', { advance_seconds: 6 * 86_400 });

  const page = await open(browser, world, 360);
  await page.goto('/connexion');
  await page.getByLabel('Adresse électronique').fill(REX);
  await page.getByLabel('Mot de passe', { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/pro/decision');
  await page.getByText('Trois absences en un mois.').waitFor();
  await page.getByText('Vos pages de gestion ne s’ouvrent plus.').waitFor();
  page.wrong.length = 0; // what is closed is an error status
  await soundAtBothWidths(page, 'decision-suspendu');
  await page.getByRole('textbox').fill('Les trois absences étaient annoncées au client.');
  await page.getByRole('button', { name: 'Envoyer ma contestation' }).click();
  await page.getByText('Votre contestation est reçue').waitFor();
  await signInAgain(page, world, REX, DEMO_PASSWORD);
});

/** The identifier of a demonstration professional. */
async function idOf(email) {
  const page = await open(browser, world);
  await signIn(page, email, DEMO_PASSWORD);
  const account = await (await page.request.get(`${world.site}/api/account`)).json();
  await page.close();
  return account.professional.id;
}
