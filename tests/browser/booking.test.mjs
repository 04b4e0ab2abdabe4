// A client orders on two screens, proves an address in between, pays on Stripe's page and follows the money until the
// professional is paid.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, searchFor, sound, WIDTHS } from './browse.mjs';
import {
  accept,
  api,
  authorise,
  client,
  clockTo,
  later,
  mission,
  order,
  PASSWORD,
  pay,
  signIn,
  signRexIn,
  state,
  typeCode,
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

const done = (page) => page.getByTestId('money').getByText(' : fait').count();

/** A page of the professional's, signed in. */
async function professionalPage() {
  const page = await open(browser, world);
  await signRexIn(page, world);
  return page;
}

test('from the search to the professional being paid, on a phone', async () => {
  const page = await open(browser, world, 360);
  await searchFor(page, { date: nextSaturday() });
  const mine = page.getByTestId('result').filter({ hasText: 'Alex Moreau Cynophile' });
  const shown = await mine.getByTestId('total').textContent();
  await page.getByRole('link', { name: 'Réserver Alex Moreau Cynophile' }).click();

  // The price is there before anything is asked of anybody, also before the postal code is known.
  await page.getByRole('heading', { name: /Réserver : / }).waitFor();
  await page.getByTestId('quote-total').waitFor();
  const total = await page.getByTestId('quote-total').textContent();
  assert.equal(total, shown, 'a result shows the total that is ordered');
  assert.equal(await page.getByLabel('Commune').inputValue(), 'Lyon');
  await page.getByRole('button', { name: 'Recevoir mon code' }).click();
  await page.getByText('Indiquez le code postal de la mission, en cinq chiffres.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'adresse');
  await sound(page);
  // Lyon has nine postal codes: one is chosen. Another town's is told at once.
  await page.getByLabel('Code postal').selectOption('69003');
  await page.getByLabel('Commune').fill('Bron');
  await page.getByLabel('Adresse de la mission').fill('12 rue de la République');
  await page.getByLabel('Type de site').selectOption('Chantier');
  await page.getByRole('button', { name: 'Recevoir mon code' }).click();
  await page.getByText('Avec le code postal 69003, la commune est Lyon.').waitFor();
  await page.getByLabel('Commune').fill('Lyon');
  await page.getByText('Ajouter des risques connus ou des consignes').click();
  await page.getByLabel(/Consignes/).fill('Sonner au portail.');

  // Nothing typed is lost by a reload.
  await page.getByLabel('Prénom').fill('Nadia');
  await page.reload();
  assert.equal(await page.getByLabel(/Consignes/).inputValue(), 'Sonner au portail.');
  assert.equal(await page.getByLabel('Prénom').inputValue(), 'Nadia');
  await page.getByLabel('Nom', { exact: true }).fill('Martin');
  await page.getByLabel('Adresse électronique').fill('nadia@exemple.fr');
  await page.getByLabel('Téléphone', { exact: true }).fill('06 12 34 56 78');
  await page.getByRole('button', { name: 'Recevoir mon code' }).click();
  await page.getByText('Acceptez les conditions d’utilisation').waitFor();
  await page.getByLabel(/conditions d’utilisation/).check();
  await sound(page);
  await page.getByRole('button', { name: 'Recevoir mon code' }).click();
  await page.getByText('Un courriel vient d’être envoyé à nadia@exemple.fr').waitFor();
  await sound(page);

  // Going back and on again sends no second mail; the code is typed here, and the order goes on.
  await page.getByRole('button', { name: 'Corriger l’adresse' }).click();
  await page.getByRole('button', { name: 'Recevoir mon code' }).click();
  await typeCode(page, world, 'nadia@exemple.fr', 'Confirmer et continuer');
  const mails = (await world.get('/local/mail')).filter(({ to }) => to.includes('nadia@exemple.fr'));
  assert.equal(mails.filter(({ text }) => /\d{3}\s\d{3}/.test(text)).length, 1);

  await page.getByRole('heading', { name: 'Vos accords' }).waitFor();
  await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).click();
  await page.getByText('Cochez cette case pour commander.').first().waitFor();
  for (const box of [/conditions générales de vente/, /Je demande expressément/, /Je reconnais perdre/])
    await page.getByLabel(box).check();
  await sound(page);

  // The recap can be corrected, and what was agreed to stays.
  await page.getByRole('button', { name: 'Modifier : Le lieu' }).click();
  await page.getByLabel(/Consignes/).fill('Sonner deux fois.');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByText('Sonner deux fois.').waitFor();
  assert.ok(await page.getByLabel(/Je demande expressément/).isChecked());
  // With whom, and under which conditions: all of it before the order binds.
  const recap = (await page.getByRole('main').textContent()).replace(/\s+/g, ' ');
  for (const fact of [/SIREN 910 000 017/, /69001 Lyon/, /AUT-069-[\d-]+/, /version \d{4}-\d+/])
    assert.match(recap, fact);
  await sound(page);
  await page
    .getByRole('button', {
      name: 'Commander avec obligation de paiement',
      exact: true,
    })
    .click();

  // A refused card, then one that the bank wants confirmed.
  await page.getByLabel('Numéro de carte').waitFor();
  await pay(page, '4000 0000 0000 9995');
  await page.getByRole('alert').waitFor();
  page.wrong.length = 0; // the stand-in's page answers a decline with an error status
  await pay(page, '4000 0025 0000 3155');
  await page
    .getByRole('button', { name: /Autoriser|Confirmer|Valider|Authentifier/ })
    .first()
    .click();
  await page.waitForURL(/\/reservations\/.*paiement=ok/);
  await state(page, 'requested');
  assert.equal(await done(page), 1);
  await page.getByText(/a jusqu’au .* pour répondre/).waitFor();
  await page
    .getByTestId('countdown')
    .getByText(/a encore \d+\sh(\s\d\d)? pour répondre/)
    .waitFor();
  await sound(page);

  const { bookings } = await api(page, world, 'GET', '/api/bookings');
  const booking = bookings[0];
  const professional = await professionalPage();
  const seen = await api(professional, world, 'GET', `/api/bookings/${booking.id}`);
  assert.equal(seen.coordinates ?? null, null, 'nobody is told where before accepting');
  await accept(professional, world, booking);
  await page.reload();
  await state(page, 'accepted');
  await page.getByRole('link', { name: 'Commande à imprimer' }).click();
  await page.getByText(/AUT-069-/).waitFor();
  await page.getByText('ne confère aucune prérogative de puissance publique').waitFor();
  await page.getByRole('heading', { name: 'Droit de rétractation' }).waitFor();
  await sound(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/commande.png`, fullPage: true });
  await page.goBack();
  await state(page, 'accepted');
  assert.equal(await done(page), 3);
  await page.getByText('carte professionnelle CAR-').waitFor();

  await clockTo(world, booking.end, 2);
  await page.reload(); // two days have gone: the session is renewed without a word
  await state(page, 'completed');
  page.wrong.length = 0; // the browser itself reports the 401 before the renewal
  await page.getByRole('link', { name: 'Valider la mission et libérer le paiement' }).click();
  await sound(page);
  await page.getByRole('button', { name: /Confirmer/ }).click();
  await state(page, 'validated');
  await world.post('/local/settle');
  await page.reload();
  await page.getByTestId('money').getByText(' : fait').nth(3).waitFor();

  await page.goto(await world.link('nadia@exemple.fr', `/reservations/${booking.id}/avis`));
  await page.getByRole('button', { name: 'Envoyer l’avis' }).click();
  await page.getByText('Choisissez de 1 à 5.').first().waitFor();
  // One mark is asked for, the others may be told.
  await page.getByText('Noter aussi la ponctualité').click();
  for (const name of ['Votre note d’ensemble', 'Ponctualité'])
    await page
      .getByRole('group', { name })
      .getByLabel(/5 sur 5/)
      .check();
  await page.getByLabel('Votre commentaire').fill('Équipe ponctuelle et discrète.');
  await sound(page);
  await page.getByRole('button', { name: 'Envoyer l’avis' }).click();
  await page.getByText('Votre avis sera relu').waitFor();
  await page.goto(`/reservations/${booking.id}/avis`);
  await page.getByText('Vous avez donné votre avis').waitFor();
  await page.context().close();
  await professional.context().close();
});

test('a request that nobody answers expires, and its client is told what to do', async () => {
  const email = await client(world, 'expire@exemple.fr');
  const page = await open(browser, world);
  await signIn(page, email);
  await page.getByText('Vous n’avez pas encore de réservation').waitFor();
  await sound(page);
  const booking = await order(page, world, await mission(world, { weeks: 1 }));
  await authorise(page, world, booking);
  await page.reload();
  await page.getByTestId('booking').getByRole('link').click();
  await state(page, 'requested');
  const { respond_by } = await api(page, world, 'GET', `/api/bookings/${booking.id}`);
  await clockTo(world, respond_by, 0.1);
  page.wrong.length = 0;
  await page.reload();
  await state(page, 'expired');
  page.wrong.length = 0;
  await page.getByRole('link', { name: 'Voir tous les professionnels disponibles' }).waitFor();
  await sound(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/expiree.png`, fullPage: true });
  // Asked for once more: everything comes along to the recap, and the price is asked for anew.
  await page.getByRole('button', { name: /^Redemander/ }).click();
  await page.getByTestId('quote-total').waitFor();
  await page.getByText('12 rue de la République, 69003 Lyon').waitFor();
  await page.getByText('Chantier ; hors voie publique').waitFor();
  assert.equal(await page.getByLabel(/conditions générales de vente/).isChecked(), false);
  await sound(page);
  await page.context().close();
});

