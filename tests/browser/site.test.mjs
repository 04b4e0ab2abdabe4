import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launch, nextSaturday, open, searchFor, sound, WIDTHS } from './browse.mjs';
import { FILE, typesFrom } from '../../frontend/scripts/api-types.mjs';
import { later, signOperatorIn } from './people.mjs';
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

for (const width of WIDTHS) {
  test(`a visitor opens the home page at ${width} px`, async () => {
    const page = await open(browser, world, width);
    await page.goto('/');
    assert.equal(await page.title(), 'Réserver un agent de sécurité – MonAgentDeSecu');
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    await page.getByTestId('search-form').waitFor();
    await sound(page);
    await page.context().close();
  });

  test(`a visitor finds a dog handler in Lyon next Saturday night at ${width} px`, async () => {
    const page = await open(browser, world, width);
    await searchFor(page);
    const card = page.getByTestId('result').first();
    const total = await card.getByTestId('total').textContent();
    assert.match(total, /^\d{1,3}([\u202f\u00a0]\d{3})*,\d{2}\u00a0€$/);
    const said = await card.textContent();
    assert.match(said, /frais de service inclus/);
    assert.match(said, /Nouveau|\d,\d\/5/);
    await page.getByText(/Trié par\s: Conseillés/).waitFor();
    await page.getByText(/ne sont pas exhaustifs/).waitFor();
    await card.locator('summary').click();
    await card.getByText('Frais de service TTC').waitFor();
    await sound(page);
    await page.context().close();
  });
}

test('a visitor who looks around is left no cookie, so that none is to be consented to', async () => {
  const page = await open(browser, world, 360);
  await searchFor(page);
  await page.getByTestId('result').first().waitFor();
  await page.goto('/confidentialite-et-cookies');
  await page.getByRole('heading', { name: 'Cookies et mémoire du navigateur' }).waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  await page.context().close();
});

test('the mission asked for is the one in Paris, whatever the zone of the browser', async () => {
  const page = await open(browser, world);
  const asked = page.waitForRequest((request) => request.url().includes('/api/search'));
  await searchFor(page, { date: nextSaturday() });
  const { start, end } = Object.fromEntries(new URL((await asked).url()).searchParams);
  // Hours of the place, without an offset: the server reads them by the clocks that are there.
  assert.deepEqual([start.slice(10), end.slice(10)], ['T20:00', 'T04:00']);
  await page.getByRole('heading', { name: /Lyon/ }).waitFor();
  await page.context().close();
});

test('the order of results is in the address', async () => {
  const page = await open(browser, world);
  await searchFor(page);
  for (const [label, word, said] of [
    ['Prix', 'prix', 'Prix croissant'],
    ['Délai', 'delai', 'Délai le plus court'],
    ['Note', 'note', 'Mieux notés'],
  ]) {
    await page.getByRole('link', { name: label, exact: true }).click();
    await page.waitForURL((address) => address.searchParams.get('tri') === word);
    await page.getByText(`Trié par : ${said}`).waitFor();
  }
  await page.reload();
  await page.getByText('Trié par : Mieux notés').waitFor();
  await sound(page);
  await page.context().close();
});

test('a search without result offers what was found otherwise, each with one tap', async () => {
  const page = await open(browser, world, 360);
  // Three dog handlers at once: nobody has them, but one comes alone.
  await searchFor(page);
  await page.getByTestId('result').first().waitFor();
  const found = await page.getByTestId('result').count();
  await page.getByTestId('count').getByText(`${found} professionnel`).waitFor();
  const alone = page.url();
  await page.goto(alone.replace('agents=1', 'agents=20'));
  const nothing = page.getByTestId('nothing');
  await nothing.getByText('Voici ce qui est possible').waitFor();
  await nothing.getByRole('heading', { name: 'Avec moins d’agents' }).waitFor();
  await sound(page);
  await nothing.getByRole('link', { name: /^\d+\sagents?$/ }).click();
  await page.getByTestId('result').first().waitFor();
  // Nobody at all: what is said is not what cannot be.
  await searchFor(page, { activity: 'Recherches privées', typed: 'ajaccio', place: /Ajaccio/ });
  await page.getByTestId('nothing').waitFor();
  await sound(page);
  await page.context().close();
});

