// The operator signs in with both factors and works through the dashboard, which has no script.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sound, soundAtBothWidths } from './browse.mjs';
import {
  accept,
  authorise,
  client,
  clockTo,
  decideEachPoint,
  DEMO_PASSWORD,
  later,
  mission,
  order,
  PASSWORD,
  register,
  REX,
  signIn,
  signOperatorIn,
} from './people.mjs';
import { start } from './start.mjs';

let world;
let browser;
let page;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
const said = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();

test('a password, then a code; a wrong one says so and keeps what was typed', async () => {
  const { email, password, code } = await world.get('/local/operator');
  await page.goto('/admin/argent');
  await heading('Connexion de l’exploitant');
  await soundAtBothWidths(page, 'admin-connexion');
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe').fill('Mauvais-Cheval-9');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Adresse électronique').inputValue(), email);
  page.wrong.length = 0;
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Continuer' }).click();
  await heading('Code de vérification');
  await soundAtBothWidths(page, 'admin-code');
  await page.getByLabel(/Code à six chiffres/).fill(code);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await heading('Argent');
  await soundAtBothWidths(page, 'admin-argent-vide');
});

test('every part of the menu opens, and says when it is empty', async () => {
  for (const [name, file] of [
    ['Vue d’ensemble', 'vue'],
    ['Inscriptions', 'inscriptions'],
    ['Professionnels', 'professionnels'],
    ['Clients', 'clients'],
    ['Réservations', 'reservations'],
    ['Avis', 'avis'],
    ['Activité', 'activite'],
    ['Réglages', 'reglages'],
  ]) {
    await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name, exact: true }).click();
    await heading(name);
    await soundAtBothWidths(page, `admin-${file}`);
  }
});

test('a possible duplicate is decided, and the checklist says how each thing was verified', async () => {
  const applicant = await open(browser, world);
  const id = await register(applicant, world, {
    email: 'sosie@exemple.fr',
    name: 'Sacha Lenoir',
    siren: '910000058',
    siret: '91000005800016',
    phone: '06 00 00 00 01',
    iban: 'FR76 3000 6000 0100 0000 0002 286',
  });
  await page.goto('/admin/inscriptions');
  await page.getByText('même téléphone, même IBAN qu’Alex Moreau Cynophile').waitFor();
  await soundAtBothWidths(page, 'admin-inscriptions-doublon');
  await page.getByRole('link', { name: 'Sacha Lenoir' }).click();
  await page.getByRole('heading', { level: 2, name: 'Liste de contrôle' }).waitFor();
  await page.getByText('Tranchez d’abord les').waitFor();
  await soundAtBothWidths(page, 'admin-dossier-doublon');
  const point = (label) => page.getByRole('listitem').filter({ has: page.getByText(label, { exact: true }) });
  await point('SIREN au registre').getByText('Décider').click();
  const siren = point('SIREN au registre');
  await siren.getByLabel('Comment', { exact: true }).first().fill('Annuaire des entreprises');
  await siren.getByRole('button', { name: 'C’est exact', exact: true }).click();
  await said('Vérification inscrite');
  await page.getByText(/Annuaire des entreprises, le/).waitFor();
  await page.getByText('Enregistrer une exemption').click();
  await page.getByLabel('Motif de l’exemption').fill('Associés d’un même local, accord du jour.');
  await soundAtBothWidths(page, 'admin-dossier-exemption');
  await page.getByRole('button', { name: 'Enregistrer l’exemption' }).click();
  await said('Exemption enregistrée');
  await page.getByText(/Exemption pour même téléphone, même IBAN/).waitFor();
  // Each document is opened beside its point, and decided there; nothing accepts the rest.
  const card = point('Carte professionnelle (CAR) : Sacha Lenoir');
  await card.getByRole('link', { name: 'Ouvrir la pièce' }).click();
  await page.frame({ name: 'piece' }).waitForURL(/documents/);
  assert.equal(await page.getByRole('button', { name: 'Accepter l’inscription' }).count(), 0);
  await card.getByText('Décider').click();
  await card.getByLabel('Comment', { exact: true }).selectOption('Portail CNAPS consulté');
  await soundAtBothWidths(page, 'admin-dossier-decider');
  await card.getByRole('button', { name: 'Vérifiée' }).click();
  await said('Pièce vérifiée');
  await decideEachPoint(page, world, id);
  await page.reload();
  await page.getByText('Tout est vérifié').waitFor();
  await page.getByRole('button', { name: 'Accepter l’inscription' }).click();
  await said('Inscription acceptée');
  await soundAtBothWidths(page, 'admin-dossier-verifie');
});

