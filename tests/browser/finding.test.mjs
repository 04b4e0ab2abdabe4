// The operator finds anything from any page, goes through lists and queues, and sees what a decision does
// before it is taken.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, soundAtBothWidths } from './browse.mjs';
import {
  accept,
  api,
  authorise,
  client,
  DEMO_PASSWORD,
  mission,
  order,
  PASSWORD,
  REX,
  signIn,
  signOperatorIn,
} from './people.mjs';
import { start } from './start.mjs';

let world;
let browser;
let page;
let booking;
let reference;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world);
  const customer = await open(browser, world);
  await client(world, 'nadia@exemple.fr');
  await signIn(customer, 'nadia@exemple.fr', PASSWORD);
  booking = await order(customer, world, await mission(world));
  await authorise(customer, world, booking);
  const professional = await open(browser, world);
  await signIn(professional, REX, DEMO_PASSWORD);
  await accept(professional, world, booking);
  reference = (await api(customer, world, 'GET', `/api/bookings/${booking.id}`)).reference;
  await world.post('/local/settle').catch(() => null);
  await signOperatorIn(page, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
const said = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();

async function lookFor(typed) {
  const box = page.getByRole('searchbox', { name: /Rechercher une réservation/ });
  await box.fill(typed);
  await box.press('Enter');
}

test('a reference typed on any page opens its booking, however it is written', async () => {
  for (const from of ['/admin', '/admin/argent', '/admin/reglages']) {
    await page.goto(from);
    await lookFor(reference.toLowerCase().replaceAll('-', ' '));
    await heading(new RegExp(reference));
  }
  await soundAtBothWidths(page, 'trouver-reservation');
});

test('a name is found by its beginning, and what is not says what was understood', async () => {
  await lookFor('NÀD mart');
  await page.getByRole('heading', { level: 2, name: 'Clients' }).waitFor();
  await soundAtBothWidths(page, 'trouver-nom');
  await page.getByRole('link', { name: 'Nadia Martin' }).click();
  await heading(/Nadia Martin/);
  await soundAtBothWidths(page, 'trouver-client');
  await lookFor('quenneville');
  await page.getByText('Rien n’a été trouvé').waitFor();
  await page.getByText(/commencent par quenneville/).waitFor();
  await soundAtBothWidths(page, 'trouver-rien');
});

test('the list of bookings keeps its filters in the address and comes as a file', async () => {
  await page.goto('/admin/reservations');
  await page.getByLabel('État').selectOption('Confirmée');
  await page.getByRole('button', { name: 'Filtrer' }).click();
  assert.match(page.url(), /etat=accepted/);
  await page.getByRole('link', { name: reference }).waitFor();
  await page.getByRole('columnheader', { name: 'Total' }).getByRole('link').click();
  assert.match(page.url(), /etat=accepted.*tri=montant|tri=montant.*etat=accepted/);
  await soundAtBothWidths(page, 'liste-reservations');
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: /Télécharger la liste/ }).click();
  assert.equal((await file).suggestedFilename(), 'reservations.csv');
  await page.goto('/admin/clients');
  await page.getByRole('link', { name: 'Nadia Martin' }).waitFor();
  await soundAtBothWidths(page, 'liste-clients');
});

test('the day is read in sentences, with names that lead somewhere', async () => {
  await page.goto('/admin/activite');
  const line = page.getByRole('listitem').filter({ hasText: 'a accepté la demande' }).first();
  await line.getByRole('link', { name: `réservation ${reference}` }).waitFor();
  await soundAtBothWidths(page, 'journal-du-jour');
});

test('a mission called off shows who gets what and the mails before it is confirmed', async () => {
  await page.goto(`/admin/reservations/${booking.id}`);
  await page.getByLabel('Ajouter une note').fill('A rappelé : le site est fermé ce soir-là.');
  await page.getByRole('button', { name: 'Ajouter la note' }).click();
  await said('Note ajoutée');
  await page.getByLabel('Motif, lu par les deux parties').first().fill('Le site est fermé ce soir-là par arrêté.');
  await page.getByRole('button', { name: 'Préparer l’annulation' }).click();
  await page.getByRole('heading', { level: 2, name: 'Ce qui se passera' }).waitFor();
  await page.getByText(/Courriel au client/).click();
  await page.getByText(/MonAgentDeSecu a annulé cette mission/).first().waitFor();
  await soundAtBothWidths(page, 'decision-preparee');
  await page.getByRole('button', { name: 'Annuler la mission' }).click();
  await said('Mission annulée');
});

test('operators are let in with a role; what they are given is shown once', async () => {
  await page.goto('/admin/reglages');
  await page.getByRole('link', { name: 'Exploitants et rôles' }).click();
  await heading('Exploitants');
  await soundAtBothWidths(page, 'exploitants');
  const form = page.getByRole('region', { name: 'Inviter un exploitant' });
  await form.getByLabel('Adresse électronique').fill('binome@exemple.fr');
  await form.getByLabel(/Finances/).check();
  await form.getByRole('button', { name: 'Ouvrir le compte' }).click();
  await heading(/Compte ouvert pour binome/);
  await soundAtBothWidths(page, 'exploitant-invite');
  await page.goto('/admin/exploitants');
  await page.getByText('binome@exemple.fr').first().waitFor();
  await page.goto('/admin/a-confirmer');
  await page.getByText('Aucune décision n’attend').waitFor();
  await soundAtBothWidths(page, 'a-confirmer');
});

test('closing an account for somebody shows what it does first', async () => {
  await page.goto('/admin/clients');
  await page.getByRole('link', { name: 'Nadia Martin' }).click();
  await page.getByRole('link', { name: 'Fermer son compte' }).click();
  await heading('Fermer le compte à la demande du client');
  await soundAtBothWidths(page, 'fermeture-compte');
});
