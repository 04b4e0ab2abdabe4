// The main screens as people use them who see little, hear the page, or have no mouse: twice as large a
// text on a phone, the page as it is read aloud, and the keys alone. How the RGAA's criteria were checked
// by hand is in docs/accessibility.md.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { inLargeText, nextSaturday, open, press, reach, sound } from './browse.mjs';
import { api, clockTo, DEMO_PASSWORD, REX, signIn, signInAgain, state } from './people.mjs';
import { accepted, leave, stage } from './stage.mjs';

const CLIENT = 'lente@exemple.fr';

let here;
let world;
let browser;
let professional;
let page;
let booking;
let conversation;
/** Each main screen: what it is called, in whose browser, and its address. */
let screens;

before(async () => {
  here = await stage();
  ({ world, browser, professional } = here);
  ({ page, booking } = await accepted(here, CLIENT, { weeks: 1 }));
  const message = { to: { type: 'booking', booking: booking.id }, text: 'Bonjour, par quelle porte ?' };
  await api(page, world, 'POST', '/api/messages', message);
  conversation = (await api(page, world, 'GET', '/api/conversations')).conversations[0].id;
  await professional.setViewportSize({ width: 360, height: 800 });
  await signIn(professional, REX, DEMO_PASSWORD);
  const visitor = await open(browser, world, 360);
  const wish = new URLSearchParams({
    activite: 'human_surveillance',
    lieu: 'Marseille (13)',
    date: nextSaturday(),
    debut: '10:00',
    fin: '18:00',
    agents: '1',
  });
  const { slug } = await world.get(`/api/offers/${booking.offer}`);
  screens = [
    ['accueil', visitor, '/'],
    ['resultats', visitor, `/recherche?${wish}`],
    ['professionnel', visitor, `/professionnels/${slug}?${wish}`],
    ['commande', visitor, `/reserver?offre=${booking.offer}&${wish}`],
    ['connexion', visitor, '/connexion'],
    ['reservations', page, '/reservations'],
    ['reservation', page, `/reservations/${booking.id}`],
    ['conversation', page, `/messages/${conversation}`],
    ['compte', page, '/compte'],
    ['tableau-de-bord', professional, '/pro'],
    ['mission', professional, `/pro/commandes/${booking.id}`],
    ['planning', professional, '/pro/planning'],
  ];
});
after(() => leave(here));

/** Opens a screen and waits until it has what it shows. */
async function show(at, address) {
  await at.goto(address, { waitUntil: 'networkidle' });
  await at.locator('main h1').first().waitFor();
  await at.waitForFunction(() => !document.querySelector('main')?.innerText.includes('Chargement…'));
}

test('a text twice as large still fits a phone, without scrolling sideways', async () => {
  const [, visitor] = screens[0];
  const others = [
    ['signalement', visitor, '/signaler'],
    ['lieux', page, '/compte/lieux'],
    ['commandes', professional, '/pro/commandes'],
    ['versements', professional, '/pro/versements'],
    ['semaine-type', professional, '/pro/calendrier?vue=habitudes'],
    ['offre', professional, '/pro/offres/nouvelle'],
    ['equipe', professional, '/pro/equipe'],
    ['dossier', professional, '/pro/dossier'],
  ];
  for (const [name, at, address] of [...screens, ...others]) {
    await inLargeText(at, async (fits) => {
      await show(at, address);
      await fits(name);
    });
  }
});

test('the footer says of accessibility what the statement says', async () => {
  const visitor = await open(browser, world);
  await visitor.goto('/accessibilite');
  const said = await visitor.getByRole('contentinfo').getByRole('link', { name: /^Accessibilité/u }).textContent();
  assert.match(said, /conforme$/u);
  await visitor.getByRole('main').getByText(said).waitFor();
  await visitor.context().close();
});

/** What a screen reader says, line by line, without the page's frame. */
async function heard(at, name) {
  const tree = await at.locator('body').ariaSnapshot();
  if (process.env.SHOTS) await writeFile(`${process.env.SHOTS}/heard-${name}.yml`, tree);
  return tree;
}