test('what a search is refused for is said beside its field, in a form that stays open', async () => {
  const page = await open(browser, world, 360);
  const day = nextSaturday();
  await page.goto(
    `/recherche?${new URLSearchParams({ activite: 'dog_handling', lieu: 'Nulle-Part', date: day, debut: '20:00', fin: '04:00', agents: '1' })}`,
  );
  await page.locator('#lieu[aria-invalid=true]').waitFor();
  await page.getByText(/Aucune commune ne porte ce nom/).first().waitFor();
  page.wrong.length = 0; // the browser itself reports the refusal
  await sound(page);
  await page.getByLabel('Lieu de la mission').fill('69003 Lyon');
  await page.getByRole('button', { name: 'Relancer la recherche' }).click();
  await page.getByTestId('result').first().waitFor();
  // How far, and where: on a map of our own.
  const card = page.getByTestId('result').filter({ hasText: 'Alex Moreau Cynophile' });
  await card.getByText(/Établi à Lyon, la commune de votre mission/).waitFor();
  await card.getByText(/soit \d+,\d\d\s€ l’heure/).waitFor();
  await page.getByText('Voir où ils sont établis').click();
  await page.getByRole('img', { name: /sur la carte de France/ }).waitFor();
  await sound(page);
  await page.context().close();
});

test('a question reaches the operator’s queue, and its answer comes by mail', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/');
  await page.getByText('Menu').click();
  await page.getByRole('link', { name: 'Aide', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Aide et contact' }).waitFor();
  await page.getByText('Quand ma carte est-elle débitée ?').click();
  await page.getByText('Quand le professionnel accepte.').waitFor();
  await page.getByRole('button', { name: 'Envoyer' }).click();
  await page.locator('.fault', { hasText: 'Choisissez un sujet' }).waitFor();
  await sound(page);
  await page.getByLabel('Sujet').selectOption('help_payment');
  await page.getByLabel('Adresse électronique').fill('curieuse@exemple.fr');
  await page.getByLabel('Votre question').fill('Où est la facture de ma mission de mardi dernier ?');
  await page.getByRole('button', { name: 'Envoyer' }).click();
  await page.getByText('Question envoyée').waitFor();
  await world.post('/local/settle');
  const operator = await open(browser, world, 1280);
  await signOperatorIn(operator, world);
  await operator.goto('/admin/signalements');
  await operator.getByRole('link', { name: /^aide : paiement/ }).click();
  await operator.getByText('Où est la facture de ma mission').waitFor();
  await operator.getByLabel(/Votre réponse/).fill('Elle est sur la page de la réservation, une fois la mission validée.');
  await operator.getByRole('button', { name: 'Envoyer la réponse' }).click();
  await world.post('/local/settle');
  const mails = (await world.get('/local/mail')).filter(({ to }) => to.includes('curieuse@exemple.fr'));
  assert.deepEqual(
    mails.map(({ subject }) => subject),
    ['Votre question est enregistrée', 'Réponse à votre question'],
  );
  assert.match(mails[1].text, /Elle est sur la page de la réservation/);
  await operator.context().close();
  await page.context().close();
});

test('a guide tells prices of published offers, never of fewer than five', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/guide');
  await page.getByRole('link', { name: 'Garder un chantier' }).click();
  await page.getByRole('heading', { level: 1, name: 'Garder un chantier' }).waitFor();
  await page.getByLabel('Lieu de la mission').pressSequentially('Ajaccio');
  await page.getByRole('option', { name: /Ajaccio/ }).first().click();
  await page.getByRole('button', { name: 'Voir ce que cela coûte ici' }).click();
  await page.getByText('trop peu pour en tirer une fourchette').waitFor();
  assert.doesNotMatch(await page.getByRole('status').last().textContent(), /€/);
  await sound(page);
  await page.context().close();
});

