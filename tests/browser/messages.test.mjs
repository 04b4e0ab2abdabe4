// A client and a professional write to each other, before an order and after its acceptance.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sound } from './browse.mjs';
import {
  accept,
  api,
  authorise,
  client,
  DEMO_PASSWORD,
  mission,
  order,
  REX,
  signIn,
} from './people.mjs';
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

const write = async (page, text) => {
  await page.getByLabel('Votre message').fill(text);
  await page.getByRole('button', { name: 'Envoyer' }).click();
};
const message = (page, text) => page.getByTestId('message').filter({ hasText: text });
const pdf = (name) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  ) });

test('coordinates are masked before acceptance, a program is refused, a mail tells without content', async () => {
  const email = await client(world, 'lea@exemple.fr');
  const wanted = await mission(world, { weeks: 1 });
  const { slug } = await world.get(`/api/offers/${wanted.offer}`);

  // The way in is the professional's page; who is not signed in keeps what they wrote.
  const page = await open(browser, world, 360);
  await page.goto(`/professionnels/${slug}`);
  await page.getByRole('link', { name: 'Écrire un message' }).click();
  await page.getByText('Vous n’êtes pas connecté').waitFor();
  await signIn(page, email);
  await page.goto(`/professionnels/${slug}`);
  await page.getByRole('link', { name: 'Écrire un message' }).click();

  await page.getByRole('button', { name: 'Envoyer' }).click();
  await page.getByText('Écrivez votre message.').waitFor();
  const files = page.getByLabel('Pièces jointes');
  await files.setInputFiles({
    name: 'plan.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('MZ this program cannot be run'),
  });
  await page.getByText('n’est pas un PDF, un JPEG ou un PNG').waitFor();
  await files.setInputFiles(pdf('Plan du site.pdf'));
  await sound(page);
  await write(page, 'Bonjour, voici le plan. Mon numéro : 06 12 34 56 78.');
  await message(page, 'Mon numéro : [coordonnées masquées].').waitFor();
  await page.getByRole('button', { name: 'Plan du site.pdf' }).waitFor();
  await page.waitForURL(/\/messages\/cnv_/);
  assert.equal(await page.getByLabel('Votre message').inputValue(), '');
  await sound(page);

  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  const told = mails.find(({ to, subject }) => to === REX && subject.includes('Nouveau message'));
  assert.ok(told && !told.text.includes('plan'), told?.text);

  const professional = await open(browser, world, 360);
  await signIn(professional, REX, DEMO_PASSWORD);
  await professional.goto(new URL(told.text.match(/https?:\S+\/pro\/messages\/\S+/)[0]).pathname);
  await message(professional, '[coordonnées masquées]').waitFor();
  const opened = professional.waitForEvent('popup');
  await professional.getByRole('button', { name: 'Plan du site.pdf' }).click();
  await (await opened).waitForURL(/attachments/);
  await sound(professional);
  await professional.goto('/pro/messages');
  await professional.getByRole('link', { name: 'Un client du site' }).waitFor();
  await sound(professional);

  // From the acceptance on, everything is readable and each knows the other.
  const booking = await order(page, world, wanted);
  await authorise(page, world, booking);
  await accept(professional, world, booking);
  await professional.goto(`/pro/demandes/${booking.id}`);
  await professional.getByRole('link', { name: 'Écrire au client' }).click();
  await message(professional, 'Mon numéro : 06 12 34 56 78.').waitFor();
  await write(professional, 'Je vous appelle demain.');
  await message(professional, 'Je vous appelle demain.').waitFor();
  await message(professional, booking.reference).waitFor();

  const desktop = await open(browser, world, 1280);
  await signIn(desktop, email);
  await desktop.getByRole('link', { name: 'Messages' }).click();
  await desktop.locator('main').getByText('1 non lu').waitFor();
  await sound(desktop);
  await desktop.getByRole('link', { name: 'Alex Moreau' }).click();
  await message(desktop, 'Je vous appelle demain.').waitFor();
  await sound(desktop);
  await desktop.goto('/messages');
  await desktop.getByRole('heading', { name: 'Messages' }).waitFor();
  await desktop.getByText('Dernier message').waitFor();
  assert.equal(await desktop.getByText('non lu').count(), 0);
});

test('what was written survives a broken connection and is sent once', async () => {
  const email = await client(world, 'paul@exemple.fr');
  const wanted = await mission(world, { weeks: 2 });
  const { slug } = await world.get(`/api/offers/${wanted.offer}`);
  const page = await open(browser, world, 1280);
  await signIn(page, email);
  await page.goto(`/messages/nouveau?a=${slug}`);
  // The message arrives, the answer does not.
  await page.route('**/api/messages', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await write(page, 'Êtes-vous libre en janvier ?');
  await page.getByText('Le message n’est pas parti').waitFor();
  await page.reload();
  assert.equal(await page.getByLabel('Votre message').inputValue(), 'Êtes-vous libre en janvier ?');
  await page.getByRole('button', { name: 'Envoyer' }).click();
  await message(page, 'Êtes-vous libre en janvier ?').waitFor();
  await page.waitForFunction(() => document.getElementById('message-text').value === '');
  const { conversations } = await api(page, world, 'GET', '/api/conversations');
  assert.equal(conversations[0].messages, 1);
});
