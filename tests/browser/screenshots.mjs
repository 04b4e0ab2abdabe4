// Every screen of visitors and clients as a picture at both widths, to be looked at: `make screenshots`.

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
} from './people.mjs';
import { ROOT, start } from './start.mjs';

const folder = path.join(ROOT, 'docs/pictures');
await mkdir(folder, { recursive: true });
const world = await start();
const browser = await launch();

/** The pages of one person, at each width. */
async function person(email) {
  const pages = [];
  for (const width of WIDTHS) {
    const page = await open(browser, world, width);
    if (email) await signIn(page, email);
    pages.push({ page, width });
  }
  return pages;
}

/** A picture of an address at each width, once what is told to be waited for is there. */
async function shoot(pages, name, address, ready = async () => undefined) {
  for (const { page, width } of pages) {
    await page.goto(address, { waitUntil: 'networkidle' });
    await ready(page);
    await page.screenshot({ path: path.join(folder, `${name}-${width}.png`), fullPage: true });
    console.log(`docs/pictures/${name}-${width}.png`);
  }
}

/** The README's pictures, the ones that are committed. */
async function present(page, name, address) {
  await page.setViewportSize({ width: 1100, height: 640 });
  if (address) await page.goto(address, { waitUntil: 'networkidle' });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

async function visitor() {
  const pages = await person();
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
    ['cgu-professionnels', '/cgu/professionnels'],
    ['confidentialite', '/confidentialite-et-cookies'],
    ['accessibilite', '/accessibilite'],
    ['retractation', '/retractation'],
    ['reservation-sans-session', '/reservations/bkg_01KDEM0DEM0DEM0DEM0DEM9999'],
    ['introuvable', '/nulle-part'],
    ['outbox', '/local/outbox'],
  ]) {
    await shoot(pages, name, address);
  }
  const date = nextSaturday();
  const wish = { lieu: 'Marseille', date, debut: '20:00', fin: '04:00', agents: '1' };
  const results = (activite) => `/recherche?${new URLSearchParams({ ...wish, activite })}`;
  await shoot(pages, 'resultats', results('human_surveillance'), async (page) => {
    await page.getByTestId('result').first().locator('summary').click();
    await page
      .getByRole('checkbox', { name: /Comparer/ })
      .first()
      .check();
  });
  await shoot(pages, 'aucun-resultat', results('cash_transport'));
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
  await shoot(pages, 'comparer', `/comparer?${new URLSearchParams({ ...wish, offres: offers.join(',') })}`);
  await shoot(pages, 'professionnel', `/professionnels/${slug}`);
  await shoot(
    pages,
    'reserver-1',
    `/reserver?${new URLSearchParams({ ...wish, offre: offers[0] })}`,
    (page) =>
      page
        .getByLabel('Code postal')
        .fill('13002')
        .then(() => page.getByTestId('quote-total').waitFor()),
  );
  await shoot(
    pages,
    'reserver-compte',
    `/reserver?${new URLSearchParams({ ...wish, offre: offers[0], etape: '2' })}`,
  );
  const { page } = pages[1];
  await present(page, 'accueil', '/');
  await searchFor(page);
  await page.getByTestId('result').first().waitFor();
  await present(page, 'resultats');
}

/** The steps of an order, filled in on the way. */
async function ordering(pages) {
  const wanted = await mission(world, { weeks: 1 });
  const wish = { offre: wanted.offer, lieu: '69003', date: wanted.start.slice(0, 10), debut: '20:00' };
  const step = (etape) => `/reserver?${new URLSearchParams({ ...wish, fin: '04:00', agents: '1', etape })}`;
  await shoot(pages, 'reserver-2', step('2'), async (page) => {
    await page.getByLabel('Adresse de la mission').fill('12 rue de la République');
    await page.getByLabel(/Commune/).fill('Lyon');
    await page.getByLabel('Type de site').selectOption('Chantier');
    await page
      .getByRole('group', { name: /voie publique/ })
      .getByLabel('Non')
      .check();
    await page
      .getByRole('group', { name: /Du public/ })
      .getByLabel('Non')
      .check();
  });
  await shoot(pages, 'reserver-3', step('3'), async (page) => {
    for (const box of await page.getByRole('checkbox').all()) await box.check();
  });
  await shoot(pages, 'reserver-4', step('4'));
  return wanted;
}

async function booked() {
  const email = await client(world, 'nadia@exemple.fr');
  const pages = await person(email);
  const { page } = pages[0];
  const professional = await open(browser, world);
  const rex = () => api(professional, world, 'POST', '/api/session', { email: REX, password: DEMO_PASSWORD });
  const again = async () => {
    for (const each of pages)
      await api(each.page, world, 'POST', '/api/session', { email, password: PASSWORD });
  };
  await shoot(pages, 'reservations-vides', '/reservations');
  const wanted = await ordering(pages);
  const booking = await order(page, world, wanted);
  const here = `/reservations/${booking.id}`;
  await shoot(pages, 'reservation-a-payer', `${here}?paiement=abandon`);
  await authorise(page, world, booking);
  await shoot(pages, 'reservation-demandee', here);
  await rex();
  await accept(professional, world, booking);
  await shoot(pages, 'reservation-confirmee', here);
  await present(pages[1].page, 'reservation');
  await pages[1].page.setViewportSize({ width: WIDTHS[1], height: 800 });
  await shoot(pages, 'annuler', `${here}/annuler`);
  await shoot(pages, 'renoncer', `${here}/retractation`);
  await shoot(pages, 'reservations', '/reservations');
  await shoot(pages, 'compte', '/compte');
  await clockTo(world, booking.end, 2);
  await again();
  await shoot(pages, 'reservation-terminee', here);
  await shoot(pages, 'valider', `${here}/valider`);
  await shoot(pages, 'reclamer', `${here}/reclamation`);
  await api(page, world, 'POST', `/api/bookings/${booking.id}/claim`, {
    reason: 'late',
    description: 'L’agent est arrivé à 22 h au lieu de 20 h.',
  });
  await rex();
  await api(professional, world, 'POST', `/api/bookings/${booking.id}/claim/proposal`, {
    percent: 30,
    message: 'Je reconnais le retard.',
  });
  await shoot(pages, 'reservation-en-reclamation', here);
  await shoot(pages, 'reclamation', `${here}/reclamation`);
  await api(page, world, 'POST', `/api/bookings/${booking.id}/validate`);
  await world.post('/local/settle');
  await shoot(pages, 'reservation-validee', here);
  await shoot(pages, 'donner-un-avis', `${here}/avis`);
}

try {
  await visitor();
  await booked();
} finally {
  await browser.close();
  await world.stop();
}