test('a search that is incomplete says what is missing and keeps what was typed', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/');
  await page.getByLabel('Lieu de la mission').fill('69003');
  await page.getByRole('button', { name: 'Voir les prix' }).click();
  await page.getByText('Choisissez une activité.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'activite');
  assert.equal(await page.getByLabel('Lieu de la mission').inputValue(), '69003');
  await sound(page);
  await page.context().close();
});

test('filters are in the address and keep what they say', async () => {
  const page = await open(browser, world, 360);
  await searchFor(page);
  await page.getByTestId('result').first().waitFor();
  await page.getByText('Filtrer', { exact: true }).click();
  await page.getByLabel(/Prix total maximum/).fill('douze');
  await page.getByRole('button', { name: 'Appliquer' }).click();
  await page.getByText('Indiquez un montant en euros entiers.').waitFor();
  await page.getByLabel(/Prix total maximum/).fill('100');
  await page.getByRole('button', { name: 'Appliquer' }).click();
  await page.waitForURL((address) => address.searchParams.get('budget') === '100');
  await page.getByText('Aucun résultat avec ces filtres').waitFor();
  await sound(page);
  await page.goBack();
  await page.getByTestId('result').first().waitFor();
  await page.context().close();
});

test('forms above the results come when they are opened, and again when they did not', async () => {
  const page = await open(browser, world, 360);
  await searchFor(page);
  await page.getByTestId('result').first().waitFor();
  await page.reload();
  await page.getByTestId('result').first().waitFor();
  await page.context().setOffline(true);
  await page.getByText('Modifier la recherche', { exact: true }).click();
  await page.getByRole('alert').getByText('Vous êtes hors ligne').waitFor();
  await page.context().setOffline(false);
  page.wrong.length = 0; // the browser reports what it could not fetch
  await page.getByRole('button', { name: 'Réessayer' }).click();
  assert.equal(await page.getByLabel('Lieu de la mission').inputValue(), 'Lyon (69)');
  await sound(page);
  await page.context().close();
});

for (const width of WIDTHS) {
  test(`two offers are compared side by side at ${width} px`, async () => {
    const page = await open(browser, world, width);
    await searchFor(page, { activity: 'Surveillance humaine', typed: 'marseille', place: /Marseille/ });
    await page
      .getByRole('checkbox', { name: /Comparer/ })
      .first()
      .check();
    await page.getByText('choisissez-en une autre').waitFor();
    await sound(page);
    // The demonstration has one offer for each activity there: the second comes from another search.
    const wish = Object.fromEntries(new URL(page.url()).searchParams);
    const offers = [];
    for (const activity of ['human_surveillance', 'event_security']) {
      const asked = new URLSearchParams({
        activity,
        place: wish.lieu,
        start: `${wish.date}T20:00`,
        end: `${later(wish.date, 1)}T04:00`,
      });
      offers.push((await world.get(`/api/search?${asked}`)).results[0].offer);
    }
    await page.goto(`/comparer?${new URLSearchParams({ ...wish, offres: offers.join(',') })}`);
    await page.getByTestId('compared').nth(1).waitFor();
    // A table where four columns have room; below, a heading for each criterion.
    const table = page.getByRole('table', { name: 'Offres côte à côte' });
    assert.equal(await table.count(), width > 720 ? 1 : 0);
    if (width <= 720) await page.getByRole('heading', { level: 2, name: 'Annulation' }).waitFor();
    // Nothing is reached by scrolling sideways only.
    const aside = await page.getByRole('main').evaluate((main) => {
      const wide = (element) => element.scrollWidth > element.clientWidth + 1;
      return [...main.querySelectorAll('*')].filter((one) => getComputedStyle(one).overflowX === 'auto' && wide(one)).length;
    });
    assert.equal(aside, 0, 'scrolls sideways');
    const said = await page.getByRole('main').textContent();
    for (const word of ['Frais de service TTC', 'Taxe CNAPS', 'Annulation', 'Assurance', 'Titres valables']) {
      assert.ok(said.includes(word), word);
    }
    await sound(page);
    await page.context().close();
  });

  test(`a professional’s page has what must be known at ${width} px`, async () => {
    const page = await open(browser, world, width);
    await searchFor(page);
    await page.getByTestId('result').getByRole('link', { name: 'Alex Moreau Cynophile' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Alex Moreau Cynophile' }).waitFor();
    await page.getByText('Ponctuel, discret').waitFor();
    const said = await page.getByRole('main').textContent();
    for (const fact of [
      /AUT-069-[\d-]+/,
      /AGD-069-[\d-]+/,
      /vérifié le/,
      /ne confère aucune prérogative de puissance publique/,
      /Police\s+RCPRO-1/,
      /Médiateur de la consommation/,
      /14 jours/,
      /TVA non applicable, art. 293 B du CGI/,
      /Mission du .*, avis publié le/,
    ]) {
      assert.match(said.replace(/\s+/g, ' '), fact);
    }
    assert.doesNotMatch(said, /06 00 00 00 01/);
    await page.getByRole('button', { name: 'Afficher les coordonnées' }).click();
    await page.getByRole('link', { name: '06 00 00 00 01' }).waitFor();
    const [conditions] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Conditions générales de vente' }).click(),
    ]);
    await conditions.close();
    await sound(page);
    await page.context().close();
  });
}

