// One mission sent to several professionals from a phone, two of whom answer on theirs, and the cheaper
// quote ordered; then the same place once more, kept in the account.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, soundAtBothWidths } from './browse.mjs';
import { client, DEMO_PASSWORD, PASSWORD, pay, signIn, state } from './people.mjs';
import { start } from './start.mjs';

const CLIENT = 'nadia@exemple.fr';

let world;
let browser;
let page;
let request;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  await world.post('/local/demo/towns');
  await world.post('/local/settle');
  page = await open(browser, world, 360);
  await signIn(page, await client(world, CLIENT), PASSWORD);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const mails = async (words) => {
  await world.post('/local/settle');
  return (await world.get('/local/mail')).filter(({ subject }) => subject.includes(words));
};

test('a mission goes from the results to those who can take it, without its address', async () => {
  const wish = new URLSearchParams({
    activite: 'human_surveillance',
    lieu: '69003 Lyon',
    date: nextSaturday(),
    debut: '20:00',
    fin: '04:00',
    agents: '1',
  });
  await page.goto(`/recherche?${wish}`);
  await page.getByRole('link', { name: 'Demander des devis à plusieurs' }).click();
  await page.getByLabel('Adresse de la mission').fill('12 rue de la République');
  await page.getByLabel('Type de site').selectOption('Chantier');
  const some = page.getByRole('group', { name: /À qui demander/ });
  await some.getByRole('checkbox').first().waitFor();
  await soundAtBothWidths(page, 'quotes-ask');
  // Nobody ticked: said, and nothing is sent.
  for (const box of await some.getByRole('checkbox', { checked: true }).all()) await box.uncheck();
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await page.getByText('Cochez au moins un professionnel.').waitFor();
  await some.getByRole('checkbox').nth(0).check();
  await some.getByRole('checkbox').nth(1).check();
  await page.getByRole('button', { name: 'Envoyer à 2 professionnels' }).click();
  await page.waitForURL(/\/devis\/qrq_/);
  request = new URL(page.url()).pathname.split('/').pop();
  await page.getByText('Les professionnels ont reçu votre demande').waitFor();
  assert.equal(await page.getByTestId('quote').count(), 2);
  await soundAtBothWidths(page, 'quotes-waiting');
  const asked = await mails('Demande de devis à Lyon');
  assert.equal(asked.length, 2);
  assert.ok(!JSON.stringify(asked).includes('République'), 'no address in mails');
});

/** One of those who were asked, on a phone. */
async function answering(rank) {
  const asked = await mails('Demande de devis à Lyon');
  const to = [asked[rank].to].flat()[0];
  const own = await open(browser, world, 360);
  await signIn(own, to, DEMO_PASSWORD);
  return own;
}

test('one answers with the rates, the other with a total of their own', async () => {
  const first = await answering(0);
  await first.goto('/pro/devis');
  await first.getByTestId('quote-to-give').getByRole('link').first().click();
  await first.getByTestId('shown-price').waitFor();
  assert.equal(await first.getByText('République').count(), 0);
  await soundAtBothWidths(first, 'quotes-give');
  await first.getByLabel('Conditions').fill('Prévoir une place de stationnement.');
  await first.getByRole('button', { name: 'Envoyer mon devis' }).click();
  await state(first, 'valid');
  await soundAtBothWidths(first, 'quotes-given');

  const second = await answering(1);
  await second.goto(`/pro/devis/${request}`);
  await second.getByLabel('Un autre total').check();
  await second.getByRole('button', { name: 'Envoyer mon devis' }).click();
  await second.getByLabel(/^Total/).fill('5');
  await second.getByText('1 € à 1 500 €').waitFor();
  await second.getByLabel(/^Total/).fill('200');
  await second.getByTestId('shown-price').getByText('200,00').first().waitFor();
  await second.getByRole('button', { name: 'Envoyer mon devis' }).click();
  await state(second, 'valid');
  await first.context().close();
  await second.context().close();
});

