// A professional signs in with another address: both confirm, the operator decides, nothing is immediate.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sound } from './browse.mjs';
import { DEMO_PASSWORD, REX, signIn, signOperatorIn } from './people.mjs';
import { start } from './start.mjs';

const WANTED = 'direction@exemple.fr';
let world;
let browser;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** Opens the link of a mail and confirms. */
async function confirm(page, address, subject) {
  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  const mail = mails.find((one) => one.to === address && one.subject.includes(subject));
  assert.ok(mail, `no "${subject}" to ${address}`);
  const link = new URL(mail.text.match(/https?:\S+\/changer-adresse\S+/)[0]);
  await page.goto(link.pathname + link.search);
  await page.getByRole('button', { name: 'Confirmer le changement' }).click();
  await page.getByText('C’est confirmé').waitFor();
}

test('a change of address is confirmed twice, decided by the operator, and told to both addresses', async () => {
  const page = await open(browser, world, 360);
  await signIn(page, REX, DEMO_PASSWORD);
  await page.goto('/compte');
  await page.getByRole('button', { name: 'Changer d’adresse de connexion' }).click();
  await page.getByLabel('Nouvelle adresse électronique').fill(WANTED);
  await page.getByLabel('Motif').fill('Court');
  await page.locator('#identifier-password').fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Demander le changement' }).click();
  await page.getByText('Le motif doit compter de 10 à 500 caractères.').waitFor();
  assert.equal(await page.getByLabel('Nouvelle adresse électronique').inputValue(), WANTED);
  await page.getByLabel('Motif').fill('L’entreprise change de nom.');
  page.wrong.length = 0;
  await page.getByRole('button', { name: 'Demander le changement' }).click();
  await page.getByText('Changement d’adresse demandé').waitFor();
  await sound(page);

  const other = await open(browser, world, 1280);
  await confirm(other, WANTED, 'Confirmez votre nouvelle adresse');
  await other.getByText('confirmer depuis l’adresse actuelle').waitFor();
  await sound(other);
  await confirm(other, REX, 'Changement de votre adresse');
  await other.getByText('Notre équipe examine la demande').waitFor();
  await page.goto('/compte');
  await page.getByText('Notre équipe examine la demande').waitFor();
  await page.getByText(REX).waitFor();

  const operator = await open(browser, world, 360);
  await signOperatorIn(operator, world);
  await operator.goto('/admin/identifiants');
  await operator.getByText(WANTED).waitFor();
  await sound(operator);
  await operator.getByRole('button', { name: 'Accepter la nouvelle adresse' }).click();
  await operator.getByText('les deux adresses sont prévenues').waitFor();
  await operator.getByText('Aucun changement n’attend de décision.').waitFor();
  await sound(operator);

  await signIn(await open(browser, world, 360), WANTED, DEMO_PASSWORD);
  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  for (const [to, words] of [
    [WANTED, 'a changé'],
    [REX, 'ne sert plus'],
  ]) {
    assert.ok(mails.some((mail) => mail.to === to && mail.subject.includes(words)), `${words} to ${to}`);
  }
});