test('two tabs whose session ran out renew it once and stay signed in', async () => {
  const email = await client(world, 'onglets@exemple.fr');
  const page = await open(browser, world);
  await signIn(page, email);
  const other = await page.context().newPage();
  await other.goto('/compte');
  await other.getByText(email).waitFor();
  const { now } = await world.get('/local/clock');
  await clockTo(world, now, 1);
  await Promise.all([page.reload(), other.reload()]);
  await page.getByText('Vous n’avez pas encore de réservation').waitFor();
  await other.getByText(email).waitFor();
  // The device is still signed in afterwards: no token was used twice.
  await clockTo(world, now, 2);
  await Promise.all([page.goto('/compte'), other.goto('/reservations')]);
  await page.getByText(email).waitFor();
  await other.getByText('Vous n’avez pas encore de réservation').waitFor();
  page.wrong.length = 0; // the browser itself reports each 401
  await sound(page);
  await page.context().close();
});

test('a session that ended loses nothing that was typed', async () => {
  const email = await client(world, 'brouillon@exemple.fr');
  const page = await open(browser, world, 360);
  const wanted = await mission(world, { weeks: 3 });
  const day = wanted.start.slice(0, 10);
  await signIn(page, email, PASSWORD, {
    at: `/connexion?suite=${encodeURIComponent(`/reserver?offre=${wanted.offer}&lieu=69003&date=${day}&debut=20:00&fin=04:00&agents=1`)}`,
  });
  await page.getByLabel('Adresse de la mission').fill('3 place Bellecour');
  await page.context().clearCookies();
  await page.reload();
  // Signed in again on the same page, without leaving the order.
  await page.getByText('Votre session a expiré : reconnectez-vous').waitFor();
  page.wrong.length = 0; // the browser itself reports each 401
  const again = page.locator('details', { hasText: 'reconnectez-vous' });
  await again.getByLabel('Adresse électronique').fill(email);
  await again.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
  await sound(page);
  await again.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByText(`Nadia Martin, ${email}`).waitFor();
  assert.equal(await page.getByLabel('Adresse de la mission').inputValue(), '3 place Bellecour');
  await page.context().close();
});

