// The edges of the journeys: too late, too often, twice, and what is not for everybody.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sound } from './browse.mjs';
import {
  accept,
  api,
  authorise,
  client,
  clockTo,
  mission,
  order,
  PASSWORD,
  pay,
  signIn,
  signInAgain,
  signRexIn,
  state,
} from './people.mjs';
import { start } from './start.mjs';

const REX_PAGE = '/professionnels/alex-moreau-cynophile-pro_01KDEM0DEM0DEM0DEM0DEM0001';

let world;
let browser;
let professional;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  professional = await open(browser, world);
  await signRexIn(professional, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

test('signing up twice answers the same, and the mail says that there is an account', async () => {
  const email = await client(world, 'deux-fois@exemple.fr');
  const page = await open(browser, world, 360);
  await page.goto('/inscription');
  await page.getByLabel('Prénom').fill('Nadia');
  await page.getByLabel('Nom', { exact: true }).fill('Martin');
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Téléphone', { exact: true }).fill('06 12 34 56 78');
  await page.getByLabel('Mot de passe').fill(PASSWORD);
  await page.getByLabel(/J’ai lu et j’accepte/).check();
  await page.getByRole('button', { name: 'Créer mon compte' }).dblclick();
  await page.getByText(`Un courriel vient d’être envoyé à ${email}`).waitFor();
  await sound(page);
  await world.post('/local/settle');
  const mails = (await world.get('/local/mail')).filter(({ to }) => to.includes(email));
  assert.match(mails.map(({ subject }) => subject).join('\n'), /déjà un compte|compte existe déjà/);
  await page.context().close();
});

test('a mission that begins too soon is refused where the button is', async () => {
  const wanted = await mission(world);
  const { now } = await world.get('/local/clock');
  const page = await open(browser, world, 360);
  // In ten hours or so, whatever the time: the offer wants a day's notice.
  const begins = new Date(Date.parse(now) + 10 * 3_600_000);
  const paris = (options) =>
    new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', ...options }).format(begins);
  const day = paris({ dateStyle: 'short' }).split('/').reverse().join('-');
  const hour = Number(paris({ hour: '2-digit', hourCycle: 'h23' }).slice(0, 2));
  const clock = (hours) => `${String(hours % 24).padStart(2, '0')}:00`;
  await page.goto(
    `/reserver?${new URLSearchParams({ offre: wanted.offer, lieu: '69003', date: day, debut: clock(hour), fin: clock(hour + 4), agents: '1' })}`,
  );
  const price = page.getByRole('complementary', { name: 'Prix' });
  await price.getByText('Pas de prix pour cette mission').waitFor();
  await price.getByText(/préavis|délai|heures/).first().waitFor();
  page.wrong.length = 0; // the refusal is an error status
  await page.getByRole('button', { name: 'Recevoir mon code' }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'prix');
  await sound(page);
  // A postal code that is corrected does not leave the button waiting.
  await page.getByLabel('Date').fill(wanted.start.slice(0, 10));
  await page.getByLabel('Code postal').fill('69003');
  await page.getByLabel('Code postal').press('Backspace');
  await page.getByRole('button', { name: 'Recevoir mon code', disabled: false }).click();
  await page.getByText('Indiquez le code postal de la mission').waitFor();
  await page.context().close();
});

test('telephone numbers are shown ten times an hour, then politely not', async () => {
  const page = await open(browser, world, 360);
  await page.goto(REX_PAGE);
  const slug = REX_PAGE.split('/').at(-1);
  for (let time = 0; time < 10; time += 1) await world.post(`/api/professionals/${slug}/phone`);
  await page.getByRole('button', { name: 'Afficher les coordonnées' }).click();
  await page.getByRole('alert').getByText(/Trop de/).waitFor();
  page.wrong.length = 0; // the refusal is an error status
  await sound(page);
  await page.context().close();
});

test('a payment that is not finished gives the agents back, and nobody is told', async () => {
  const email = await client(world, 'sans-payer@exemple.fr');
  const page = await open(browser, world, 360);
  await signIn(page, email);
  const booking = await order(page, world, await mission(world));
  await page.goto(`/reservations/${booking.id}`);
  await page.getByRole('button', { name: 'Aller au paiement' }).dblclick();
  await pay(page, '4000 0000 0000 9995');
  await page.getByRole('alert').waitFor();
  page.wrong.length = 0; // the stand-in's page answers a decline with an error status
  await page.getByRole('link', { name: 'Annuler et revenir' }).click();
  await state(page, 'awaiting_payment');
  await page.getByText('Vous êtes revenu sans autoriser de carte').waitFor();
  await page.getByRole('button', { name: 'Aller au paiement', disabled: false }).waitFor();
  const { now } = await world.get('/local/clock');
  await clockTo(world, now, 0.3);
  await page.reload();
  await state(page, 'abandoned');
  page.wrong.length = 0; // the browser itself reports the 401 before the renewal
  await sound(page);
  await signRexIn(professional, world);
  const { bookings } = await api(professional, world, 'GET', '/api/professional/bookings');
  assert.ok(!bookings.some(({ id }) => id === booking.id), 'the professional never heard of it');
  await page.context().close();
});

test('a double click validates once, and going back from there changes nothing', async () => {
  const email = await client(world, 'deux-clics@exemple.fr');
  const page = await open(browser, world, 360);
  await signIn(page, email);
  const booking = await order(page, world, await mission(world));
  await authorise(page, world, booking);
  await signRexIn(professional, world);
  await accept(professional, world, booking);
  await clockTo(world, booking.end, 2);
  await signInAgain(page, world, email);
  const other = await page.context().newPage();
  await other.goto(`/reservations/${booking.id}/valider`);
  await page.goto(`/reservations/${booking.id}`);
  await page.getByRole('link', { name: 'Valider la mission et libérer le paiement' }).click();
  await page.getByRole('button', { name: /^Confirmer/ }).dblclick();
  await state(page, 'validated');
  await world.post('/local/settle');
  // The other tab still shows the button; pressing it is refused with a sentence, or does nothing more.
  await other.getByRole('button', { name: /^Confirmer/ }).click();
  await other
    .getByRole('alert')
    .or(other.locator('[data-testid=state][data-state=validated]'))
    .first()
    .waitFor();
  await world.post('/local/settle');
  const transfers = await world.get('/local/stripe/objects?kind=transfer');
  assert.equal(transfers.length, 1, 'one transfer');
  await page.goBack();
  await state(page, 'validated');
  await page.context().close();
});

test('a mission of a business validates itself; it had no right to withdraw', async () => {
  const email = await client(world, 'societe@exemple.fr', {
    type: 'business',
    company: 'Docks du Sud',
    siren: '910000041',
  });
  const page = await open(browser, world, 360);
  await signIn(page, email);
  const booking = await order(page, world, await mission(world));
  await authorise(page, world, booking);
  await signRexIn(professional, world);
  await accept(professional, world, booking);
  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'accepted');
  assert.equal(await page.getByText('renoncer au contrat ici').count(), 0);
  await page.goto(`/reservations/${booking.id}/retractation`);
  await page.getByText(/réservé aux consommateurs|pas possible/).first().waitFor();
  await sound(page);
  await clockTo(world, booking.end, 73);
  await signInAgain(page, world, email);
  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'validated');
  await page.getByText(/validée d’office/).waitFor();
  page.wrong.length = 0; // the browser itself reports the 401 before the renewal
  await sound(page);
  await page.context().close();
});