test('a professional is found, hidden with a reason, and shown again', async () => {
  await page.goto('/admin/professionnels');
  await page.getByRole('searchbox', { name: /Rechercher une réservation/ }).fill(REX);
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await page.getByRole('heading', { level: 2, name: 'Identité' }).waitFor();
  await soundAtBothWidths(page, 'admin-dossier');
  await page.getByText('Masquer tout de suite').click();
  const hide = page.locator('form[action$="/masquer"]').first();
  await hide.getByLabel('Motif').selectOption('rights_of_others');
  await hide.getByLabel('Faits, lus par le professionnel').fill('Photo d’un tiers sans son accord.');
  await page.getByRole('button', { name: 'Masquer la page' }).click();
  await said('masquées');
  await soundAtBothWidths(page, 'admin-masque');
  await page.getByLabel('Motif du rétablissement').fill('Photo retirée.');
  await page.getByRole('button', { name: 'Rétablir' }).click();
  await said('rétablies');
});

test('a measure is shown as the mail before it is announced, and can be revoked', async () => {
  await page.getByRole('link', { name: 'Suspendre, fermer ou résilier…' }).click();
  await heading('Annoncer une mesure');
  await soundAtBothWidths(page, 'admin-mesure');
  await page.getByLabel('Mesure').selectOption('closure');
  await page.getByLabel('Motif').selectOption('terms_broken');
  await page.getByLabel('Faits, lus par le professionnel').fill('Trois absences en un mois.');
  await page.getByRole('combobox', { name: 'Réservations en cours' }).selectOption('refund');
  await page.getByRole('button', { name: 'Voir le courriel' }).click();
  await page.getByText(/Votre compte sera fermé le/).waitFor();
  await soundAtBothWidths(page, 'admin-mesure-courriel');
  await page.getByRole('button', { name: 'Envoyer et annoncer' }).click();
  await said('Mesure annoncée');
  await page.getByLabel('Motif de la révocation').fill('Erreur de dossier.');
  await page.getByRole('button', { name: 'Révoquer la mesure' }).click();
  await said('révoquée');
  await page.getByText('Décisions passées').waitFor();
});

test('a document opens beside the file, and the log says so', async () => {
  await page.getByRole('link', { name: 'Assurance responsabilité civile professionnelle' }).first().click();
  const frame = page.frame({ name: 'piece' });
  await frame.waitForURL(/documents/);
  await page.getByRole('link', { name: 'Journal de ce dossier' }).click();
  await heading('Activité');
  await page.getByText('open-document').first().waitFor();
  await soundAtBothWidths(page, 'admin-journal');
  const { now } = await world.get('/local/clock');
  await page.getByLabel('Action').fill('open-document');
  await page.getByLabel('Du', { exact: true }).fill(later(now, -1));
  await page.getByLabel('Au', { exact: true }).fill(later(now, 1));
  await page.getByRole('button', { name: 'Afficher' }).click();
  await page.getByRole('region', { name: 'Journal' }).waitFor();
  assert.equal(await page.getByText('show-professional-file').count(), 0);
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Télécharger cette sélection' }).click();
  assert.equal((await file).suggestedFilename(), 'activite.csv');
  await soundAtBothWidths(page, 'admin-journal-filtre');
});

test('money that is kept, and the booking it belongs to with its ledger', async () => {
  const customer = await open(browser, world);
  await client(world, 'nadia@exemple.fr');
  await signIn(customer, 'nadia@exemple.fr', PASSWORD);
  const booking = await order(customer, world, await mission(world));
  await authorise(customer, world, booking);
  const professional = await open(browser, world);
  await signIn(professional, REX, DEMO_PASSWORD);
  await accept(professional, world, booking);
  await page.goto('/admin/argent?rapprocher=oui');
  await page.getByText('aucune différence').waitFor();
  await soundAtBothWidths(page, 'admin-argent');
  await page.getByRole('region', { name: 'Sommes conservées' }).getByRole('link').first().click();
  await page.getByRole('region', { name: 'Écritures' }).waitFor();
  await soundAtBothWidths(page, 'admin-reservation');
});

