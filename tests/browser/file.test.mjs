// « Mon dossier »: what changes at once, what waits beside the value in force, who joins and who leaves.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, soundAtBothWidths } from './browse.mjs';
import { DEMO_PASSWORD, signIn, signOperatorIn } from './people.mjs';
import { start } from './start.mjs';

const COMPANY = 'bastion@demo.monagentdesecu.fr';

let world;
let browser;
let page;
let operator;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world, 1280);
  operator = await open(browser, world, 1280);
  await signIn(page, COMPANY, DEMO_PASSWORD);
  await signOperatorIn(operator, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const pdf = (text) => ({
  name: `${text}.pdf`,
  mimeType: 'application/pdf',
  buffer: Buffer.from(
    `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% ${text}\ntrailer<</Root 1 0 R>>\n%%EOF\n`,
  ),
});

/** Opens the queue of changes, and the first file in it. */
async function openFirstChange(title) {
  await operator.goto('/admin/changements');
  await operator.getByRole('link', { name: title }).click();
  await operator.getByRole('heading', { name: 'Changements demandés' }).waitFor();
}

test('the telephone changes at once and stays in the history', async () => {
  await page.goto('/pro/dossier');
  await page.getByRole('button', { name: 'Modifier : Téléphone' }).click();
  await page.getByLabel('Téléphone professionnel').fill('06 12 34 56 78');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByTestId('part-phone').getByText('06 12 34 56 78').waitFor();
  await page.getByTestId('versions').getByText('Téléphone, le').click();
  await page.getByTestId('versions').getByText('06 12 34 56 78').waitFor();
  await soundAtBothWidths(page, 'dossier');
});

test('a name waits beside the one in force until the operator accepts it', async () => {
  await page.getByRole('button', { name: 'Modifier : Nom et forme juridique' }).click();
  await page.getByLabel('Nom ou dénomination sociale').fill('Bastion Méditerranée');
  await soundAtBothWidths(page, 'dossier-form');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const part = page.getByTestId('part-identity');
  await part.getByTestId('waiting-change').getByText('En attente de vérification').waitFor();
  assert.match(await part.locator('dl').innerText(), /Bastion Sud/);
  await soundAtBothWidths(page, 'dossier-waiting');

  await openFirstChange('Nom et forme juridique');
  await operator.getByText('Demander un complément').click();
  await operator.getByLabel('Ce que le professionnel lira (10 à 1').fill('Joignez le Kbis à jour.');
  await operator.getByRole('button', { name: 'Demander le complément' }).click();
  await operator.getByText('Le complément est demandé').waitFor();
  await page.reload();
  await page.getByText('Joignez le Kbis à jour.').waitFor();
  await page.getByLabel('Votre réponse').fill('Le registre est à jour depuis hier.');
  await soundAtBothWidths(page, 'dossier-complement');
  await page.getByRole('button', { name: 'Répondre' }).click();
  await part.getByText('En attente de vérification').waitFor();

  await openFirstChange('Nom et forme juridique');
  await soundAtBothWidths(operator, 'operator-change');
  await operator.getByText('Accepter', { exact: true }).click();
  await operator.getByLabel('Comment c’est vérifié').fill('Annuaire des entreprises');
  await operator.getByRole('button', { name: 'Accepter le changement' }).click();
  await operator.getByText('Changement accepté').waitFor();
  await page.reload();
  await part.locator('dl').getByText('Bastion Méditerranée').waitFor();
  assert.equal(await part.getByTestId('waiting-change').count(), 0);
});

test('an agent is added with a card, and one is taken off', async () => {
  const team = page.getByTestId('agents').getByRole('listitem');
  const before = await team.count();
  await page.getByRole('button', { name: 'Ajouter un agent : Nouvel agent' }).click();
  await page.getByLabel('Prénom', { exact: true }).fill('Léa');
  await page.getByLabel('Nom', { exact: true }).fill('Roy');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Nouvel agent : Léa Roy').waitFor();
  await page.getByRole('button', { name: /Ajouter ce document : Carte/ }).click();
  await page.getByLabel('Numéro du titre').fill('CAR-013-2030-06-19-20259990001');
  await page.getByLabel('Surveillance humaine, par systèmes').first().check();
  await page.getByLabel('Fichier').setInputFiles(pdf('carte'));
  await page.getByRole('button', { name: 'Déposer' }).click();
  await page.getByTestId('part-agent').getByText('Déposé', { exact: true }).waitFor();
  await soundAtBothWidths(page, 'dossier-agent');

  await operator.goto('/admin/changements');
  await soundAtBothWidths(operator, 'operator-queue');
  await openFirstChange('Nouvel agent : Léa Roy');
  const point = operator.locator('.checklist li', { hasText: 'Léa Roy, à venir' });
  await point.getByText('Décider').click();
  await point.getByLabel('Comment').selectOption('Portail CNAPS consulté');
  await point.getByRole('button', { name: 'Vérifiée' }).click();
  await operator.getByText('Pièce vérifiée.').waitFor();
  await operator.getByText('Accepter', { exact: true }).click();
  await operator.getByLabel('Comment c’est vérifié').fill('Portail CNAPS consulté');
  await operator.getByRole('button', { name: 'Accepter le changement' }).click();
  await operator.getByText('Changement accepté').waitFor();
  await page.reload();
  await page.getByTestId('agents').getByText('Léa Roy').waitFor();
  assert.equal(await team.count(), before + 1);

  await page.getByRole('button', { name: 'Retirer Léa Roy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
  await page.getByTestId('agents').getByText('Léa Roy').waitFor({ state: 'detached' });
  assert.equal(await team.count(), before);
});

test('a list says what is wrong with each of its lines', async () => {
  await page.getByText('Ajouter plusieurs agents depuis un tableur').click();
  const csv =
    'Prénom;Nom;Numéro de carte;Fin de validité;Activités\nNoé;Petit;CAR-013-2030-06-19-20259990002;18/06/2030;jardinage\n';
  await page
    .getByLabel('Liste au format CSV')
    .setInputFiles({ name: 'agents.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('button', { name: 'Ajouter ces agents' }).click();
  await page.getByText('Ligne 2 : L’activité « jardinage » n’est pas connue.').waitFor();
  await soundAtBothWidths(page, 'dossier-import');
});
