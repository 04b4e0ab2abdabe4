// How many screens, fields, boxes and clicks lie between the home page and a paid order. What is counted
// is what the browser sees: empty fields in sight when a screen is there, real clicks, and the screens on
// which something was done. The card's own page is Stripe's: its screen and its click count, its fields
// are the same everywhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inLargeText, launch, nextSaturday, open, press, reach, sound } from './browse.mjs';
import { accept, api, clockTo, later, pay, signRexIn, state, typeCode } from './people.mjs';
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

/** Follows a page: what is asked of whoever uses it. */
class Walk {
  screens = [];
  clicks = [];
  fields = [];
  boxes = [];

  static async of(page) {
    const walk = new Walk();
    walk.page = page;
    await page.exposeBinding('pressed', (_, screen, what) => {
      walk.clicks.push(`${screen}: ${what}`);
      walk.#on(screen);
    });
    await page.addInitScript(() => {
      addEventListener(
        'click',
        (event) => {
          const pressed = event.target.closest?.('a, button, summary');
          if (!event.isTrusted || !pressed) return;
          const step = new URLSearchParams(location.search).get('etape') ?? '';
          globalThis.pressed(location.pathname + step, pressed.textContent.trim().replace(/\s+/g, ' '));
        },
        true,
      );
    });
    return walk;
  }

  #on(screen) {
    if (this.screens.at(-1) !== screen) this.screens.push(screen);
  }

  /** Counts what this screen asks for: fields that are empty and boxes that must be ticked. */
  async arrive() {
    const asked = await this.page.evaluate(() => {
      const seen = (control) => control.checkVisibility({ visibilityProperty: true });
      const controls = [...document.querySelectorAll('main :is(input, select, textarea)')].filter(seen);
      const named = (control) => control.labels?.[0]?.textContent.trim().replace(/\s+/g, ' ') ?? control.id;
      const choice = (control) => control.type === 'checkbox' || control.type === 'radio';
      // Whom an order is for, and whether a site is unusual, is answered already.
      return {
        fields: controls.filter((one) => !choice(one) && one.value === '').map(named),
        boxes: controls.filter((one) => one.type === 'checkbox' && one.required && !one.checked).map(named),
      };
    });
    this.fields.push(...asked.fields);
    this.boxes.push(...asked.boxes);
  }

  /** The last screen, where nothing is to be done any more. */
  end(screen) {
    this.#on(screen);
  }

  costs({ screens, fields, boxes, clicks }) {
    const told = JSON.stringify(
      { screens: this.screens, fields: this.fields, boxes: this.boxes, clicks: this.clicks },
      undefined,
      1,
    );
    assert.ok(this.screens.length <= screens, `${this.screens.length} screens, not ${screens}: ${told}`);
    assert.ok(this.fields.length <= fields, `${this.fields.length} fields, not ${fields}: ${told}`);
    assert.ok(this.boxes.length <= boxes, `${this.boxes.length} boxes, not ${boxes}: ${told}`);
    assert.ok(this.clicks.length <= clicks, `${this.clicks.length} clicks, not ${clicks}: ${told}`);
    return told;
  }
}

const amount = async (place) => (await place.first().textContent()).match(/[\d\s]+,\d\d/)?.[0].trim();

/** The order's first screen, of somebody new, until the code is asked for. */
async function fillIn(page, email) {
  await page.getByLabel('Adresse de la mission').fill('12 rue de la République');
  await page.getByLabel('Type de site').selectOption('Chantier');
  await page.getByLabel('Prénom').fill('Nadia');
  await page.getByLabel('Nom', { exact: true }).fill('Martin');
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Téléphone', { exact: true }).fill('06 12 34 56 78');
  await page.getByLabel(/conditions d’utilisation/).check();
  await page.getByRole('button', { name: 'Recevoir mon code' }).click();
  await page.getByText(`Un courriel vient d’être envoyé à ${email}`).waitFor();
}

/** The recap: what is to be agreed to, then the card. */
async function orderAndPay(page, walk) {
  await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).waitFor();
  await walk.arrive();
  await sound(page);
  for (const box of await page.locator('main input[type=checkbox][required]').all()) await box.check();
  await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).click();
  await page.getByLabel('Numéro de carte').waitFor();
  await pay(page, '4242 4242 4242 4242');
  await page.waitForURL(/\/reservations\/.*paiement=ok/);
  await state(page, 'requested');
  walk.end('requested');
}

