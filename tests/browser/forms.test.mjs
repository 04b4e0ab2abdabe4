// What is typed outlives the network and the session, what is read prints, and a deadline does not
// depend on the clock of the device.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browse.mjs';
import {
  accept,
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
  typeCode,
} from './people.mjs';
import { start } from './start.mjs';

const EMAIL = 'nadia@exemple.fr';

let world;
let browser;
let visitor;
let professional;
let booking;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  visitor = await open(browser, world, 360);
  professional = await open(browser, world, 360);
  await signIn(visitor, await client(world, EMAIL));
  await signIn(professional, REX, DEMO_PASSWORD);
  booking = await order(visitor, world, await mission(world));
  await authorise(visitor, world, booking);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** Sends a form without network, then without session; what was typed must be there after both. */
async function outlives(page, { address, fill, send, typed, back }) {
  await page.goto(address);
  await fill(page);
  await page.context().setOffline(true);
  await send(page).click();
  await page.getByText('Vous êtes hors ligne', { exact: true }).waitFor();
  await page.context().setOffline(false);
  await page.context().clearCookies();
  await send(page).click();
  await page.getByText(/Vous n’êtes pas connecté|Votre session a expiré/).waitFor();
  await back(page);
  for (const [field, text] of typed) {
    assert.equal(await field(page).inputValue(), text, address);
  }
}

const signedIn = (email, password, address) => async (page) => {
  await page.getByRole('main').getByRole('link', { name: 'Se connecter' }).click();
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL(`**${address}`);
};

test('a countdown follows the server, on a device three hours ahead', async () => {
  const page = await open(browser, world, 360);
  await signIn(page, REX, DEMO_PASSWORD);
  const { respond_by } = await api(page, world, 'GET', `/api/bookings/${booking.id}`);
  await page.clock.install({ time: new Date(Date.now() + 3 * 3_600_000) });
  await page.goto('/pro');
  const said = await page.getByTestId('countdown').first().textContent();
  const [, hours, minutes] = said.match(/Encore (\d+)\sh(?:\s(\d\d))? pour répondre/);
  const left = (Date.parse(respond_by) - Date.now()) / 60_000;
  // Whole hours are told, down to the last two.
  const untold = left - (Number(hours) * 60 + Number(minutes ?? 0));
  assert.ok(untold >= -2 && untold <= 62, `${said}, ${left} min left`);
  await page.context().close();
});

test('an offer outlives the network and the session', async () => {
  const address = '/pro/offres/nouvelle';
  await outlives(professional, {
    address,
    fill: async (page) => {
      await page.getByLabel('Activité').selectOption({ label: 'Surveillance humaine' });
      await page.getByLabel('Titre').fill('Gardiennage de chantier');
      await page.getByLabel('Description').fill('Rondes, contrôle des accès et main courante électronique.');
      await page.getByLabel('Rondes').check();
      await page.getByLabel('Ajouter un département').selectOption('69');
      await page.getByLabel('Jour (€)', { exact: true }).fill('26');
      await page.getByRole('button', { name: 'Appliquer les majorations' }).click();
    },
    send: (page) => page.getByRole('button', { name: 'Enregistrer l’offre' }),
    back: signedIn(REX, DEMO_PASSWORD, address),
    typed: [
      [(page) => page.getByLabel('Titre'), 'Gardiennage de chantier'],
      [(page) => page.getByLabel('Nuit (€)'), '28,60'],
    ],
  });
  await professional.getByRole('button', { name: 'Retirer 69 Rhône' }).waitFor();
});

test('a registration outlives the network and the session, and a code leads back', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/pro/inscription');
  await page.getByLabel(/Adresse électronique/).fill('estuaire@exemple.fr');
  await page.getByLabel(/J’accepte/).check();
  await page.getByRole('button', { name: 'Commencer' }).click();
  await typeCode(page, world, 'estuaire@exemple.fr', 'Ouvrir mon dossier');
  const name = (page) => page.getByLabel('Dénomination sociale');
  await name(page).waitFor();
  await outlives(page, {
    address: '/pro/inscription',
    fill: (page) => name(page).fill('Estuaire Sûreté'),
    send: (page) => page.getByRole('button', { name: 'Enregistrer et continuer' }),
    back: async (page) => {
      await page.getByRole('button', { name: 'Recevoir un code' }).click();
      await page.getByText('Un courriel vient d’être envoyé à').waitFor();
      await typeCode(page, world, 'estuaire@exemple.fr', 'Rouvrir mon dossier');
      await page.getByLabel('Code reçu par courriel').waitFor({ state: 'detached' });
    },
    typed: [[name, 'Estuaire Sûreté']],
  });
  await page.getByRole('button', { name: 'Enregistrer et continuer' }).click();
  await page.getByRole('heading', { level: 2, name: 'Établissement' }).waitFor();
  await page.context().close();
});