test('a session that ends at the last step says so, and the order is still there', async () => {
  const email = await client(world, 'dernier-pas@exemple.fr');
  const page = await open(browser, world, 360);
  const wanted = await mission(world);
  const at = `/reserver?${new URLSearchParams({ offre: wanted.offer, lieu: '69003', date: wanted.start.slice(0, 10), debut: '20:00', fin: '04:00', agents: '1' })}`;
  // What the browser would refuse is said in the page's words, and the field has the focus.
  await page.goto(`/connexion?suite=${encodeURIComponent(at)}`);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByText('Remplissez ce champ.').first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'email');
  await sound(page);
  await signIn(page, email, PASSWORD, { at: `/connexion?suite=${encodeURIComponent(at)}` });
  await page.getByLabel('Adresse de la mission').fill('3 place <b>Bellecour</b>');
  await page.getByLabel('Type de site').selectOption('Chantier');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('heading', { name: 'Avec qui vous contractez' }).waitFor();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  const send = page.getByRole('button', { name: 'Commander avec obligation de paiement', exact: true });
  await send.waitFor();
  await page.context().clearCookies();
  await send.click();
  const again = page.locator('details', { hasText: 'Votre session a expiré' });
  await again.waitFor();
  page.wrong.length = 0; // the browser itself reports each 401
  await sound(page);
  await again.getByLabel('Adresse électronique').fill(email);
  await again.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByText('3 place <b>Bellecour</b>').waitFor();
  await send.dblclick();
  await page.getByLabel('Numéro de carte').waitFor();
  const { bookings } = await api(page, world, 'GET', '/api/bookings');
  assert.equal(bookings.length, 1, 'a double click orders once');
  // Paid, the browser's back button leads to a page that has nothing to pay any more.
  await pay(page, '4242 4242 4242 4242');
  await page.waitForURL(/paiement=ok/);
  await state(page, 'requested');
  await page.goBack();
  assert.equal(await page.getByLabel('Numéro de carte').count(), 0);
  await page.goForward();
  await state(page, 'requested');
  await page.context().close();
});
