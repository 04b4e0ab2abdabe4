// What the operator decides, and what it does to the others.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, soundAtBothWidths } from './browse.mjs';
import {
  accept,
  api,
  authorise,
  client,
  clockTo,
  decideEachPoint,
  DEMO_PASSWORD,
  deposit,
  INSURANCE,
  later,
  mission,
  order,
  register,
  REX,
  signIn,
  signInAgain,
  signOperatorIn,
  signRexIn,
} from './people.mjs';
import { start } from './start.mjs';

let world;
let browser;
let page;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  page = await open(browser, world);
  await signOperatorIn(page, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const said = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();

/** The mails to somebody with these words in their subject. */
async function mails(to, words) {
  await world.post('/local/settle');
  const all = await world.get('/local/mail');
  return all.filter((mail) => mail.to.includes(to) && mail.subject.includes(words));
}

/** Opens the file of the demonstration's dog handler. */
async function openFile() {
  await page.goto('/admin/recherche?q=910000017');
  await page.getByRole('heading', { level: 2, name: 'Identité' }).waitFor();
}

const LENOIR = {
  email: 'sacha@exemple.fr',
  name: 'Sacha Lenoir',
  siren: '910000058',
  siret: '91000005800016',
  phone: '06 11 22 33 44',
  iban: 'FR76 3000 6000 0112 3456 7890 189',
};

test('a client or a professional reaches no page of the operator’s', async () => {
  const visitor = await open(browser, world);
  await signIn(visitor, REX, DEMO_PASSWORD);
  for (const address of ['/admin', '/admin/argent', '/admin/activite?who=system']) {
    const answer = await visitor.goto(address);
    assert.equal(answer.status(), 403, address);
  }
  await visitor.getByText('Cette page n’est pas la vôtre').waitFor();
});

test('a registration is sent back for its insurance, handed in again, and accepted', async () => {
  const applicant = await open(browser, world);
  const id = await register(applicant, world, LENOIR);
  await page.goto('/admin');
  await page.getByRole('link', { name: '1 inscription à examiner' }).click();
  await page.getByRole('link', { name: 'Sacha Lenoir' }).click();
  await page.getByRole('link', { name: /Assurance/ }).click();
  await page.frame({ name: 'piece' }).waitForURL(/documents/);
  await page.getByText('Demander des compléments', { exact: true }).first().click();
  const form = page.locator('form[action$="/complements"]');
  await form.getByLabel(/Assurance/).check();
  // What no rule accepts comes back as it was.
  await form.evaluate((element) => (element.noValidate = true));
  await form.getByLabel('Ce que le professionnel lira').fill('ok');
  await form.getByRole('button').click();
  await page.getByRole('alert').waitFor();
  assert.equal(await form.getByLabel(/Assurance/).isChecked(), true);
  assert.equal(await form.getByLabel('Ce que le professionnel lira').inputValue(), 'ok');
  page.wrong.length = 0;
  await soundAtBothWidths(page, 'decision-complements-refuses');
  await form.getByLabel('Ce que le professionnel lira').fill('L’attestation est illisible.');
  await form.getByRole('button').click();
  await said('compléments sont demandés');
  const [asked] = await mails(LENOIR.email, 'à compléter');
  assert.match(asked.text, /attestation est illisible/);
  await deposit(applicant, world, INSURANCE);
  await api(applicant, world, 'POST', '/api/registration/submit', {
    declarations: {
      accepts_terms: true,
      certifies_accuracy: true,
      follows_code_of_ethics: true,
      gives_billing_mandate: true,
    },
  });
  await decideEachPoint(page, world, id);
  await page.reload();
  await page.getByRole('button', { name: 'Accepter l’inscription' }).click();
  await said('Inscription acceptée');
  assert.equal((await mails(LENOIR.email, 'accept')).length, 1);
});

test('another one is refused without a word of why, and its duplicate too', async () => {
  const applicant = await open(browser, world);
  await register(applicant, world, {
    ...LENOIR,
    email: 'robin@exemple.fr',
    name: 'Robin Petit',
    siren: '910000066',
    siret: '91000006600019',
    phone: '06 11 22 33 55',
    iban: 'FR76 3000 6000 0112 3456 7890 286',
  });
  await page.goto('/admin/inscriptions');
  await page.getByRole('link', { name: 'Robin Petit' }).click();
  await page.getByText('Refuser l’inscription', { exact: true }).first().click();
  await page.getByLabel('Motif interne, jamais envoyé').fill('Références inventées.');
  await soundAtBothWidths(page, 'decision-refus');
  await page.getByRole('button', { name: 'Refuser l’inscription' }).click();
  await said('refusée');
  await page.getByText('Motif interne : Références inventées.').waitFor();
  const told = await mails('robin@exemple.fr', '');
  assert.ok(told.every((mail) => !mail.text.includes('Références')));
});

test('a review is corrected in its form, published, doubted and kept; another is refused', async () => {
  const customer = await open(browser, world);
  await client(world, 'nadia@exemple.fr');
  const professional = await open(browser, world);
  const reviews = [];
  for (const weeks of [0, 1]) {
    await signInAgain(customer, world, 'nadia@exemple.fr');
    await signRexIn(professional, world);
    const booking = await order(customer, world, await mission(world));
    await authorise(customer, world, booking);
    await accept(professional, world, booking);
    await clockTo(world, booking.end, 2);
    await signInAgain(customer, world, 'nadia@exemple.fr');
    await api(customer, world, 'POST', `/api/bookings/${booking.id}/validate`);
    await world.post('/local/settle');
    const review = await api(customer, world, 'POST', `/api/bookings/${booking.id}/review`, {
      rating: 2,
      punctuality: 2,
      professionalism: 3,
      communication: 4,
      comment: weeks === 0 ? 'Un crétin fini, en retard de deux heures.' : 'Appelez-moi au 06 12 34 56 78.',
    });
    reviews.push(review.id);
  }
  await signOperatorIn(page, world);
  await page.goto(`/admin/avis/${reviews[0]}`);
  await page.getByText('Corriger la forme', { exact: true }).first().click();
  await page.getByLabel(/Texte publié/).fill('[modéré], en retard de deux heures.');
  await page.getByRole('button', { name: 'Corriger la forme' }).click();
  await said('Forme corrigée');
  await page.getByText('Un crétin fini').waitFor();
  await page.getByRole('heading', { name: '2/5' }).waitFor();
  await page.getByRole('button', { name: 'Publier' }).click();
  await said('Avis publié');
  await soundAtBothWidths(page, 'decision-avis');
  await page.goto(`/admin/avis/${reviews[1]}`);
  await page.getByLabel(/Motif du refus/).selectOption('personal_data');
  await page.getByRole('button', { name: 'Refuser' }).click();
  await said('Avis refusé');
  const [refused] = await mails('nadia@exemple.fr', 'avis n’');
  assert.match(refused.text, /[Dd]onnées personnelles/);
  await signRexIn(professional, world);
  await api(professional, world, 'POST', `/api/professional/reviews/${reviews[0]}/doubt`, {
    text: 'Le retard était de dix minutes, le registre le montre.',
  });
  await page.goto('/admin');
  await page.getByRole('link', { name: '1 doute sur un avis' }).click();
  await page.getByRole('link', { name: 'Nadia M.' }).click();
  await page.getByRole('button', { name: 'Maintenir l’avis après examen' }).click();
  await said('maintenu');
  await page.goto(`/admin/activite?subject=${reviews[0]}`);
  for (const words of ['a corrigé la forme d’un avis', 'a publié un avis', 'a maintenu un avis après un doute']) {
    await page.getByText(words).waitFor();
  }
  await soundAtBothWidths(page, 'decision-journal');
});

test('a reported offer is hidden at once with its reasons, and published again', async () => {
  const { offer } = await mission(world, { weeks: 1 });
  const { slug } = await world.get(`/api/offers/${offer}`);
  await world.post('/api/reports', {
    slug,
    reason: 'misleading',
    text: 'Le chien de la photographie est celui d’une autre entreprise.',
    email: 'riverain@exemple.fr',
    good_faith: true,
  });
  await page.goto('/admin');
  await page.getByRole('link', { name: '1 signalement ou demande d’aide à traiter' }).click();
  await page.getByRole('link', { name: /trompeuse/ }).click();
  await soundAtBothWidths(page, 'decision-signalement');
  const report = page.url();
  await page.getByRole('link', { name: 'une offre' }).click();
  await page.getByText('Masquer cette offre', { exact: true }).first().click();
  const form = page.locator(`form[action$="${offer}/masquer"]`);
  await form.getByLabel('Motif').selectOption('rights_of_others');
  await form.getByLabel('Faits, lus par le professionnel').fill('Photo d’un tiers sans son accord.');
  await soundAtBothWidths(page, 'decision-offre');
  await form.getByRole('button').click();
  await said('Offre masquée');
  await soundAtBothWidths(page, 'decision-offre-masquee');
  const [told] = await mails(REX, 'Une de vos offres');
  assert.match(told.text, /atteinte aux droits de tiers. Photo d’un tiers/);
  const visitor = await open(browser, world);
  assert.equal((await visitor.goto(`/professionnels/${slug}`)).status(), 200, 'the page itself stays');
  const gone = await visitor.request.get(`${world.site}/api/offers/${offer}`);
  assert.equal(gone.status(), 404);
  await page.getByLabel('Motif du rétablissement, pour le journal').fill('Photo remplacée.');
  await page.getByRole('button', { name: 'Publier à nouveau cette offre' }).click();
  await said('de nouveau publiée');
  await world.post('/local/settle');
  assert.equal((await visitor.request.get(`${world.site}/api/offers/${offer}`)).status(), 200);
  await page.goto(report);
  await page.getByLabel(/Décision et motifs/).fill('Photographie retirée, puis remplacée.');
  await page.getByRole('button', { name: 'Clore le signalement' }).click();
  await said('Dossier clos');
});

test('a formal notice is given, and what it asked is put right', async () => {
  await openFile();
  await page.getByText('Mettre en demeure (30 jours)').click();
  await page.getByLabel('Ce qui est demandé, lu par le professionnel').fill('Fournir l’attestation.');
  await page.getByRole('button', { name: 'Envoyer la mise en demeure' }).click();
  await said('trente jours');
  await page.getByText(/échéance .*le/).first().waitFor();
  await page.getByLabel('Ce qui a été régularisé, pour le journal').fill('Attestation reçue.');
  await page.getByRole('button', { name: 'Situation régularisée' }).click();
  await said('régularisée');
  assert.equal((await mails(REX, 'Mise en demeure')).length, 1);
});

test('two months’ notice is announced and revoked', async () => {
  await openFile();
  await page.getByRole('link', { name: 'Suspendre, fermer ou résilier…' }).click();
  await page.getByLabel('Mesure').selectOption('termination');
  await page.getByLabel('Motif').selectOption('other');
  await page.getByLabel('Faits, lus par le professionnel').fill('Fin de notre partenariat.');
  await page.getByRole('combobox', { name: 'Réservations en cours' }).selectOption('keep');
  await page.getByRole('button', { name: 'Voir le courriel' }).click();
  await page.getByText(/préavis de deux mois qui court dès la réception/).waitFor();
  await page.getByRole('button', { name: 'Envoyer et annoncer' }).click();
  await said('Mesure annoncée');
  await soundAtBothWidths(page, 'decision-preavis');
  await page.getByLabel('Motif de la révocation').fill('Accord trouvé.');
  await page.getByRole('button', { name: 'Révoquer la mesure' }).click();
  await said('révoquée');
});

test('a suspension is told with its day, takes effect after five, and is lifted', async () => {
  const professional = await open(browser, world);
  await signIn(professional, REX, DEMO_PASSWORD);
  const { now } = await world.get('/local/clock');
  // Once it is announced, nobody finds this professional for a mission after its day.
  const { slug } = await world.get(`/api/offers/${(await mission(world, { weeks: 1 })).offer}`);
  await openFile();
  const file = page.url();
  await page.getByRole('link', { name: 'Suspendre, fermer ou résilier…' }).click();
  await page.getByLabel('Mesure').selectOption('suspension');
  await page.getByLabel('Motif').selectOption('terms_broken');
  await page.getByLabel('Faits, lus par le professionnel').fill('Trois absences en un mois.');
  await page.getByLabel(/Dernier jour/).fill(later(now, 40));
  await page.getByRole('combobox', { name: 'Réservations en cours' }).selectOption('keep');
  await page.getByRole('button', { name: 'Voir le courriel' }).click();
  const shown = await page.locator('.preview p').first().innerText();
  await page.getByRole('button', { name: 'Envoyer et annoncer' }).click();
  await said('Mesure annoncée');
  const mail = (await mails(REX, 'Une mesure')).find(({ text }) => text.includes('sera suspendu'));
  assert.ok(mail.text.includes(shown.split(', jusqu’au ')[1]), `${shown} / ${mail.text}`);
  await professional.goto('/pro');
  await professional.getByRole('link', { name: 'La lire, la contester' }).waitFor();
  await clockTo(world, now, 5 * 24 + 1);
  const visitor = await open(browser, world);
  assert.equal((await visitor.goto(`/professionnels/${slug}`)).status(), 410);
  await visitor.getByRole('heading', { level: 1 }).waitFor();
  await visitor.goto('/connexion');
  await visitor.getByLabel('Adresse électronique').fill(REX);
  await visitor.getByLabel('Mot de passe', { exact: true }).fill(DEMO_PASSWORD);
  await visitor.getByRole('button', { name: 'Se connecter' }).click();
  await visitor.getByText(/suspendu/).first().waitFor();
  await signOperatorIn(page, world);
  await page.goto(file);
  await page.getByLabel('Motif de la révocation').fill('Situation réglée.');
  await page.getByRole('button', { name: 'Lever la suspension' }).click();
  await said('révoquée');
  await world.post('/local/settle');
  assert.equal((await visitor.goto(`/professionnels/${slug}`)).status(), 200);
});

test('an immediate termination lists the missions under way and pays their clients back', async () => {
  const customer = await open(browser, world);
  await signInAgain(customer, world, 'nadia@exemple.fr');
  const booking = await order(customer, world, await mission(world, { weeks: 2 }));
  await authorise(customer, world, booking);
  const professional = await open(browser, world);
  await signIn(professional, REX, DEMO_PASSWORD);
  await accept(professional, world, booking);
  const { now } = await world.get('/local/clock');
  await openFile();
  await page.getByRole('link', { name: 'Suspendre, fermer ou résilier…' }).click();
  await page.getByRole('link', { name: booking.reference }).waitFor();
  await page.getByLabel('Mesure').selectOption('immediate_termination');
  await page.getByLabel('Motif').selectOption('terms_broken');
  await page.getByLabel('Faits, lus par le professionnel').fill('Sous-traitance intégrale.');
  await page.getByRole('combobox', { name: 'Réservations en cours' }).selectOption('refund');
  await page.getByRole('button', { name: 'Voir le courriel' }).click();
  await soundAtBothWidths(page, 'decision-resiliation');
  await page.getByRole('button', { name: 'Envoyer et annoncer' }).click();
  await said('Mesure annoncée');
  await world.post('/local/settle');
  const [evening, morning] = [later(now, 10), later(now, 11)];
  const query = `activity=dog_handling&place=69003&start=${evening}T20:00&end=${morning}T04:00`;
  assert.deepEqual((await world.get(`/api/search?${query}`)).results, [], 'hidden at once');
  await clockTo(world, now, 5 * 24 + 1);
  await signInAgain(customer, world, 'nadia@exemple.fr');
  const after = await api(customer, world, 'GET', `/api/bookings/${booking.id}`);
  assert.equal(after.state, 'cancelled_by_professional');
  assert.equal(after.money.refunded, after.price.total);
});

test('without JavaScript, the operator signs in, reads, and decides', async () => {
  const plain = await open(browser, world, 360, { javaScriptEnabled: false });
  await world.post('/local/clock', { advance_seconds: 60 });
  const { email, password, code } = await world.get('/local/operator');
  await plain.goto('/admin/recherche?q=910000025');
  await plain.getByLabel('Adresse électronique').fill(email);
  await plain.getByLabel('Mot de passe').fill(password);
  await plain.getByRole('button', { name: 'Continuer' }).click();
  await plain.getByLabel(/Code à six chiffres/).fill(code);
  await plain.getByRole('button', { name: 'Se connecter' }).click();
  await plain.getByRole('heading', { level: 1, name: /Bastion Sud/ }).waitFor();
  await plain.getByText('Masquer tout de suite').click();
  const form = plain.locator('form[action$="/masquer"]').first();
  await form.getByLabel('Motif').selectOption('reputation');
  await form.getByLabel('Faits, lus par le professionnel').fill('Photo d’un tiers.');
  await form.getByRole('button').click();
  await plain.getByRole('status').filter({ hasText: 'masquées' }).waitFor();
  await plain.getByLabel('Motif du rétablissement').fill('Photo retirée.');
  await plain.getByRole('button', { name: 'Rétablir' }).click();
  await plain.getByRole('status').filter({ hasText: 'rétablies' }).waitFor();
});