test('paper has no navigation and nothing to press', async () => {
  await professional.request.post(`${world.site}/api/session`, {
    headers: { origin: world.site },
    data: { email: REX, password: DEMO_PASSWORD },
  });
  await accept(professional, world, booking);
  const wanted = await mission(world, { weeks: 1 });
  const wish = { offre: wanted.offer, lieu: '69003', date: wanted.start.slice(0, 10), agents: '1' };
  for (const [page, address, ready] of [
    [visitor, `/reservations/${booking.id}`, (page) => page.getByTestId('money')],
    [professional, '/pro/versements', (page) => page.getByTestId('payouts')],
    [visitor, '/cgu', (page) => page.getByRole('heading', { level: 1 })],
    [
      visitor,
      `/reserver?${new URLSearchParams({ ...wish, debut: '20:00', fin: '04:00' })}`,
      (page) => page.getByTestId('quote-total'),
    ],
  ]) {
    await page.goto(address);
    await ready(page).waitFor();
    assert.ok((await page.locator('nav:visible, button:visible, .button:visible').count()) > 0, address);
    await page.emulateMedia({ media: 'print' });
    const left = await page.evaluate(() => {
      const seen = [...document.querySelectorAll('body *')].filter((node) => node.checkVisibility());
      return {
        pressed: seen
          .filter((node) => node.matches('nav, button, .button, header.no-print'))
          .map((node) => node.outerHTML.slice(0, 120)),
        grounds: seen
          .filter((node) => getComputedStyle(node).backgroundColor !== 'rgba(0, 0, 0, 0)')
          .filter((node) => !node.matches('input, select, textarea'))
          .map((node) => node.outerHTML.slice(0, 120)),
      };
    });
    if (process.env.SHOTS)
      await page.screenshot({
        path: `${process.env.SHOTS}/print${address.replace(/\W+/g, '_').slice(0, 20)}.png`,
        fullPage: true,
      });
    await page.emulateMedia({ media: null });
    assert.deepEqual(left, { pressed: [], grounds: [] }, address);
  }
});

test('a claim and a review outlive the network and the session', async () => {
  const again = () => signInAgain(visitor, world, EMAIL);
  await clockTo(world, booking.end, 2);
  await again();
  const claim = `/reservations/${booking.id}/reclamation`;
  const facts = (page) => page.getByLabel('Les faits');
  await outlives(visitor, {
    address: claim,
    fill: async (page) => {
      await page.getByLabel('Les agents sont arrivés en retard').check();
      await facts(page).fill('L’agent est arrivé à 22 h au lieu de 20 h.');
    },
    send: (page) => page.getByRole('button', { name: 'Ouvrir la réclamation' }),
    back: signedIn(EMAIL, PASSWORD, claim),
    typed: [[facts, 'L’agent est arrivé à 22 h au lieu de 20 h.']],
  });
  assert.ok(await visitor.getByLabel('Les agents sont arrivés en retard').isChecked());

  await api(visitor, world, 'POST', `/api/bookings/${booking.id}/validate`);
  await world.post('/local/settle');
  const review = `/reservations/${booking.id}/avis`;
  const comment = (page) => page.getByLabel('Votre commentaire');
  await outlives(visitor, {
    address: review,
    fill: async (page) => {
      await page
        .getByRole('group', { name: 'Votre note d’ensemble' })
        .getByRole('radio', { name: /^4/ })
        .check();
      await comment(page).fill('Ponctuel et discret, je recommande.');
    },
    send: (page) => page.getByRole('button', { name: 'Envoyer l’avis' }),
    back: signedIn(EMAIL, PASSWORD, review),
    typed: [[comment, 'Ponctuel et discret, je recommande.']],
  });
});