test('a newcomer needs 8 screens, 12 fields and 8 clicks, and sees the price all the way', async () => {
  const page = await open(browser, world, 360);
  const walk = await Walk.of(page);
  await page.goto('/');
  await walk.arrive();
  await page.getByLabel('Activité').selectOption({ label: 'Agent cynophile' });
  await page.getByLabel('Lieu de la mission').pressSequentially('69003');
  await page.getByRole('option', { name: /Lyon/ }).click();
  await page.getByLabel('Date').fill(nextSaturday());
  await page.getByLabel('De', { exact: true }).fill('20:00');
  await page.getByLabel('À', { exact: true }).fill('04:00');
  await page.getByRole('button', { name: 'Voir les prix' }).click();

  const result = page.getByTestId('result').filter({ hasText: 'Alex Moreau Cynophile' });
  const shown = await amount(result.getByTestId('total'));
  await walk.arrive();
  await result.getByRole('link', { name: 'Alex Moreau Cynophile', exact: true }).click();

  // The mission came along, with its price.
  await page.getByTestId('mission').getByText('69003 Lyon').waitFor();
  assert.equal(await amount(page.getByTestId('yours').getByTestId('total')), shown);
  assert.equal(await amount(page.getByTestId('total-bar')), shown, 'in sight on a phone');
  await walk.arrive();
  await sound(page);
  await page.getByTestId('yours').getByRole('link', { name: 'Réserver' }).click();

  await page.getByLabel('Prénom').waitFor();
  assert.equal(await page.getByLabel('Code postal').inputValue(), '69003');
  assert.equal(await page.getByLabel('Commune').inputValue(), 'Lyon');
  assert.equal(await amount(page.getByTestId('quote-total')), shown);
  await walk.arrive();
  await sound(page);
  await fillIn(page, 'nouvelle@exemple.fr');

  assert.equal(await amount(page.getByTestId('total-bar')), shown);
  await walk.arrive();
  await sound(page);
  await typeCode(page, world, 'nouvelle@exemple.fr', 'Confirmer et continuer');

  await page.getByRole('heading', { name: 'Vos accords' }).waitFor();
  assert.equal(await amount(page.getByTestId('total-bar')), shown);
  await orderAndPay(page, walk);
  walk.costs({ screens: 8, fields: 12, boxes: 4, clicks: 8 });
  await page.context().close();
});

