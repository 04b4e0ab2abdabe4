// Every screen of visitors, clients and professionals as a picture at both widths, to be looked at: `make screenshots`.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { launch, nextSaturday, open, searchFor, WIDTHS } from './browse.mjs';
import {
  accept,
  api,
  authorise,
  client,
  clockTo,
  DEMO_PASSWORD,
  later,
  mission,
  order,
  PASSWORD,
  REX,
  signIn,
  signInAgain,
  signRexIn,
} from './people.mjs';
import { ROOT, start } from './start.mjs';

const folder = path.join(ROOT, 'docs/pictures');
await mkdir(folder, { recursive: true });
const world = await start();
const browser = await launch();

/** The page of one person, who signs in as people do. */
async function person(email, password = PASSWORD) {
  const page = await open(browser, world);
  if (email) await signIn(page, email, password);
  return page;
}

/** A picture of an address at each width, once what is told to be waited for is there. */
async function shoot(page, name, address, ready = async () => undefined) {
  await page.goto(address, { waitUntil: 'networkidle' });
  await ready(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: path.join(folder, `${name}-${width}.png`), fullPage: true });
    console.log(`docs/pictures/${name}-${width}.png`);
  }
}

/** The README's pictures, the ones that are committed. */
async function present(page, name, address, height = 640) {
  await page.setViewportSize({ width: 1100, height });
  if (address) await page.goto(address, { waitUntil: 'networkidle' });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

async function visitor() {
  const page = await person();
  for (const [name, address] of [
    ['accueil', '/'],
    ['inscription', '/inscription'],
    ['connexion', '/connexion'],
    ['mot-de-passe', '/mot-de-passe?jeton=a'],
    ['mot-de-passe-oublie', '/mot-de-passe'],
    ['verifier-adresse', '/verifier-adresse?jeton=a'],
    ['activation', '/activation?jeton=a'],
    ['fonctionnement', '/fonctionnement'],
    ['classement', '/classement'],
    ['avis', '/avis'],
    ['mentions-legales', '/mentions-legales'],
    ['cgu', '/cgu'],
    ['cgu-clients', '/cgu/clients'],
    ['cgu-professionnels', '/cgu/professionnels'],
    ['confidentialite', '/confidentialite-et-cookies'],
    ['accessibilite', '/accessibilite'],
    ['retractation', '/retractation'],
    ['signaler-quoi', '/signaler'],
    ['signaler', '/signaler?page=alex-moreau-cynophile-pro_01KDEM0DEM0DEM0DEM0DEM0001'],
    ['reservation-sans-session', '/reservations/bkg_01KDEM0DEM0DEM0DEM0DEM9999'],
    ['introuvable', '/nulle-part'],
    ['outbox', '/local/outbox'],
  ]) {
    await shoot(page, name, address);
  }
  const date = nextSaturday();
  const wish = { lieu: 'Marseille', date, debut: '20:00', fin: '04:00', agents: '1' };
  const results = (activite) => `/recherche?${new URLSearchParams({ ...wish, activite })}`;
  await shoot(page, 'resultats', results('human_surveillance'), async (page) => {
    await page.getByTestId('result').first().locator('summary').click();
    await page
      .getByRole('checkbox', { name: /Comparer/ })
      .first()
      .check();
  });
  await shoot(page, 'aucun-resultat', results('cash_transport'));
  const offers = [];
  let slug;
  for (const activity of ['human_surveillance', 'event_security']) {
    const asked = new URLSearchParams({
      activity,
      place: wish.lieu,
      start: `${date}T20:00`,
      end: `${later(date, 1)}T04:00`,
    });
    const { results: found } = await world.get(`/api/search?${asked}`);
    offers.push(found[0].offer);
    slug = found[0].slug;
  }
  await shoot(page, 'comparer', `/comparer?${new URLSearchParams({ ...wish, offres: offers.join(',') })}`);
  await shoot(page, 'professionnel', `/professionnels/${slug}`);
  await shoot(page, 'reserver-1', `/reserver?${new URLSearchParams({ ...wish, offre: offers[0] })}`, (page) =>
    page
      .getByLabel('Code postal')
      .fill('13002')
      .then(() => page.getByTestId('quote-total').waitFor()),
  );
  await shoot(
    page,
    'reserver-compte',
    `/reserver?${new URLSearchParams({ ...wish, offre: offers[0], lieu: '13002 Marseille' })}`,
  );
  // With the activities below the search.
  await present(page, 'accueil', '/', 1000);
  await searchFor(page);
  await page.getByTestId('result').first().waitFor();
  await present(page, 'resultats');
}

/** The steps of an order, filled in on the way. */
async function ordering(page) {
  const wanted = await mission(world, { weeks: 1 });
  const wish = { offre: wanted.offer, lieu: '69003 Lyon', date: wanted.start.slice(0, 10), debut: '20:00' };
  const step = (etape) => `/reserver?${new URLSearchParams({ ...wish, fin: '04:00', agents: '1', etape })}`;
  await shoot(page, 'reserver-2', step(''), async (page) => {
    await page.getByLabel('Adresse de la mission').fill('12 rue de la République');
    await page.getByLabel('Type de site').selectOption('Chantier');
  });
  await shoot(page, 'reserver-3', step('verifier'), async (page) => {
    for (const box of await page.getByRole('checkbox').all()) await box.check();
  });
  return wanted;
}

/** The steps of a registration that has just begun. */
async function registering() {
  const page = await person();
  await shoot(page, 'pro-inscription', '/pro/inscription');
  await page.getByLabel(/Adresse électronique/).fill('estuaire@exemple.fr');
  await page.getByLabel(/J’accepte/).check();
  await page.getByRole('button', { name: 'Commencer' }).click();
  await page.getByRole('heading', { level: 2, name: 'Identité' }).waitFor();
  for (const step of [
    'identite',
    'etablissement',
    'tva',
    'equipe',
    'documents',
    'conditions',
    'mediateur',
    'declarations',
    'recapitulatif',
  ]) {
    await shoot(page, `pro-inscription-${step}`, `/pro/inscription?etape=${step}`);
  }
  await shoot(page, 'pro-statut', '/pro/statut');
  await shoot(page, 'inscription-reprendre', '/inscription/reprendre?jeton=a');
}

/** What a professional writes and reads besides bookings. */
async function running(page) {
  const { offers } = await api(page, world, 'GET', '/api/professional/offers');
  await api(page, world, 'POST', '/api/professional/calendar/feed', { open: true });
  for (const [name, address] of [
    ['pro-page', '/pro/page'],
    ['pro-offres', '/pro/offres'],
    ['pro-offre', `/pro/offres/${offers[0].id}`],
    ['pro-offre-nouvelle', '/pro/offres/nouvelle'],
    ['pro-calendrier-semaine', `/pro/calendrier?jour=${later(nextSaturday(), 7)}`],
    ['pro-calendrier-semaine-type', '/pro/calendrier?vue=habitudes'],
    ['pro-calendrier-mois', '/pro/calendrier?vue=mois'],
    ['pro-compte', '/compte'],
  ]) {
    await shoot(page, name, address);
  }
}

/** The two write to each other about a booking. */
async function conversing(page, professional, booking) {
  await shoot(page, 'messages-vides', '/messages');
  await shoot(page, 'message-nouveau', `/messages/nouveau?reservation=${booking.id}`);
  const to = { type: 'booking', booking: booking.id };
  const say = (who, text) => api(who, world, 'POST', '/api/messages', { to, text });
  const { conversation } = await say(page, 'Bonjour, par quel portail votre agent arrive-t-il ?');
  await say(professional, 'Par le portail nord, à 19 h 45. Le chien reste dans le véhicule jusqu’à votre accord.');
  await shoot(page, 'messages', '/messages');
  await shoot(page, 'message', `/messages/${conversation.id}`);
  await shoot(professional, 'pro-messages', '/pro/messages');
  await shoot(professional, 'pro-message', `/pro/messages/${conversation.id}`);
}

/** A booking from the request to the review, as its client and its professional see it. */
async function booked() {
  const email = await client(world, 'nadia@exemple.fr');
  const page = await person(email);
  const professional = await person(REX, DEMO_PASSWORD);
  // Moving the clock ends sessions.
  const again = async () => {
    await signInAgain(page, world, email);
    await signRexIn(professional, world);
  };
  await shoot(page, 'reservations-vides', '/reservations');
  await shoot(professional, 'pro-tableau-de-bord-vide', '/pro');
  await shoot(professional, 'pro-commandes-vides', '/pro/commandes');
  const booking = await order(page, world, await ordering(page));
  const here = `/reservations/${booking.id}`;
  await shoot(page, 'reservation-a-payer', `${here}?paiement=abandon`);
  await authorise(page, world, booking);
  await shoot(page, 'reservation-demandee', here);
  await shoot(professional, 'pro-demande', `/pro/demandes/${booking.id}`);
  await accept(professional, world, booking);
  await shoot(page, 'reservation-confirmee', here);
  await present(page, 'reservation');
  await shoot(page, 'commande-a-imprimer', `${here}/commande`);
  await shoot(page, 'annuler', `${here}/annuler`);
  await shoot(page, 'renoncer', `${here}/retractation`);
  await shoot(page, 'reservations', '/reservations');
  await shoot(page, 'compte', '/compte');
  await conversing(page, professional, booking);

  await authorise(page, world, await order(page, world, await mission(world, { weeks: 2 })));
  await shoot(professional, 'pro-tableau-de-bord', '/pro');
  await present(professional, 'tableau-de-bord');
  await shoot(professional, 'pro-commandes', '/pro/commandes');
  const mine = `/pro/commandes/${booking.id}`;
  await shoot(professional, 'pro-commande-confirmee', mine);
  await running(professional);

  await clockTo(world, booking.end, 2);
  await again();
  await shoot(page, 'reservation-terminee', here);
  await shoot(page, 'valider', `${here}/valider`);
  await shoot(page, 'reclamer', `${here}/reclamation`);
  await shoot(professional, 'pro-commande-terminee', mine);
  await api(page, world, 'POST', `/api/bookings/${booking.id}/claim`, {
    reason: 'late',
    description: 'L’agent est arrivé à 22 h au lieu de 20 h.',
  });
  await shoot(professional, 'pro-commande-en-reclamation', mine);
  await api(professional, world, 'POST', `/api/bookings/${booking.id}/claim/proposal`, {
    percent: 30,
    message: 'Je reconnais le retard.',
  });
  await shoot(page, 'reservation-en-reclamation', here);
  await shoot(page, 'reclamation', `${here}/reclamation`);
  await api(page, world, 'POST', `/api/bookings/${booking.id}/validate`);
  await world.post('/local/settle');
  await shoot(page, 'reservation-validee', here);
  await shoot(page, 'donner-un-avis', `${here}/avis`);
  await shoot(professional, 'pro-commande-payee', mine);
  await shoot(professional, 'pro-versements', '/pro/versements');
  await shoot(professional, 'pro-statistiques', '/pro/statistiques');
  await shoot(professional, 'pro-commandes-archivees-vides', '/pro/commandes?vue=archivees');
  await api(professional, world, 'PUT', `/api/bookings/${booking.id}/archive`, { archived: true });
  await shoot(professional, 'pro-commande-archivee', mine);
  await shoot(professional, 'pro-commandes-archivees', '/pro/commandes?vue=archivees');
  await api(page, world, 'PUT', `/api/bookings/${booking.id}/archive`, { archived: true });
  await shoot(page, 'reservations-archivees', '/reservations?vue=archivees');
  await shoot(professional, 'pro-avis', '/pro/avis');
}

try {
  await visitor();
  await registering();
  await booked();
} finally {
  await browser.close();
  await world.stop();
}