test('evaluations of a client open for a reason alone, and the month is a file', async () => {
  await page.getByRole('link', { name: 'Nadia Martin' }).click();
  await heading(/Nadia Martin/);
  await soundAtBothWidths(page, 'admin-client');
  await page.getByLabel('Motif de consultation').fill('Demande d’accès de la personne');
  await page.getByRole('button', { name: 'Lire les évaluations' }).click();
  await heading('Évaluations privées');
  await page.getByText('Motif : Demande d’accès de la personne').waitFor();
  await soundAtBothWidths(page, 'admin-evaluations');
  await page.goto('/admin/argent');
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Factures de commission du mois' }).click();
  assert.match((await file).suggestedFilename(), /^commissions-\d{4}-\d{2}\.csv$/);
});

test('a commission is planned and taken back', async () => {
  await page.goto('/admin/reglages');
  await page.getByLabel('Taux').first().fill('14,5');
  await page.getByLabel('Minimum').fill('6');
  await page.getByLabel('Dès le').first().fill('2030-01-01');
  await page.getByRole('button', { name: 'Prévoir', exact: true }).click();
  await said('Commission prévue');
  await soundAtBothWidths(page, 'admin-reglages-prevus');
  await page.getByRole('button', { name: 'Retirer' }).click();
  await said('retirée');
  await page.getByText(/Retirée le .* par/).waitFor();
});

test('a version of the terms is published, and both can be read', async () => {
  await page.goto('/admin/textes');
  await soundAtBothWidths(page, 'admin-textes');
  await page.getByLabel('Texte', { exact: true }).first().selectOption('clients');
  await page.getByLabel('Nom de la version').fill('2030-01');
  await page.getByLabel('Effet dès le').fill('2030-01-15');
  const text = `## 1. Ce qui change\n\n${'Les réclamations reçoivent une réponse sous trois jours ouvrés. '.repeat(5)}`;
  await page.locator('textarea').fill(text);
  await page.getByRole('button', { name: 'Publier et annoncer' }).click();
  await said('Version publiée');
  await soundAtBothWidths(page, 'admin-textes-publies');
  const visitor = await open(browser, world);
  await visitor.goto('/cgu');
  await visitor.getByRole('link', { name: 'Conditions pour les clients' }).click();
  await visitor.getByRole('heading', { level: 1, name: 'Conditions d’utilisation' }).waitFor();
  await visitor.getByText('en vigueur', { exact: true }).waitFor();
  await sound(visitor);
  if (process.env.SHOTS) await visitor.screenshot({ path: `${process.env.SHOTS}/cgu-1280.png` });
  await visitor.getByRole('link', { name: 'Version 2030-01' }).click();
  await visitor.getByRole('heading', { name: '1. Ce qui change' }).waitFor();
  await sound(visitor);
});

test('a professional contests a decision, and the operator answers', async () => {
  await page.goto('/admin/professionnels');
  await page.getByRole('searchbox', { name: /Rechercher une réservation/ }).fill(REX);
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await page.getByRole('heading', { level: 2, name: 'Identité' }).waitFor();
  const file = page.url();
  await page.getByText('Mettre en demeure (30 jours)').click();
  await page.getByLabel('Ce qui est demandé, lu par le professionnel').fill('Fournir l’attestation.');
  await page.getByRole('button', { name: 'Envoyer la mise en demeure' }).click();
  await said('trente jours');
  const professional = await open(browser, world);
  await signIn(professional, REX, DEMO_PASSWORD);
  await professional.goto('/pro');
  await professional.getByRole('link', { name: 'La lire, la contester' }).click();
  await professional.getByRole('textbox').fill('L’attestation a été déposée le mois dernier.');
  for (const width of [360, 1280]) {
    await professional.setViewportSize({ width, height: 800 });
    await sound(professional);
    if (process.env.SHOTS) {
      await professional.screenshot({ path: `${process.env.SHOTS}/decision-${width}.png`, fullPage: true });
    }
  }
  await professional.getByRole('button', { name: 'Envoyer ma contestation' }).click();
  await professional.getByText('Votre contestation est reçue').waitFor();
  await page.goto('/admin');
  await page.getByRole('link', { name: /décisions? contestées?/ }).click();
  await page.getByText('L’attestation a été déposée le mois dernier.').waitFor();
  await page.goto(file);
  await page.getByLabel('Réponse, lue par le professionnel').fill('Elle couvrait l’an passé.');
  await page.getByRole('button', { name: 'Maintenir la décision et répondre' }).click();
  await said('Réponse envoyée');
  await soundAtBothWidths(page, 'admin-contestation');
  await professional.reload();
  await professional.getByText('La décision est maintenue').waitFor();
});

