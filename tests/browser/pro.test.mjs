// A professional registers, is accepted, publishes, takes a mission and is paid.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, sound } from './browse.mjs';
import {
  acceptRegistration,
  api,
  authorise,
  client,
  clockTo,
  later,
  order,
  PASSWORD,
  signIn,
  signOperatorIn,
  state,
  typeCode,
} from './people.mjs';
import { start } from './start.mjs';

// Of this mailbox nobody hears whether a mail arrived.
const EMAIL = 'muet@exemple.fr';
const CHOSEN = 'Nouveau-Secret-77';

let world;
let browser;
/** The professional's own page, the same from the first mail to the payout. */
let page;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world, 360);
});
after(async () => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/last.png`, fullPage: true });
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

/** Fine on a phone and on a desktop. */
async function soundAtBothWidths() {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await sound(page);
    if (process.env.SHOTS) {
      const name =
        new URL(page.url()).pathname.replace(/\W+/g, '_') + new URL(page.url()).search.replace(/\W+/g, '_');
      await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true });
    }
  }
}

const save = () => page.getByRole('button', { name: 'Enregistrer et continuer' }).click();
const heading = (name) => page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
const fault = (text) => page.locator('.fault', { hasText: text }).first().waitFor();

async function deposit(kind, fill, text = kind) {
  const place = page.getByTestId(`document-${kind}`);
  await place.getByRole('button', { name: /^Ajouter/ }).click();
  await fill(place);
  await place.getByLabel('Fichier').setInputFiles(pdf(text));
  await place.getByRole('button', { name: 'Déposer' }).click();
  await place.getByText('Déposé', { exact: true }).waitFor();
}

const title = (number, carries) => async (place) => {
  await place.getByLabel('Numéro du titre').fill(number);
  // The number says its last day, which is written for the applicant.
  assert.equal(await place.getByLabel('Dernier jour de validité').inputValue(), '2030-06-19');
  if (!carries) return;
  await place.getByRole('button', { name: 'Déposer' }).click();
  await fault('Cochez les activités inscrites');
  await place.getByLabel(carries).check();
};

test('the registration is checked as it is typed, saved step by step, and says what is missing', async () => {
  await page.goto('/pro/inscription');
  await page.getByLabel(/Adresse électronique/).fill(EMAIL);
  await page.getByRole('button', { name: 'Commencer' }).click();
  await fault('Acceptez les conditions');
  await page.getByLabel(/J’accepte/).check();
  await page.getByRole('button', { name: 'Commencer' }).click();
  await page.getByText(`Un courriel vient d’être envoyé à ${EMAIL}`).waitFor();
  await soundAtBothWidths();
  await typeCode(page, world, EMAIL, 'Ouvrir mon dossier');
  await heading('Identité');
  await soundAtBothWidths();

  await page.getByRole('radio', { name: /^Société/ }).check();
  await page.getByLabel('Dénomination sociale').fill('Estuaire Sûreté');
  await page.getByLabel('Forme juridique').fill('SAS');
  await page.getByLabel('Numéro SIREN').fill('910000059');
  await page.getByRole('radio', { name: /^RCS/ }).check();
  await page.getByLabel('Ville du greffe').fill('Lyon');
  await fault('Ce numéro SIREN n’existe pas');
  await page.getByLabel('Téléphone professionnel').fill('04 72 00 00 00');
  await page
    .getByLabel('Compétences et expérience')
    .fill('Ancien gendarme, je garde vos chantiers dans toute la région lyonnaise.');
  await save();
  await fault('R631-12');
  await page
    .getByLabel('Compétences et expérience')
    .fill('Surveillance humaine et gardiennage de chantiers depuis 2012, équipe formée.');
  await page.getByLabel('Numéro SIREN').fill('910 000 058');

  // What was typed survives a reload.
  await page.reload();
  assert.equal(await page.getByLabel('Dénomination sociale').inputValue(), 'Estuaire Sûreté');
  await save();

  await heading('Établissement');
  await page.getByLabel('Numéro SIRET de l’établissement').fill('91000002500015');
  await page.getByLabel('Numéro et rue').fill('1 place Bellecour');
  await fault('commencer par le SIREN');
  await page.getByLabel('Numéro SIRET de l’établissement').fill('91000005800016');
  await page.getByLabel('Code postal').fill('69002');
  await page.getByLabel('Commune').fill('Lyon');
  await save();

  await heading('TVA');
  await page.getByLabel('Assujetti à la TVA').check();
  await page.getByLabel('Numéro de TVA').fill('FR80910000058');
  await save();
  await fault('vérifiez sa clé');
  await page.getByLabel('Numéro de TVA').fill('FR79910000058');
  await save();

  await heading('Dirigeants et agents');
  await page.getByLabel('Prénom et nom').fill('Dominique Leroy');
  await page.getByLabel('Prénom', { exact: true }).fill('Léa');
  await page.getByLabel('Nom', { exact: true }).fill('Durand');
  await soundAtBothWidths();
  await save();
  await heading('Titres et documents');
});

test('the link of the mail proves the address and goes back to the registration', async () => {
  await api(page, world, 'POST', '/api/registrations', { email: EMAIL, accepts_terms: true });
  const link = await world.link(EMAIL, '/inscription/reprendre');
  await page.goto(link);
  await page.getByRole('button', { name: 'Ouvrir mon inscription' }).click();
  await page.getByRole('link', { name: 'Continuer mon dossier' }).click();
  await heading('Identité');
  assert.equal(await page.getByLabel('Numéro SIREN').inputValue(), '910 000 058');
});

test('documents are checked, sent with their progress, and the registration is handed in', async () => {
  await page.goto('/pro/inscription?etape=documents');
  const place = page.getByTestId('document-authorisation');
  await place.getByRole('button', { name: /^Ajouter/ }).click();
  await place.getByLabel('Numéro du titre').fill('CAR-069-2030-06-19-20250000001');
  await place.getByText('celui d’un autre titre').waitFor();
  await place.getByLabel('Fichier').setInputFiles({
    name: 'autorisation.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('MZ programme'),
  });
  await fault('n’est pas un PDF');
  await place.getByRole('button', { name: 'Annuler' }).click();
  await page.evaluate(() => sessionStorage.removeItem('brouillon:document:authorisation'));
  await page.reload();

  await deposit('authorisation', title('AUT-069-2030-06-19-20250000001', /^Surveillance humaine/));
  await deposit('manager_approval', title('AGD-069-2030-06-19-20250000002'));
  await deposit('professional_card', title('CAR-069-2030-06-19-20250000003', /^Surveillance humaine/));
  await deposit('insurance', async (insurance) => {
    await insurance.getByLabel('Assureur', { exact: true }).fill('Assurance de test');
    await insurance.getByLabel('Coordonnées de l’assureur').fill('1 rue de l’Exemple, 75001 Paris');
    await insurance.getByLabel('Numéro de contrat').fill('RC-2026-001');
    await insurance.getByLabel('Valable du').fill('2026-01-01');
    await insurance.getByLabel('au', { exact: true }).fill('2030-12-31');
  });
  await deposit('bank_details', async (bank) => {
    await bank.getByLabel('Titulaire du compte').fill('Estuaire Sûreté');
    await bank.getByLabel('IBAN').fill('FR14 2004 1010 0505 0001 3M02 607');
    await bank.getByLabel('Titulaire du compte').focus();
    await fault('Cet IBAN n’existe pas');
    await bank.getByLabel('IBAN').fill('FR1420041010050500013M02606');
  });
  await soundAtBothWidths();

  // The declarations without the conditions of sale nor the mediator: what is missing is listed.
  await page.goto('/pro/inscription?etape=declarations');
  await heading('Déclarations');
  for (const box of await page.locator('main').getByRole('checkbox').all()) await box.check();
  await save();
  await heading('Récapitulatif');
  const missing = page.getByTestId('missing');
  await missing.getByText('Médiateur').waitFor();
  assert.equal(await missing.getByRole('listitem').count(), 2);
  await soundAtBothWidths();
  await page.getByRole('button', { name: 'Transmettre' }).click();
  await page.getByRole('alert').getByText('Médiateur').waitFor();
  page.wrong.length = 0; // the refusal is an error status

  await missing.getByRole('link', { name: 'Médiateur' }).click();
  await page.getByLabel('Nom du médiateur').fill('Médiateur de test');
  await page.getByLabel('Site du médiateur').fill('https://mediateur.exemple.fr');
  await save();
  await page.goto('/pro/inscription?etape=conditions');
  await deposit('conditions_of_sale', async (conditions) => {
    await conditions.getByLabel('Version').fill('2026-01');
    for (const box of await conditions.getByRole('checkbox').all()) await box.check();
  });
  await page.goto('/pro/inscription?etape=recapitulatif');
  await page.getByText('Votre dossier est complet').waitFor();
  await page.getByRole('button', { name: 'Transmettre' }).click();
  await page.waitForURL('**/pro/statut');
  await page.getByText('Inscription transmise').waitFor();
  await soundAtBothWidths();
  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  assert.ok(mails.some((mail) => mail.to.includes(EMAIL) && /inscription/i.test(mail.subject)));
});

test('once accepted, the first sign-in asks for another password, then opens the dashboard', async () => {
  const operator = await open(browser, world);
  await signOperatorIn(operator, world);
  const { id } = await api(page, world, 'GET', '/api/registration');
  await acceptRegistration(operator, world, id);
  await page.goto(await world.link(EMAIL, '/activation'));
  await page.getByRole('button', { name: 'Afficher mon mot de passe' }).click();
  const attributed = await page.getByTestId('attributed-password').textContent();

  await page.goto('/connexion');
  await page.getByLabel('Adresse électronique').fill(EMAIL);
  await page.getByLabel('Mot de passe', { exact: true }).fill(attributed);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/mot-de-passe');
  // Nothing else opens before.
  await page.goto('/pro/commandes');
  await page.waitForURL('**/mot-de-passe');
  page.wrong.length = 0; // the refusal is an error status
  await page.getByLabel('Mot de passe actuel').fill(attributed);
  await page.getByLabel('Nouveau mot de passe').fill(CHOSEN);
  await page.getByLabel('Le même, une seconde fois').fill(CHOSEN);
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await page.getByText('Votre mot de passe est changé').waitFor();

  await page.goto('/pro');
  await page.getByText('Avant de recevoir des demandes').waitFor();
  await soundAtBothWidths();
});

test('the page, the calendar and an offer are written and published', async () => {
  await page.goto('/pro/page');
  await page.getByLabel('Accroche').fill('Votre chantier gardé, de jour comme de nuit');
  const presentation = page.getByLabel('Présentation');
  await presentation.fill(
    'Nous gardons vos chantiers. Appelez-nous directement au 06 12 34 56 78, jour et nuit.',
  );
  await page.getByRole('button', { name: 'Enregistrer et publier' }).click();
  await fault('ni numéro de téléphone');
  await presentation.fill(
    'Nous gardons vos chantiers et vos locaux dans toute la région lyonnaise, avec des agents formés.',
  );
  await page.getByTestId('preview').getByText('toute la région lyonnaise').waitFor();
  await page.getByRole('button', { name: 'Enregistrer et publier' }).click();
  await page.getByText('Votre page est en ligne').waitFor();
  await soundAtBothWidths();

  await page.goto('/pro/calendrier');
  await page.getByText('Votre semaine type est vide').waitFor();
  await page.getByRole('link', { name: 'Indiquez vos heures habituelles' }).click();
  await page.getByRole('button', { name: 'Ajouter une plage le lundi' }).click();
  await page.getByRole('button', { name: 'Tous les jours comme le lundi' }).click();
  await page.getByRole('button', { name: 'Enregistrer la semaine type' }).click();
  await page.getByText('Votre semaine type est enregistrée').waitFor();
  await soundAtBothWidths();

  // A day is closed by an exception, and opened again, with the keyboard alone.
  const closed = later(nextSaturday(), 14);
  await page.goto(`/pro/calendrier?jour=${closed}`);
  await page.getByText('Ouvert de 0 h à 6 h et de 18 h à minuit').first().waitFor();
  await soundAtBothWidths();
  const change = page.getByRole('button', { name: /^Modifier le samedi/ });
  await change.focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Fermé').focus();
  await page.keyboard.press('Space');
  await sound(page);
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).press('Enter');
  await page.getByText('Fermé, par exception').waitFor();
  await page.goto(`/pro/calendrier?vue=mois&jour=${closed}`);
  await page.getByTestId('month').waitFor();
  await soundAtBothWidths();

  await page.goto('/pro/offres');
  await page.getByText('Aucune offre').waitFor();
  await page.getByRole('link', { name: 'Nouvelle offre' }).click();
  await page.getByLabel('Activité').selectOption({ label: 'Surveillance humaine' });
  await page.getByLabel('Titre').fill('Gardiennage de chantier');
  await page.getByLabel('Description').fill('Rondes, contrôle des accès et main courante électronique.');
  await page.getByLabel('Rondes').check();
  await page.getByLabel('Ajouter un département').selectOption('69');
  await page.getByLabel('Durée minimale (h)').fill('2');
  await page.getByText('vacation minimale de 4 heures').waitFor();
  await page.getByLabel('Durée minimale (h)').fill('4');
  await page.getByLabel('Jour (€)', { exact: true }).fill('12');
  await page.getByText('coût de revient moyen').waitFor();
  await page.getByLabel('Jour (€)', { exact: true }).fill('26');
  await page.getByRole('button', { name: 'Appliquer les majorations' }).click();
  assert.equal(await page.getByLabel('Nuit (€)').inputValue(), '28,60');
  assert.equal(await page.getByLabel('Jour férié (€)').inputValue(), '52');
  await soundAtBothWidths();
  await page.getByRole('button', { name: 'Enregistrer l’offre' }).click();
  await page.getByText('L’offre est enregistrée').waitFor();
  await page.getByRole('button', { name: /^Publier/ }).click();
  await page.locator('[data-testid=offer][data-status=published]').waitFor();
  await soundAtBothWidths();
});

test('payouts are activated on Stripe’s page, and an IBAN changes with the password and a day’s delay', async () => {
  await page.goto('/pro/versements');
  await page.getByTestId('payouts').waitFor();
  await soundAtBothWidths();
  await page
    .getByRole('button', { name: 'Activer mes versements' })
    .or(page.getByRole('button', { name: 'Compléter chez Stripe' }))
    .click();
  await page.getByRole('button', { name: 'Terminer la vérification' }).click();
  await page.waitForURL(/\/pro\/versements\?retour/);
  await page.getByTestId('payouts').getByText('Versements actifs', { exact: true }).waitFor();
  await world.post('/local/settle');

  await page.getByRole('button', { name: 'Changer d’IBAN' }).click();
  await page.getByText('prend effet 24 heures').waitFor();
  await page.getByLabel('Titulaire du compte').fill('Estuaire Sûreté');
  await page.getByLabel('Nouvel IBAN').fill('FR76 3000 6000 0112 3456 7890 189');
  await page.getByLabel('Votre mot de passe').fill('Un-Autre-Secret-9');
  await page.getByRole('button', { name: 'Changer l’IBAN' }).click();
  await fault('Le mot de passe actuel n’est pas le bon');
  page.wrong.length = 0; // the refusal is an error status
  assert.equal(await page.getByLabel('Nouvel IBAN').inputValue(), 'FR76 3000 6000 0112 3456 7890 189');
  await soundAtBothWidths();
  await page.getByLabel('Votre mot de passe').fill(CHOSEN);
  await page.getByRole('button', { name: 'Changer l’IBAN' }).click();
  await page.getByText('Un changement d’IBAN est en attente').waitFor();
  await soundAtBothWidths();
  await page.getByRole('button', { name: 'Annuler ce changement' }).click();
  await page.getByRole('button', { name: 'Changer d’IBAN' }).waitFor();
  await world.post('/local/settle');
});

/** The client's page, and the booking of the coming Saturday. */
let visitor;
let booking;

/** A Saturday night, so many weeks ahead, ordered and paid by the client. */
async function orderNight(weeks) {
  const { now } = await world.get('/local/clock');
  const evening = later(nextSaturday(new Date(now)), weeks * 7);
  const { offers } = await api(page, world, 'GET', '/api/professional/offers');
  const ordered = await order(visitor, world, {
    offer: offers[0].id,
    start: `${evening}T19:00:00Z`,
    end: `${later(evening, 1)}T03:00:00Z`,
    agents: 1,
    postal_code: '69003',
  });
  await authorise(visitor, world, ordered);
  return ordered;
}

test('a request reached by its mail changes nothing until it is accepted with advice', async () => {
  visitor = await open(browser, world);
  await signIn(visitor, await client(world, 'nadia@exemple.fr'), PASSWORD);
  booking = await orderNight(0);

  await page.goto('/pro');
  await page.getByRole('heading', { name: '1 demande à traiter' }).waitFor();
  await page.getByTestId('countdown').first().waitFor();
  await soundAtBothWidths();

  await page.goto(await world.link(EMAIL, '/pro/demandes/'));
  await state(page, 'requested');
  assert.equal(await page.getByText('12 rue de la République').count(), 0);
  assert.equal((await api(page, world, 'GET', `/api/bookings/${booking.id}`)).state, 'requested');
  await soundAtBothWidths();

  // Thinking about a refusal, and going back.
  await page.getByRole('button', { name: 'Refuser…' }).click();
  await page.getByRole('button', { name: 'Refuser la demande' }).click();
  await fault('Le motif doit compter');
  await sound(page);
  await page.keyboard.press('Escape');

  await page.getByLabel('Conseil au client').fill('Un agent suffit ; éclairez l’entrée du chantier.');
  await page.getByRole('button', { name: 'Accepter la mission' }).click();
  await state(page, 'accepted');
  await page.getByText('12 rue de la République').waitFor();
  await world.post('/local/settle');
  await soundAtBothWidths();

  await page.goto('/pro/commandes?vue=a-venir');
  await page.locator('[data-testid=mission][data-state=accepted]').waitFor();
  await soundAtBothWidths();
});

test('a calendar application reads the mission at an address that can be changed', async () => {
  await page.goto('/pro/calendrier');
  await page.getByRole('button', { name: 'Créer l’adresse' }).click();
  const field = page.getByLabel('Adresse à donner à votre agenda');
  await field.waitFor();
  const old = await field.inputValue();
  const read = (address) => fetch(address).then(async (answer) => [answer.status, await answer.text()]);
  const [status, calendar] = await read(old);
  assert.equal(status, 200);
  assert.equal(calendar.match(/BEGIN:VEVENT/g)?.length, 1);
  assert.ok(!calendar.includes('rue de la République'), 'no address of the client');
  await soundAtBothWidths();
  await page.getByRole('button', { name: 'Changer l’adresse…' }).click();
  await sound(page);
  await page.getByRole('button', { name: 'Changer l’adresse', exact: true }).click();
  await page.getByText('L’ancienne ne fonctionne plus').waitFor();
  assert.notEqual(await field.inputValue(), old);
  assert.equal((await read(old))[0], 404);
  assert.equal((await read(await field.inputValue()))[0], 200);
});

test('another request is refused, and an accepted mission cancelled with everything given back', async () => {
  const refused = await orderNight(1);
  await page.goto(`/pro/demandes/${refused.id}`);
  await page.getByRole('button', { name: 'Refuser…' }).click();
  await page.getByLabel('Motif du refus').fill('Mon agent est en congé ce soir-là.');
  await page.getByRole('button', { name: 'Refuser la demande' }).click();
  await state(page, 'refused');

  const cancelled = await orderNight(3);
  await api(page, world, 'POST', `/api/bookings/${cancelled.id}/accept`, {});
  await world.post('/local/settle');
  await page.goto(`/pro/commandes/${cancelled.id}`);
  await page.getByRole('button', { name: 'Annuler la mission…' }).click();
  await page.getByText('Le client est remboursé en totalité').waitFor();
  await sound(page);
  await page
    .getByLabel('Motif, communiqué au client')
    .fill('Mon chien est blessé et ne peut pas travailler.');
  await page.getByRole('button', { name: 'Annuler et rembourser' }).click();
  await state(page, 'cancelled_by_professional');
  await world.post('/local/settle');
  await page.reload();
  await state(page, 'cancelled_by_professional');
  await soundAtBothWidths();
});

test('after the mission: declared done, the client evaluated, a claim settled, the figures counted', async () => {
  await clockTo(world, booking.end, 0.1);
  await page.goto(`/pro/commandes/${booking.id}`);
  await page.getByRole('button', { name: 'Déclarer la mission terminée' }).click();
  await state(page, 'completed');
  page.wrong.length = 0; // the session was renewed on the way

  await page.getByRole('button', { name: 'Envoyer l’évaluation' }).click();
  await fault('Donnez une note');
  for (const name of ['Dans l’ensemble', 'Clarté des consignes', 'Accueil des agents', 'Sécurité du site'])
    await page.getByRole('group', { name }).getByRole('radio', { name: /^4/ }).check();
  await page.getByRole('button', { name: 'Envoyer l’évaluation' }).click();
  await page.getByText('Vous avez évalué ce client').waitFor();
  await soundAtBothWidths();

  await visitor.request.post(`${world.site}/api/session`, {
    headers: { origin: world.site },
    data: { email: 'nadia@exemple.fr', password: PASSWORD },
  });
  await api(visitor, world, 'POST', `/api/bookings/${booking.id}/claim`, {
    reason: 'late',
    description: 'L’agent est arrivé une heure après le début de la mission.',
  });
  await page.reload();
  await state(page, 'under_claim');
  await page.getByLabel('Part remboursée au client, en %').fill('10');
  await page.getByLabel('Message au client').fill('Une heure sur huit, je vous propose dix pour cent.');
  await page.getByRole('button', { name: 'Proposer' }).click();
  await page.getByText('Vous avez proposé').waitFor();
  await soundAtBothWidths();
  await api(visitor, world, 'POST', `/api/bookings/${booking.id}/claim/proposal`, {
    percent: 20,
    message: 'Je demande vingt pour cent.',
  });
  await page.reload();
  await page.getByText('Le client propose').waitFor();
  await page.getByRole('button', { name: 'Accepter de rembourser' }).click();
  await state(page, 'settled');
  await world.post('/local/settle');
  await page.reload();
  await state(page, 'settled');
  await page
    .getByRole('button', { name: /^Facture .* en PDF$/ })
    .first()
    .waitFor();
  await soundAtBothWidths();

  await page.goto('/pro/versements');
  await page
    .getByRole('button', { name: /^Facture .* en PDF$/ })
    .first()
    .waitFor();
  await soundAtBothWidths();

  await page.goto('/pro/statistiques');
  await page.getByTestId('figures').getByText('67 %').waitFor();
  // The server's month, which is not this device's: its clock was moved.
  const { now } = await world.get('/local/clock');
  const month = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/Paris',
    year: 'numeric',
    month: '2-digit',
  }).format(new Date(now));
  assert.equal(await page.getByLabel('À', { exact: true }).inputValue(), month);
  await page.getByLabel('De', { exact: true }).selectOption(month);
  await page.waitForURL(`**/pro/statistiques?de=${month}&a=${month}`);
  await page.getByTestId('figures').waitFor();
  await page.goBack();
  await page.getByTestId('figures').getByText('67 %').waitFor();
  await soundAtBothWidths();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Télécharger en CSV' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^statistiques-\d{4}-\d{2}-\d{4}-\d{2}\.csv$/);
});

test('an order that is over is archived for the professional alone', async () => {
  const { bookings } = await api(page, world, 'GET', '/api/professional/bookings');
  const over = bookings.find((one) => one.state === 'refused');
  await page.goto(`/pro/commandes/${over.id}`);
  await page.getByRole('button', { name: 'Archiver' }).click();
  await page.getByText('rangée dans vos archives').waitFor();
  await soundAtBothWidths();
  const listed = page.getByTestId('mission').filter({ has: page.locator(`[href$="${over.id}"]`) });
  await page.goto('/pro/commandes');
  await page.getByTestId('mission').first().waitFor();
  assert.equal(await listed.count(), 0);
  await page.goto('/pro/commandes?vue=archivees');
  await listed.waitFor();
  await soundAtBothWidths();
  // The client sees what they saw, and has archives of their own.
  await visitor.goto('/reservations');
  await visitor.locator(`a[href="/reservations/${over.id}"]`).click();
  await visitor.getByRole('button', { name: 'Archiver' }).click();
  await visitor.getByText('rangée dans vos archives').waitFor();
  await visitor.goto('/reservations?vue=archivees');
  await visitor.locator(`a[href="/reservations/${over.id}"]`).waitFor();
  for (const width of [1280, 360]) {
    await visitor.setViewportSize({ width, height: 800 });
    await sound(visitor);
  }
});

test('a review is answered once in public and doubted once, and read without scripts', async () => {
  await api(visitor, world, 'POST', `/api/bookings/${booking.id}/review`, {
    rating: 3,
    punctuality: 2,
    professionalism: 4,
    communication: 4,
    comment: 'Arrivé en retard, mais agent sérieux et courtois.',
  });
  const operator = await open(browser, world);
  await signOperatorIn(operator, world);
  const { reviews } = await api(operator, world, 'GET', '/api/admin/reviews');
  await api(operator, world, 'POST', `/api/admin/reviews/${reviews[0].id}/publish`);
  await world.post('/local/settle');

  await page.goto('/pro/avis');
  await page.getByText('Arrivé en retard').waitFor();
  await soundAtBothWidths();
  await page.getByText('Répondre à cet avis').click();
  await page.getByRole('button', { name: 'Publier la réponse' }).click();
  await fault('Ce texte doit compter');
  await soundAtBothWidths();
  const answer = 'Nous regrettons ce retard, dû à un accident sur la rocade.';
  await page.getByLabel('Votre réponse').fill(answer);
  await page.getByRole('button', { name: 'Publier la réponse' }).click();
  await page.getByText('Réponse du professionnel').waitFor();
  assert.equal(await page.getByText('Répondre à cet avis').count(), 0);
  await page.getByText('Signaler un doute sur cet avis').click();
  await page.getByLabel('Vos raisons').fill('Le client confond avec une autre mission que la nôtre.');
  await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
  await page.getByText('Vous avez signalé un doute').waitFor();
  await page.reload();
  await page.getByText('Vous avez signalé un doute').waitFor();
  await soundAtBothWidths();

  const { slug } = await api(page, world, 'GET', '/api/professional/page');
  const written = await (await fetch(`${world.site}/professionnels/${slug}`)).text();
  assert.ok(written.includes('Arrivé en retard'), 'the review');
  assert.ok(written.includes(answer), 'the answer');
  await visitor.goto(`/professionnels/${slug}`);
  await visitor.getByText(answer).waitFor();
  assert.equal(await visitor.getByText('Vous avez signalé un doute').count(), 0);
});

test('nothing typed is lost when the network or the session goes away', async () => {
  const TYPED = 'Nous gardons vos chantiers, vos locaux et vos fêtes dans toute la région lyonnaise.';
  await page.goto('/pro/page');
  await page.getByLabel('Présentation').fill(TYPED);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('Vous êtes hors ligne', { exact: true }).waitFor();
  await page.context().setOffline(false);
  page.wrong.length = 0; // the browser says that it has no network

  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('Vous n’êtes pas connecté').waitFor();
  page.wrong.length = 0; // the refusal is an error status
  await soundAtBothWidths();
  await page.getByRole('main').getByRole('link', { name: 'Se connecter' }).click();
  await page.getByLabel('Adresse électronique').fill(EMAIL);
  await page.getByLabel('Mot de passe', { exact: true }).fill(CHOSEN);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/pro/page');
  assert.equal(await page.getByLabel('Présentation').inputValue(), TYPED);
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('Votre page est enregistrée').waitFor();
});

test('a notice of which nobody heard waits for its reception, which the operator records', async () => {
  const { professional } = await api(page, world, 'GET', '/api/account');
  const file = `/admin/professionnels/${professional.id}`;
  let operator = await open(browser, world);
  const both = async (name) => {
    for (const width of [360, 1280]) {
      await operator.setViewportSize({ width, height: 800 });
      await sound(operator);
      if (process.env.SHOTS) {
        await operator.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true });
      }
    }
  };
  await signOperatorIn(operator, world);
  await operator.goto(file);
  await operator.getByText('Mettre en demeure (30 jours)').click();
  await operator.getByLabel('Ce qui est demandé, lu par le professionnel').fill('Fournir l’attestation.');
  await operator.getByRole('button', { name: 'Envoyer la mise en demeure' }).click();
  await operator.getByText('en attente de réception').waitFor();
  await both('attente');
  await page.goto('/pro/decision');
  await page.getByText('Date provisoire').waitFor();
  await soundAtBothWidths();

  const { now } = await world.get('/local/clock');
  await clockTo(world, now, 25);
  operator = await open(browser, world);
  await signOperatorIn(operator, world);
  await operator.goto('/admin');
  await operator.getByRole('link', { name: /1 notification à remettre autrement/ }).click();
  await operator.getByText('Rien ne dit, après 24 heures').waitFor();
  await both('a-remettre');
  const day = operator.getByLabel('Reçue le');
  await day.fill(await day.getAttribute('max'));
  await operator.getByLabel('Comment, pour le journal').fill('Lettre recommandée, avis signé');
  await operator.getByRole('button', { name: 'Inscrire la réception' }).click();
  await operator.getByRole('status').filter({ hasText: 'Réception inscrite' }).waitFor();
  await operator.getByText('Lettre recommandée, avis signé').waitFor();
  await both('recue');
  await signIn(page, EMAIL, CHOSEN);
  await page.goto('/pro/decision');
  await page.getByText(/Échéance le/).waitFor();
  assert.equal(await page.getByText('Date provisoire').count(), 0);
});