test('a professional who is not there any more is not found', async () => {
  const page = await open(browser, world, 360);
  const answer = await page.goto('/professionnels/personne-pro_01KDEM0DEM0DEM0DEM0DEM9999');
  assert.equal(answer.status(), 404);
  await page.getByRole('heading', { level: 1, name: 'Cette page n’existe pas' }).waitFor();
  page.wrong.length = 0; // the browser itself reports each 404
  await sound(page);
  await page.context().close();
});

const REX_PAGE = '/professionnels/alex-moreau-cynophile-pro_01KDEM0DEM0DEM0DEM0DEM0001';

for (const width of WIDTHS) {
  test(`a professional’s page is readable without scripts at ${width} px`, async () => {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      baseURL: world.site,
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    const answer = await page.goto(REX_PAGE);
    assert.equal(answer.status(), 200);
    assert.equal(await page.title(), 'Alex Moreau Cynophile, Lyon – MonAgentDeSecu');
    const said = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
    for (const fact of [
      /AUT-069-[\d-]+/,
      /AGD-069-[\d-]+/,
      /vérifié le/,
      /ne confère aucune prérogative de puissance publique/,
      /Police RCPRO-1/,
      /Médiateur de la consommation/,
      /14 jours/,
      /TVA non applicable, art. 293 B du CGI/,
      /Jour 28,00 €, Nuit 30,80 €, Dimanche 30,80 €, Nuit du dimanche 33,60 €/,
      /SIRET : 91000001700012/,
      /Ponctuel, discret/,
      /avis publié le \d\d\/\d\d\/\d{4}/,
      /Signaler ce contenu/,
    ]) {
      assert.match(said, fact);
    }
    assert.doesNotMatch(await answer.text(), /06 00 00 00 01|\+33600000001|rex@demo/);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} px wide on a screen of ${width}`);
    await context.close();
  });

  test(`the same page with scripts starts from what was written, once, at ${width} px`, async () => {
    const page = await open(browser, world, width);
    await page.addInitScript(() => {
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shifted += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(REX_PAGE);
    await page.getByRole('button', { name: 'Afficher les coordonnées' }).waitFor();
    await page.getByText('Ponctuel, discret').waitFor();
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    assert.equal(await page.locator('[data-until-started]').count(), 0);
    assert.equal(await page.locator('meta[name=description]').count(), 1);
    assert.ok(!asked.some((path) => /^\/api\/professionals\/[^/]+$/.test(path)), 'the page is not read twice');
    assert.ok((await page.evaluate(() => globalThis.shifted)) < 0.1);
    await sound(page);
    const described = JSON.parse(await page.locator('script[type="application/ld+json"]').textContent());
    assert.equal(described['@type'], 'LocalBusiness');
    assert.equal(described.aggregateRating.ratingCount, 1);
    assert.equal(
      await page.locator('link[rel=canonical]').getAttribute('href'),
      world.site + REX_PAGE,
    );
    // Elsewhere, nothing of it is left.
    await page.getByRole('link', { name: 'Contrôle des avis' }).first().click();
    await page.waitForURL(/\/avis$/);
    assert.equal(await page.locator('link[rel=canonical]').count(), 0);
    await page.context().close();
  });
}

test('a content is reported without an account, with its acknowledgement', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/signaler');
  await page.getByText('Que voulez-vous signaler ?').waitFor();
  await sound(page);
  await page.goto(REX_PAGE);
  await page.getByRole('link', { name: 'Signaler ce contenu' }).click();
  await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
  await page.locator('.fault', { hasText: 'Choisissez un motif' }).waitFor();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await sound(page);
    if (process.env.SHOTS)
      await page.screenshot({ path: `${process.env.SHOTS}/signaler-${width}.png`, fullPage: true });
  }
  await page.getByLabel('Motif').selectOption('misleading');
  await page.getByLabel('Explication').fill('Le numéro d’autorisation est celui d’une autre entreprise.');
  await page.getByLabel(/Votre adresse électronique/).fill('riverain@exemple.fr');
  await page.reload();
  await page.getByLabel(/de bonne foi/).check();
  await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
  await page.getByText('Signalement enregistré').waitFor();
  await sound(page);
  await world.post('/local/settle');
  const mails = await world.get('/local/mail');
  assert.ok(mails.some((mail) => mail.to.includes('riverain@exemple.fr')), 'the acknowledgement');
  assert.ok(mails.some((mail) => /Contenu signalé/.test(mail.subject)), 'the operator is told');
  await page.context().close();
});

test('an old address of a professional leads to the present one, and the sitemap names it', async () => {
  const old = '/professionnels/ancien-nom-pro_01KDEM0DEM0DEM0DEM0DEM0001';
  const moved = await fetch(world.site + old, { redirect: 'manual' });
  assert.equal(moved.status, 301);
  assert.equal(moved.headers.get('location'), world.site + REX_PAGE);
  const shown = await fetch(world.site + REX_PAGE);
  assert.match(shown.headers.get('cache-control'), /max-age=\d+/);
  assert.match(shown.headers.get('content-security-policy'), /frame-ancestors 'none'/);
  const sitemap = await (await fetch(`${world.site}/sitemap.xml`)).text();
  for (const address of ['/', '/fonctionnement', REX_PAGE]) {
    assert.ok(sitemap.includes(`<loc>${world.site}${address}</loc>`), address);
  }
  assert.doesNotMatch(sitemap, /compte|reservations|connexion/);
  const robots = await (await fetch(`${world.site}/robots.txt`)).text();
  for (const hidden of ['/api/', '/admin', '/compte', '/pro/', '/reservations']) {
    assert.ok(robots.includes(`Disallow: ${hidden}`), hidden);
  }
});

test('a device without network is told so, and what was typed stays', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/inscription');
  await page.getByLabel('Prénom').fill('Nadia');
  await page.context().setOffline(true);
  await page.getByText('Vous êtes hors ligne.').waitFor();
  await page.context().setOffline(false);
  await page.getByText('Vous êtes hors ligne.').waitFor({ state: 'detached' });
  await page.reload();
  // What was typed comes back once the page's script runs.
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some(({ value }) => value === 'Nadia'));
  await sound(page);
  await page.context().close();
});

test('home and results ask for less than 60 kB of compressed scripts each', async () => {
  const results = new URLSearchParams({
    activite: 'dog_handling',
    lieu: 'Lyon',
    date: nextSaturday(),
    debut: '20:00',
    fin: '04:00',
    agents: '1',
  });
  for (const [name, address] of [
    ['home', '/'],
    ['results', `/recherche?${results}`],
  ]) {
    const page = await open(browser, world);
    const scripts = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') scripts.push(response.body());
    });
    await page.goto(address, { waitUntil: 'networkidle' });
    const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`${name}: ${(total / 1000).toFixed(1)} kB of compressed scripts in ${sizes.length} files`);
    assert.ok(total < 60_000, `${name}: ${total} bytes`);
    await page.context().close();
  }
});

test('an API that is away is said, and tried again', async () => {
  const page = await open(browser, world, 360);
  await page.route('**/api/search?*', (route) => route.abort());
  await searchFor(page);
  await page.getByText('Le service ne répond pas.').waitFor();
  await page.unroute('**/api/search?*');
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await page.getByTestId('result').first().waitFor();
  await page.context().close();
});

test('the search can be made with the keyboard alone', async () => {
  const page = await open(browser, world);
  await page.goto('/');
  await page.getByLabel('Activité').focus();
  await page.keyboard.type('Agent');
  await page.keyboard.press('Tab');
  await page.keyboard.type('lyon');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await page.getByLabel('Lieu de la mission').inputValue(), 'Lyon (69)');
  assert.equal(await page.getByLabel('Activité').inputValue(), 'dog_handling');
  await page.context().close();
});

test('every page in the footer is readable without scripts, and sound on a phone', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/');
  const addresses = await page
    .getByRole('navigation', { name: 'Informations' })
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  assert.ok(addresses.length >= 7);
  for (const address of addresses) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), 200);
    const title = await page.getByRole('heading', { level: 1 }).textContent();
    assert.ok((await answer.text()).includes(`>${title}<`), `${address} has its text before scripts run`);
    await sound(page);
  }
  await page.context().close();
});

test('forms are sound before they are used', async () => {
  const page = await open(browser, world, 360);
  for (const address of [
    '/connexion',
    '/connexion?suite=%2Fcompte',
    '/inscription',
    '/retractation',
    '/nulle-part',
    '/mot-de-passe',
    '/mot-de-passe?jeton=a',
    '/verifier-adresse?jeton=a',
    '/verifier-adresse',
    '/activation?jeton=a',
    '/inscription/reprendre?jeton=a',
  ]) {
    await page.goto(address, { waitUntil: 'networkidle' });
    if (address === '/nulle-part') page.wrong.length = 0; // the browser itself reports the 404
    await sound(page);
  }
  await page.context().close();
});

test('an address that does not exist answers 404 with a page, one of the application answers 200', async () => {
  const page = await open(browser, world, 360);
  for (const address of ['/nulle-part', '/reservations/a/b/c', '/recherche/ici', '/pro/commandes', '/pro/x']) {
    const answer = await page.goto(address);
    const exists = address === '/pro/commandes';
    assert.equal(answer.status(), exists ? 200 : 404, address);
    if (exists) continue;
    assert.match(await answer.text(), />Cette page n’existe pas</, `${address} says so without scripts`);
    await page.getByRole('heading', { level: 1, name: 'Cette page n’existe pas' }).waitFor();
    page.wrong.length = 0; // the browser itself reports each 404
    await sound(page);
  }
  // Deep or not, the page starts: its menu works.
  await page.goto('/nulle/part/ailleurs');
  await page.getByRole('link', { name: 'Retour à l’accueil' }).click();
  await page.waitForURL(`${world.site}/`);
  for (const address of ['/compte', '/reservations', '/reservations/bkg_1/annuler', '/reserver?offre=1']) {
    const answer = await page.request.get(address);
    assert.equal(answer.status(), 200, address);
  }
  await page.context().close();
});

test('no other site may put ours into a frame, and pages carry the headers of CloudFront', async () => {
  const page = await open(browser, world);
  for (const address of ['/', '/compte', '/nulle-part']) {
    const headers = (await page.request.get(address)).headers();
    assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'strict-origin-when-cross-origin');
    assert.match(headers['permissions-policy'], /geolocation=\(self\)/);
  }
  await page.context().close();
});

test('the outbox of this machine renders', async () => {
  const page = await open(browser, world);
  const answer = await page.goto('/local/outbox');
  assert.equal(answer.status(), 200);
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test('no other site can frame a page', async () => {
  const { headers } = await fetch(`${world.site}/`);
  const policy = headers.get('content-security-policy') ?? '';
  assert.ok(policy.includes("frame-ancestors 'none'") || headers.get('x-frame-options') === 'DENY');
});

test('the types that pages are written with are those of the API', async () => {
  const made = await typesFrom(await world.get('/api/openapi.json'));
  const kept = await readFile(FILE, 'utf8');
  assert.ok(made === kept, `${FILE} is not what the API says of itself: run "npm run api" in frontend`);
});
