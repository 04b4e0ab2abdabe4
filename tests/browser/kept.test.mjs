// What a client keeps: to be told when somebody is free, and the professionals they come back to.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, searchFor, soundAtBothWidths } from './browse.mjs';
import {
  api,
  authorise,
  client,
  clockTo,
  DEMO_PASSWORD,
  mission,
  order,
  PASSWORD,
  REX,
  signIn,
  signInAgain,
  signRexIn,
} from './people.mjs';
import { leave, stage } from './stage.mjs';

const CLIENT = 'garde@exemple.fr';
const OTHER = 'premiere@exemple.fr';

let set;
let page;
let taken;

before(async () => {
  set = await stage();
  const { world, browser } = set;
  page = await open(browser, world, 360);
  await signIn(page, await client(world, CLIENT));
  // Somebody else comes first, and the dog handler has no second night.
  const other = await open(browser, world);
  await signInAgain(other, world, await client(world, OTHER));
  taken = await order(other, world, await mission(world));
  await authorise(other, world, taken);
});
after(() => leave(set));

const mails = async (subject) =>
  (await set.world.get('/local/mail')).filter(
    (mail) => mail.to.includes(CLIENT) && mail.subject.includes(subject),
  );

/** So many hours later; sessions of people do not outlive it. */
async function hoursLater(hours) {
  const { now } = await set.world.get('/local/clock');
  await clockTo(set.world, now, hours);
  await signInAgain(page, set.world, CLIENT, PASSWORD);
}

/** Asks to be told, on the results page of a search without any. */
async function askToBeTold(wanted) {
  await searchFor(page, wanted);
  await page.getByText('Personne n’est libre pour cette mission').waitFor();
  await page.getByRole('button', { name: 'Prévenez-moi si quelqu’un se libère' }).click();
  await page.getByRole('status').filter({ hasText: 'C’est noté' }).waitFor();
}

test('a visitor is asked to sign in before being told', async () => {
  const visitor = await open(set.browser, set.world, 360);
  await searchFor(visitor);
  await visitor.getByText('pour être prévenu par courriel').waitFor();
  const link = visitor.locator('.alert-me').getByRole('link', { name: 'Connectez-vous' });
  assert.match(await link.getAttribute('href'), /^\/connexion\?suite=%2Frecherche%3F/);
  await visitor.context().close();
});

test('nobody is free: a client asks to be told, once for a mission, and sees it among the alerts', async () => {
  await askToBeTold();
  await soundAtBothWidths(page, 'alerte-demandee');
  await page.setViewportSize({ width: 360, height: 800 });
  await askToBeTold();
  await page.getByRole('link', { name: 'Voir mes alertes' }).click();
  await page.waitForURL('**/compte/alertes');
  const alert = page.getByTestId('alert');
  await alert.getByText('En attente').waitFor();
  assert.equal(await alert.count(), 1);
  await soundAtBothWidths(page, 'alertes');
});

test('the mail comes once somebody is free, and leads to who that is', async () => {
  await hoursLater(1.1);
  assert.equal((await mails('est libre')).length, 0);
  await signRexIn(set.professional, set.world);
  await api(set.professional, set.world, 'POST', `/api/bookings/${taken.id}/refuse`, {
    reason: 'Complet ce jour-là.',
  });
  await set.world.post('/local/settle');
  await hoursLater(1.1);
  assert.equal((await mails('est libre')).length, 1);
  await page.goto(await set.world.link(CLIENT, '/recherche'));
  await page.getByTestId('result').first().waitFor();
  await hoursLater(1.1);
  assert.equal((await mails('est libre')).length, 1);
  await page.goto('/compte/alertes');
  await page.getByTestId('alert').getByText('Envoyée').waitFor();
  // The same mission is searched from there.
  await page.getByTestId('alert').getByRole('link').click();
  await page.getByTestId('result').first().waitFor();
});

test('what still waits is ended in the account, or for all from the mail without signing in', async () => {
  await page.setViewportSize({ width: 360, height: 800 });
  for (const place of [
    { typed: 'lyon', place: /Lyon/ },
    { typed: 'marseille', place: /Marseille/ },
  ]) {
    await searchFor(page, { activity: 'Transport de fonds', ...place });
    await page.getByRole('button', { name: 'Prévenez-moi si quelqu’un se libère' }).click();
    await page.getByRole('status').filter({ hasText: 'C’est noté' }).waitFor();
  }
  await page.goto('/compte/alertes');
  const waiting = page.locator('[data-testid=alert][data-state=waiting]');
  await waiting.nth(1).waitFor();
  await page.getByRole('button', { name: /^Arrêter : .*Lyon/ }).click();
  await page.locator('[data-testid=alert][data-state=ended]').waitFor();
  assert.equal(await waiting.count(), 1);

  const anybody = await open(set.browser, set.world, 360);
  await anybody.goto(await set.world.link(CLIENT, '/alerte'));
  await anybody.getByText('sans avoir à vous connecter').waitFor();
  await soundAtBothWidths(anybody, 'alerte-arret');
  await anybody.getByRole('button', { name: 'Arrêter toutes mes alertes' }).click();
  await anybody.getByText('1 alerte est arrêtée.').waitFor();
  await anybody.context().close();
  await page.reload();
  await page.getByTestId('alert').first().waitFor();
  assert.equal(await waiting.count(), 0);
});

test('a favourite is kept from the professional’s page, and given up there or in the account', async () => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/compte/favoris');
  await page.getByTestId('nothing').waitFor();
  await searchFor(page);
  await page.getByTestId('result').first().getByRole('link').first().click();
  await page.waitForURL('**/professionnels/*');
  const star = page.getByRole('button', { name: /favori/i });
  await star.filter({ hasText: 'Ajouter aux favoris' }).click();
  await page.locator('button[aria-pressed=true]').waitFor();
  await soundAtBothWidths(page, 'favori');
  const name = await page.getByRole('heading', { level: 1 }).innerText();

  await page.goto('/compte/favoris');
  const kept = page.getByTestId('favourite');
  await kept.getByRole('link', { name }).waitFor();
  await soundAtBothWidths(page, 'favoris');
  await page.setViewportSize({ width: 360, height: 800 });
  await kept.getByRole('link', { name }).click();
  await page.locator('button[aria-pressed=true]').click();
  await page.locator('button[aria-pressed=false]').click();
  await page.locator('button[aria-pressed=true]').waitFor();
  await page.goto('/compte/favoris');
  await page.getByRole('button', { name: `Retirer ${name}` }).click();
  await page.getByTestId('nothing').waitFor();
  await soundAtBothWidths(page, 'favoris-aucun');
});

test('a visitor and a professional have no button to keep a favourite', async () => {
  await page.setViewportSize({ width: 360, height: 800 });
  await searchFor(page);
  await page.getByTestId('result').first().getByRole('link').first().click();
  await page.waitForURL('**/professionnels/*');
  await page.locator('button[aria-pressed]').waitFor();
  const other = await open(set.browser, set.world, 360);
  for (const signedIn of [false, true]) {
    if (signedIn) await signIn(other, REX, DEMO_PASSWORD);
    await other.goto(page.url(), { waitUntil: 'networkidle' });
    await other.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await other.locator('button[aria-pressed]').count(), 0);
  }
  await other.context().close();
});