test('everything from the search to the payment page works with the keyboard alone', async () => {
  const email = await client(world, 'clavier@exemple.fr');
  const page = await open(browser, world);
  await signIn(page, email);
  const { now } = await world.get('/local/clock');
  await searchFor(page, { date: later(nextSaturday(new Date(now)), 28) });
  await page.getByTestId('result').first().waitFor();

  /** Tabs on until what has the focus is called so. */
  const reach = async (name) => {
    for (let steps = 0; steps < 60; steps += 1) {
      const focused = await page.evaluate(() => {
        const { activeElement: at } = document;
        return `${at?.id} ${at?.textContent} ${at?.labels?.[0]?.textContent}`.replace(/\s+/g, ' ');
      });
      if (name.test(focused)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`${name} cannot be reached with the keyboard`);
  };
  const press = async (name, key = 'Enter') => {
    await reach(name);
    await page.keyboard.press(key);
  };

  await press(/^undefined.*Réserver Alex|^ Réserver Alex/);
  await page.getByRole('heading', { name: 'Votre prix' }).waitFor();
  await page.getByText(`Nadia Martin, ${email}`).waitFor();
  await page.locator('select#code-postal').waitFor();
  await reach(/^adresse/);
  await page.keyboard.type('12 rue de la République');
  await reach(/^code-postal/);
  await page.keyboard.type('69003');
  await reach(/^site/);
  await page.keyboard.type('Chantier');
  await page.getByTestId('quote-total').waitFor();
  await press(/Continuer/);
  await page.getByRole('heading', { name: 'Vos accords' }).waitFor();
  for (const box of [/^conditions/, /^anticipee/, /^perte/]) {
    if (await page.locator(`#${box.source.slice(1)}`).count()) await press(box, 'Space');
  }
  await press(/Commander avec obligation de paiement/);
  await page.getByLabel('Numéro de carte').waitFor();
  await page.context().close();
});

test('a stranger is asked to sign in, and comes back to the booking', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/reservations/bkg_01KDEM0DEM0DEM0DEM0DEM9999?paiement=ok');
  await page.getByText('Connectez-vous pour voir cette réservation.').waitFor();
  const way = await page.getByRole('main').getByRole('link', { name: 'Se connecter' }).getAttribute('href');
  assert.equal(way, '/connexion?suite=%2Freservations%2Fbkg_01KDEM0DEM0DEM0DEM0DEM9999%3Fpaiement%3Dok');
  page.wrong.length = 0; // the browser itself reports each 401
  await sound(page);
  await page.context().close();
});