test('a mail that came back says what to do, and is done with', async () => {
  await world.post('/api/registrations', { email: 'rebond@exemple.fr', accepts_terms: true });
  await page.goto('/admin');
  // SES tells it a moment later.
  for (let tries = 0; tries < 50 && !(await page.getByRole('link', { name: '1 courriel revenu' }).count()); tries += 1) {
    await page.waitForTimeout(100);
    await page.reload();
  }
  await page.getByRole('link', { name: '1 courriel revenu' }).click();
  await heading('Courriels revenus');
  await soundAtBothWidths(page, 'admin-courriels');
  await page.getByRole('button', { name: 'C’est traité' }).click();
  await page.getByText('Tous les courriels sont arrivés').waitFor();
  await sound(page);
});

test('a title that ends early is told to the client, and the operator sees the mission', async () => {
  await page.goto('/admin/titres');
  await page.getByText('Aucune mission confirmée').waitFor();
  await page.goto('/admin/professionnels');
  await page.getByRole('searchbox', { name: /Rechercher une réservation/ }).fill(REX);
  await page.getByRole('button', { name: 'Rechercher' }).click();
  const row = page.getByRole('row', { name: /Autorisation d’exercice CNAPS/ });
  await row.getByText('Fin anticipée').click();
  const { now } = await world.get('/local/clock');
  await row.getByLabel('Dernier jour').fill(now.slice(0, 10));
  await row.getByLabel('Cause, lue par le professionnel').fill('Retrait notifié par le CNAPS.');
  await soundAtBothWidths(page, 'admin-fin-anticipee');
  await row.getByRole('button', { name: 'Enregistrer la fin' }).click();
  await said('Fin anticipée enregistrée');
  await clockTo(world, now, 2);
  await signOperatorIn(page, world);
  await page.goto('/admin');
  await soundAtBothWidths(page, 'admin-vue-titres');
  await page.getByRole('link', { name: '1 mission sans titre' }).click();
  await heading('Missions sans titre');
  await soundAtBothWidths(page, 'admin-titres');
  await page.getByRole('region', { name: 'Missions et titres' }).getByRole('link').first().click();
  await page.getByText(/avant la mission. Client informé/).waitFor();
  await soundAtBothWidths(page, 'admin-reservation-titre');
  const mails = (await world.get('/local/mail')).filter((mail) => mail.to.includes('nadia@exemple.fr'));
  assert.equal(mails.filter((mail) => mail.subject.includes('prend fin avant votre mission')).length, 1);
});

test('what could not be delivered is on the overview, and each line says what to do', async () => {
  // Stripe is away for whoever reads an account, until every retry is over.
  await world.post('/local/stripe/fail-next', { before: true, times: 1000, path: '/v2/core/accounts' });
  const [account] = await world.get('/local/stripe/objects?kind=account');
  await world.post(`/local/stripe/accounts/${account.id}`, { transfers: 'restricted' });
  await world.post('/local/settle');
  await world.post('/local/clock', { advance_seconds: 3 * 3600 });
  await signOperatorIn(page, world);
  await page.goto('/admin');
  await page.getByRole('link', { name: /depuis \d+ h événements? non livrés?/ }).waitFor();
  await soundAtBothWidths(page, 'admin-vue-alertes');
  await page.getByRole('link', { name: /événements? non livrés?/ }).click();
  await heading('Événements non livrés');
  await page.getByText('follow-stripe').first().waitFor();
  await page.getByRole('button', { name: /^Redonner / }).first().waitFor();
  await soundAtBothWidths(page, 'admin-evenements');
});

test('signing out closes every page', async () => {
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await said('déconnecté');
  await page.goto('/admin');
  await heading('Connexion de l’exploitant');
});
