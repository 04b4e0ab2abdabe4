// The devices of an account, a second factor, and an access that is reported.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launch, open, soundAtBothWidths } from './browse.mjs';
import { client, PASSWORD, signIn, typeCode } from './people.mjs';
import { start } from './start.mjs';

let world, browser, page;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world, 360);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** What a telephone shows (RFC 6238). */
async function oneTimeCode(secret) {
  const { now } = await world.get('/local/clock');
  const bits = [...secret]
    .map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.parse(now) / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const at = digest.at(-1) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a code beside the password is set up and asked for, and devices are listed', async () => {
  const email = await client(world, 'nadia@exemple.fr');
  await signIn(page, email);
  await page.goto('/compte');
  await page.getByText('cet appareil').waitFor();
  await page.getByRole('button', { name: 'Activer' }).click();
  await page.locator('#factor-password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Continuer' }).click();
  const secret = (await page.locator('code.secret').textContent()).replace(/\s/g, '');
  await soundAtBothWidths(page, 'compte-double-authentification');
  await page.getByLabel('Code affiché par l’application').fill(await oneTimeCode(secret));
  await page.getByRole('button', { name: 'Activer' }).click();
  await page.getByText('La double authentification est activée').waitFor();
  const [recovery] = await page.locator('.codes li').allTextContents();
  await soundAtBothWidths(page, 'compte-appareils');

  const other = await open(browser, world);
  await other.goto('/connexion');
  await other.getByLabel('Adresse électronique').fill(email);
  await other.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
  await other.getByRole('button', { name: 'Se connecter' }).click();
  await other.getByLabel('Code de double authentification').fill(recovery);
  other.wrong.length = 0; // the refusal is an error status
  await soundAtBothWidths(other, 'connexion-code');
  await other.getByRole('button', { name: 'Se connecter' }).click();
  await other.waitForURL('**/reservations');

  // It is signed out from afar.
  await page.reload();
  await page.getByRole('button', { name: 'Déconnecter Chrome sur Linux' }).click();
  await page.getByRole('button', { name: 'Déconnecter Chrome sur Linux' }).waitFor({ state: 'detached' });
  const answer = await other.request.put(`${world.site}/api/account/newsletter`, {
    headers: { origin: world.site },
    data: { wanted: true },
  });
  assert.equal(answer.status(), 401);
  await other.context().close();
});

test('a suspect access is reported, and another password is chosen by code', async () => {
  const email = await client(world, 'robin@exemple.fr');
  const phone = await open(browser, world, 360);
  await signIn(phone, email);
  await phone.goto('/compte');
  await phone.getByRole('button', { name: 'Signaler un accès suspect' }).click();
  await soundAtBothWidths(phone, 'compte-acces-suspect');
  await phone.getByRole('button', { name: 'Signaler et tout déconnecter' }).click();
  await phone.getByRole('heading', { name: 'Mot de passe oublié' }).waitFor();
  await phone.getByLabel('Adresse électronique').fill(email);
  await phone.getByRole('button', { name: 'Recevoir un code' }).click();
  await phone.getByLabel('Nouveau mot de passe').fill('Autre-Cheval-10');
  await phone.getByLabel('Le même, une seconde fois').fill('Autre-Cheval-10');
  await soundAtBothWidths(phone, 'mot-de-passe-code');
  await typeCode(phone, world, email, 'Changer le mot de passe');
  await phone.getByText('Votre mot de passe est changé').waitFor();
  await phone.context().close();
});