test('the account page says who is signed in and what can be asked', async () => {
  const email = await client(world, 'docks@exemple.fr', {
    type: 'business',
    company: 'Festival des Docks',
    siren: '910000041',
  });
  const page = await open(browser, world, 360);
  await signIn(page, email);
  await page.goto('/compte');
  await page.getByText('Festival des Docks, SIREN 910000041').waitFor();
  await sound(page);
  await page.getByText('Menu').click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  // The menu closes once the home page has come: a click before would close it instead of opening it.
  await page.locator('header details:not([open])').waitFor();
  await page.getByText('Menu').click();
  await page.getByRole('link', { name: 'Se connecter' }).waitFor();
  await page.context().close();
});

for (const width of WIDTHS) {
  test(`a client corrects, exports and closes the account at ${width} px`, async () => {
    const email = await client(world, `depart${width}@exemple.fr`);
    const page = await open(browser, world, width);
    await signIn(page, email);
    await page.goto('/compte');

    await page.getByRole('button', { name: 'Modifier mon nom ou mon téléphone' }).click();
    await sound(page);
    await page.getByLabel('Nom', { exact: true }).fill('Durand');
    await page.getByLabel('Téléphone', { exact: true }).fill('12');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.locator('#phone[aria-invalid=true]').waitFor();
    page.wrong.length = 0; // the browser itself reports the refusal
    await page.getByLabel('Téléphone', { exact: true }).fill('07 00 00 00 01');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByText('Nadia Durand').waitFor();

    await page.getByText(/vous ne la recevez pas/).waitFor();
    await page.getByRole('button', { name: 'La recevoir' }).click();
    await page.getByText(/depuis votre accord du/).waitFor();
    await sound(page);
    // The link of the mail takes one click, and no session.
    const link = await world.link(email, '/lettre');
    const visitor = await open(browser, world, width);
    await visitor.goto(link);
    await sound(visitor);
    await visitor.getByRole('button', { name: 'Ne plus recevoir la lettre' }).click();
    await visitor.getByText('Vous ne recevrez plus la lettre').waitFor();
    await visitor.context().close();
    await page.reload();
    await page.getByText(/vous ne la recevez pas/).waitFor();

    await page.locator('#copy-password').fill('pas-le-bon');
    await page.getByRole('button', { name: 'Télécharger mes données' }).click();
    await page.locator('#copy-password[aria-invalid=true]').waitFor();
    page.wrong.length = 0; // the browser itself reports the refusal
    await page.locator('#copy-password').fill(PASSWORD);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Télécharger mes données' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^monagentdesecu-mes-donnees-\d{4}-\d\d-\d\d\.json$/);
    const copy = JSON.parse(await readFile(await download.path(), 'utf8'));
    assert.equal(copy.account.email, email);
    assert.equal(copy.account.profile.last_name, 'Durand');
    assert.deepEqual(
      copy.account.newsletter_choices.map(({ wanted }) => wanted),
      [true, false],
    );
    await page.getByText('Le fichier est téléchargé.').waitFor();

    await page.locator('#close-password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Fermer mon compte' }).click();
    await page.getByText('Votre compte est fermé').waitFor();
    await sound(page);
    await page.goto('/connexion');
    await page.getByLabel('Adresse électronique').fill(email);
    await page.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByText(/ne vont pas ensemble/).waitFor();
    await page.context().close();
  });
}

test('an account with a booking under way says which one keeps it open', async () => {
  const email = await client(world, 'encore-la@exemple.fr');
  const page = await open(browser, world, 360);
  await signIn(page, email);
  const booking = await order(page, world, await mission(world, { weeks: 3 }));
  await page.goto('/compte');
  await page.locator('#close-password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Fermer mon compte' }).click();
  await page.getByText(`la réservation ${booking.reference} est en cours`).waitFor();
  page.wrong.length = 0; // the browser itself reports the refusal
  await sound(page);
  await page.context().close();
});