test('who comes back needs 4 screens, 3 fields and 4 clicks', async () => {
  // Somebody who ordered once, without a password: the session is still open in this browser.
  const page = await open(browser, world, 360);
  const email = 'habituee@exemple.fr';
  await api(page, world, 'POST', '/api/accounts', {
    email,
    accepts_terms: true,
    profile: {
      kind: { type: 'consumer' },
      first_name: 'Nadia',
      last_name: 'Martin',
      phone: '06 12 34 56 78',
    },
  });
  await page.goto(await world.link(email, '/verifier-adresse'));
  await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
  await page.getByText('Votre adresse est confirmée').waitFor();
  const { now } = await world.get('/local/clock');
  const evening = later(nextSaturday(new Date(now)), 7);
  const found = await world.get(
    `/api/search?${new URLSearchParams({ activity: 'dog_handling', place: '69003 Lyon', start: `${evening}T20:00`, end: `${later(evening, 1)}T04:00` })}`,
  );
  const wanted = {
    offer: found.results[0].offer,
    start: found.mission.start,
    end: found.mission.end,
    agents: 1,
    postal_code: '69003',
  };
  const quote = await world.post('/api/quotes', wanted);
  const booking = await api(page, world, 'POST', '/api/bookings', {
    mission: wanted,
    address: '12 rue de la République',
    town: 'Lyon',
    context: { site: 'Chantier', public_road: false, public_expected: false, risks: '', instructions: 'Sonner.' },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
  const { session } = await api(page, world, 'POST', `/api/bookings/${booking.id}/checkout`);
  await world.post('/local/stripe/pay', { session, card: '4242424242424242' });
  await world.post('/local/settle');
  const professional = await open(browser, world);
  await signRexIn(professional, world);
  await accept(professional, world, booking);
  await professional.context().close();
  await clockTo(world, booking.end, 2);

  const walk = await Walk.of(page);
  await page.goto('/');
  const again = page.getByTestId('again');
  await again.waitFor();
  page.wrong.length = 0; // the session is renewed: the browser itself reports the 401 before
  // The search's own fields are not what is used here.
  walk.fields.push('Pour quelle date');
  await sound(page);
  await again.getByLabel('Pour quelle date').fill(later(evening, 14));
  await again.getByRole('button', { name: /Redemander/ }).click();
  await page.getByText('12 rue de la République, 69003 Lyon').waitFor();
  await page.getByText('Sonner.').waitFor();
  await orderAndPay(page, walk);
  walk.costs({ screens: 4, fields: 3, boxes: 3, clicks: 4 });
  await page.context().close();
});

/** Types a date or an hour the way in which this browser's field has its parts in order. */
async function typeParts(page, name, wanted, ways) {
  await reach(page, name);
  for (const keys of ways) {
    for (let part = 0; part < 3; part += 1) await page.keyboard.press('ArrowLeft');
    await page.keyboard.type(keys);
    if ((await page.evaluate(() => document.activeElement.value)) === wanted) return;
  }
  assert.fail(`${name} does not take ${wanted} from the keyboard`);
}

/** Goes to a field and types into it. */
async function type(page, name, text) {
  await reach(page, name);
  await page.keyboard.type(text);
}

test('a newcomer finds, orders and pays with the keys alone, and always sees where they are', async () => {
  const page = await open(browser, world);
  const email = 'touches@exemple.fr';
  const { now } = await world.get('/local/clock');
  const evening = later(nextSaturday(new Date(now)), 28);
  const [year, month, day] = evening.split('-');
  await page.goto('/', { waitUntil: 'networkidle' });
  await page.keyboard.press('Tab');
  await press(page, /Aller au contenu/u);
  await type(page, /Activité/u, 'Agent');
  await type(page, /Lieu de la mission/u, '69003');
  await page.getByRole('option', { name: /Lyon/u }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await typeParts(page, /Date$/u, evening, [`${day}${month}${year}`, `${month}${day}${year}`]);
  await typeParts(page, / De$/u, '20:00', ['2000', '0800PM']);
  await typeParts(page, / À$/u, '04:00', ['0400', '0400AM']);
  await press(page, /Voir les prix/u);

  await page.getByTestId('result').first().waitFor();
  await press(page, /Alex Moreau Cynophile/u);
  await page.waitForURL(/\/professionnels\//u);
  await page.getByTestId('yours').getByTestId('total').waitFor();
  await press(page, /Réserver/u);

  await page.getByLabel('Prénom').waitFor();
  await type(page, /Adresse de la mission/u, '12 rue de la République');
  await type(page, /Type de site/u, 'Chantier');
  await type(page, /Prénom/u, 'Nadia');
  await type(page, / Nom$/u, 'Martin');
  await type(page, /Adresse électronique/u, email);
  await type(page, /Téléphone/u, '06 12 34 56 78');
  await press(page, /conditions d’utilisation \(nouvel onglet\)\.?\s*$/u, 'Space');
  await press(page, /Recevoir mon code/u);

  await page.getByText(`Un courriel vient d’être envoyé à ${email}`).waitFor();
  await type(page, /Code reçu par courriel/u, await world.code(email));
  await press(page, /Confirmer et continuer/u);

  await page.getByRole('heading', { name: 'Vos accords' }).waitFor();
  const boxes = page.locator('main input[type=checkbox][required]');
  for (const id of await boxes.evaluateAll((all) => all.map((one) => one.id)))
    await press(page, new RegExp(`^${id} `, 'u'), 'Space');
  await press(page, /Commander avec obligation de paiement/u);

  await page.getByLabel('Numéro de carte').waitFor();
  await type(page, /Numéro de carte/u, '4242424242424242');
  await type(page, /Expiration/u, '1234');
  await type(page, / Code/u, '123');
  await type(page, /Nom du titulaire/u, 'Nadia Martin');
  await press(page, /Payer/u);
  await page.waitForURL(/\/reservations\/.*paiement=ok/u);
  await state(page, 'requested');
  await sound(page);
  await page.context().close();
});

test('on every screen of the way a text twice as large fits a phone, without scrolling sideways', async () => {
  const page = await open(browser, world, 360);
  const email = 'agrandie@exemple.fr';
  const { now } = await world.get('/local/clock');
  const wish = new URLSearchParams({
    activite: 'dog_handling',
    lieu: '69003 Lyon',
    date: later(nextSaturday(new Date(now)), 35),
    debut: '20:00',
    fin: '04:00',
    agents: '1',
  });
  await inLargeText(page, async (fits) => {
    await page.goto('/', { waitUntil: 'networkidle' });
    await fits('search');
    await page.goto(`/recherche?${wish}`);
    const result = page.getByTestId('result').filter({ hasText: 'Alex Moreau Cynophile' });
    await result.locator('summary').click();
    await result.getByText('Frais de service TTC').waitFor();
    await fits('results');
    await result.getByRole('link', { name: 'Alex Moreau Cynophile', exact: true }).click();
    await page.getByTestId('yours').getByTestId('total').waitFor();
    await fits('professional');
    await page.getByTestId('yours').getByRole('link', { name: 'Réserver' }).click();
    await page.getByTestId('quote-total').waitFor();
    for (const more of await page.locator('main form details > summary').all()) await more.click();
    await page.getByRole('button', { name: 'Recevoir mon code' }).click();
    await page.getByText('Indiquez votre prénom.').waitFor();
    await fits('order-with-faults');
    await fillIn(page, email);
    await fits('code');
    await typeCode(page, world, email, 'Confirmer et continuer');
    await page.getByRole('heading', { name: 'Vos accords' }).waitFor();
    await fits('recap');
    for (const box of await page.locator('main input[type=checkbox][required]').all()) await box.check();
    await page.getByRole('button', { name: 'Commander avec obligation de paiement' }).click();
    await page.getByLabel('Numéro de carte').waitFor();
    await pay(page, '4242 4242 4242 4242');
    await page.waitForURL(/\/reservations\/.*paiement=ok/u);
    await state(page, 'requested');
    await fits('requested');
    await page.getByRole('link', { name: 'Annuler la réservation' }).click();
    await page.getByRole('button', { name: 'Confirmer l’annulation' }).waitFor();
    await fits('cancel');
    await page.goto('/compte', { waitUntil: 'networkidle' });
    await page.getByText('Vos appareils connectés').waitFor();
    await fits('account');
  });
  await page.context().close();
});