test('read aloud, every main screen makes sense', async () => {
  for (const [name, at, address] of screens) {
    await show(at, address);
    const tree = await heard(at, name);
    // What has a colon in its words stands in quotes.
    const lines = tree.split('\n').map((line) => line.trim().replace(/^- '(.*)'(:?)$/u, '- $1$2'));
    const of = (role) => lines.filter((line) => line.startsWith(`- ${role}`));

    for (const landmark of ['banner', 'main', 'contentinfo'])
      assert.equal(of(landmark).length, 1, `${name} has one ${landmark}:\n${tree}`);
    const navigations = of('navigation').map((line) => line.match(/"(.*)"/)?.[1]);
    assert.ok(!navigations.includes(undefined), `${name}: a navigation without a name`);
    assert.equal(new Set(navigations).size, navigations.length, `${name}: ${navigations}`);

    // One title, and headings that leave out no level.
    const headings = of('heading').map((line) => [Number(line.match(/level=(\d)/)?.[1]), line]);
    assert.equal(headings.filter(([level]) => level === 1).length, 1, `${name}: ${headings.join('\n')}`);
    headings.forEach(([level, line], rank) => {
      assert.match(line, /heading "/u, `${name}: a heading without words`);
      if (rank > 0) assert.ok(level <= headings[rank - 1][0] + 1, `${name}: ${line} leaves a level out`);
    });

    // Whatever can be used is called something, and pictures that say nothing are not read.
    for (const role of ['link', 'button', 'textbox', 'combobox', 'checkbox', 'radio', 'spinbutton', 'img'])
      for (const line of of(role)) {
        // A link's or button's words may stand on the lines below.
        const named = /"[^"]+"|: \S/u.test(line) || (line.endsWith(':') && !/textbox|combobox/u.test(line));
        assert.ok(named, `${name}: ${line} has no name`);
      }
    // The same words lead to the same place.
    const links = await at
      .locator('main a[href]')
      .evaluateAll((all) =>
        all
          .filter((one) => one.checkVisibility())
          .map((one) => [
            (one.getAttribute('aria-label') ?? one.textContent).replace(/\s+/gu, ' ').trim(),
            one.getAttribute('href'),
          ]),
      );
    const known = new Map();
    for (const [words, href] of links) {
      assert.ok(!known.has(words) || known.get(words) === href, `${name}: « ${words} » leads to two places`);
      known.set(words, href);
    }
    assert.doesNotMatch(tree, /undefined|null|NaN|\[object/u, name);
    assert.equal(await at.evaluate(() => document.documentElement.lang), 'fr');
    assert.match(await at.title(), /\S.* – MonAgentDeSecu$|^MonAgentDeSecu/u, name);
  }
});

test('a conversation is found, read and answered with the keys alone', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('/', { waitUntil: 'networkidle' });
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Aller au contenu/u);
  await press(page, /Messages/u);
  await page.waitForURL(/\/messages$/u);
  await press(page, /Alex Moreau/u);
  await page.waitForURL(/\/messages\/cnv_/u);
  await page.getByText('par quelle porte').waitFor();
  await reach(page, /Votre message/u);
  await page.keyboard.type('Je serai à l’entrée nord.');
  await press(page, /Envoyer/u);
  await page.getByTestId('message').filter({ hasText: 'entrée nord' }).waitFor();
  await sound(page);
});

test('a claim is opened with the keys alone, after saying what is missing', async () => {
  await clockTo(world, booking.end, 2);
  await signInAgain(page, world, CLIENT);
  await page.goto(`/reservations/${booking.id}`);
  await state(page, 'completed');
  await press(page, /Ouvrir une réclamation/u);
  await page.waitForURL(/\/reclamation$/u);
  await press(page, /Ouvrir la réclamation/u);
  await page.getByText('Dites ce qui ne va pas.').waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement.type),
    'radio',
    'the first thing that is missing has the focus',
  );
  await page.keyboard.press('Space');
  await reach(page, /Les faits/u);
  await page.keyboard.type('Les agents sont arrivés avec une heure de retard.');
  await press(page, /Ouvrir la réclamation/u);
  await state(page, 'under_claim');
  await sound(page);
});