test('both are compared on the same lines, and the cheaper one is ordered for what it says', async () => {
  await page.goto(`/devis/${request}`);
  const quotes = page.getByTestId('quote');
  assert.equal(await quotes.filter({ hasText: 'Devis reçu' }).count(), 2);
  await soundAtBothWidths(page, 'quotes-compare');
  const lines = await quotes.first().locator('dt').allTextContents();
  assert.deepEqual(await quotes.nth(1).locator('dt').allTextContents(), lines);
  const total = (await quotes.first().locator('.total dd').textContent()).trim();
  await quotes.first().getByRole('link', { name: /Choisir ce devis/ }).click();
  await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).waitFor();
  await page.getByText('Prix convenu avec').waitFor();
  await soundAtBothWidths(page, 'quotes-order');
  assert.equal((await page.getByTestId('quote-total').textContent()).trim(), total);
  for (const box of await page.locator('main input[type=checkbox][required]').all()) await box.check();
  await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).click();
  await page.getByLabel('Numéro de carte').waitFor();
  await pay(page, '4242 4242 4242 4242');
  await page.waitForURL(/\/reservations\/.*paiement=ok/);
  await world.post('/local/settle');
  await page.reload();
  await state(page, 'accepted');
  await page.getByRole('button', { name: 'Ajouter à mon agenda' }).waitFor();
  await page.goto(`/devis/${request}`);
  await page.getByText('Devis commandé').waitFor();
  await soundAtBothWidths(page, 'quotes-ordered');
  assert.equal((await mails('n’a pas été retenu')).length, 1);
  const [confirmed] = await mails('accepte votre mission');
  assert.match(confirmed.text, /\/api\/calendars\/missions\/bkg_/);
});

test('the place is kept under a name and offered in the next order, with whom to call', async () => {
  await page.goto('/compte/lieux');
  await page.getByRole('button', { name: /^Enregistrer 12 rue/ }).click();
  await page.getByRole('button', { name: 'Enregistrer ce lieu' }).click();
  await page.getByText('Donnez un nom à ce lieu.').waitFor();
  await page.getByLabel('Nom du lieu').fill('Chantier de la Part-Dieu');
  await page.getByText('Quelqu’un d’autre à appeler sur place').click();
  await page.getByLabel('Nom de cette personne').fill('Dominique Leroy');
  await page.getByLabel('Son téléphone').fill('06 98 76 54 32');
  await soundAtBothWidths(page, 'sites-edit');
  await page.getByRole('button', { name: 'Enregistrer ce lieu' }).click();
  await page.getByTestId('saved-site').getByText('Appeler Dominique Leroy').waitFor();
  await soundAtBothWidths(page, 'sites');
  await page.goto('/reservations');
  await page.getByTestId('booking').getByRole('link').first().click();
  await page.getByRole('button', { name: /Ajouter aux favoris/ }).click();
  await page.getByRole('button', { name: /★ Favori/ }).waitFor();
  await page.goto('/compte/favoris');
  await page.getByTestId('favourite').waitFor();
  await soundAtBothWidths(page, 'favourites');
});

test('when nobody is free, one click asks to be told', async () => {
  const wish = new URLSearchParams({
    activite: 'human_surveillance',
    lieu: 'Mende (48)',
    date: nextSaturday(),
    debut: '20:00',
    fin: '04:00',
    agents: '9',
  });
  await page.goto(`/recherche?${wish}`);
  await page.getByRole('button', { name: 'Prévenez-moi si quelqu’un se libère' }).click();
  await page.getByText('C’est noté').waitFor();
  await soundAtBothWidths(page, 'alert-set');
  await page.goto('/compte/alertes');
  await page.getByRole('button', { name: /^Arrêter/ }).click();
  await page.getByText('Arrêtée').waitFor();
  await soundAtBothWidths(page, 'alerts');
});
