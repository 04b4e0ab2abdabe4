// What pages look like, as far as a machine can tell: both lights, letters of our own, nothing that
// moves; and words that people stumbled over.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, nextSaturday, open, sound } from './browse.mjs';
import { api, authorise, client, mission, order, signIn, signRexIn } from './people.mjs';
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

const results = () =>
  `/recherche?${new URLSearchParams({
    activite: 'human_surveillance',
    lieu: 'Marseille',
    date: nextSaturday(),
    debut: '20:00',
    fin: '04:00',
    agents: '1',
  })}`;

for (const colorScheme of ['light', 'dark']) {
  test(`pages are sound by ${colorScheme === 'dark' ? 'night' : 'day'}, in our letters, and nothing in them moves`, async () => {
    const slug = 'bastion-sud-pro_01KDEM0DEM0DEM0DEM0DEM0002';
    for (const width of [360, 1280]) {
      const page = await open(browser, world, width, { colorScheme });
      await page.addInitScript(() => {
        globalThis.moved = 0;
        new PerformanceObserver((list) => {
          for (const shift of list.getEntries()) if (!shift.hadRecentInput) globalThis.moved += shift.value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      for (const address of ['/', results(), `/professionnels/${slug}`, '/connexion', '/inscription']) {
        await page.goto(address, { waitUntil: 'networkidle' });
        await sound(page);
        const { moved, ground, ours } = await page.evaluate(() => ({
          moved: globalThis.moved,
          ground: getComputedStyle(document.documentElement).backgroundColor,
          ours: document.fonts.check('16px Figtree'),
        }));
        assert.ok(moved < 0.01, `${address} moves by ${moved} at ${width} px`);
        assert.equal(ground, colorScheme === 'dark' ? 'rgb(14, 25, 26)' : 'rgb(248, 244, 236)');
        assert.ok(ours, `${address} has the letters of the system`);
      }
      await page.context().close();
    }
  });
}

test('an activity of the home page begins the search with it', async () => {
  const page = await open(browser, world, 360);
  await page.goto('/');
  await page.getByRole('link', { name: 'Agent cynophile' }).click();
  assert.equal(await page.getByLabel('Activité').inputValue(), 'dog_handling');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'lieu');
  await page.context().close();
});

test('a field that a form refuses says why in French, in an English browser too', async () => {
  const page = await open(browser, world, 360, { locale: 'en-GB' });
  await page.goto('/pro/inscription');
  await page.getByRole('button', { name: 'Commencer' }).click();
  await page.getByText('Remplissez ce champ.').waitFor();
  await page.getByLabel(/Adresse électronique/).fill('estuaire');
  await page.getByRole('button', { name: 'Commencer' }).click();
  await page.getByText('Indiquez une adresse électronique, comme nom@exemple.fr.').waitFor();
  await sound(page);
  await page.context().close();
});

test('a refusal tells its reason once', async () => {
  const page = await open(browser, world, 360);
  await signIn(page, await client(world, 'refusee@exemple.fr'));
  const booking = await order(page, world, await mission(world));
  await authorise(page, world, booking);
  const professional = await open(browser, world);
  await signRexIn(professional, world);
  const reason = 'Mon chien est souffrant.';
  await api(professional, world, 'POST', `/api/bookings/${booking.id}/refuse`, { reason });
  await page.goto(`/reservations/${booking.id}`);
  await page.getByText(reason).first().waitFor();
  assert.equal(await page.getByText(reason).count(), 1);
  await sound(page);
  await page.context().close();
  await professional.context().close();
});
