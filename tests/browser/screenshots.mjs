// Every screen as a picture at both widths, to be looked at: `make screenshots`.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { launch, open, searchFor, WIDTHS } from './browse.mjs';
import { ROOT, start } from './start.mjs';

const folder = path.join(ROOT, 'docs/pictures');
await mkdir(folder, { recursive: true });
const world = await start();
const browser = await launch();

async function shoot(page, name, width) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({
    path: path.join(folder, `${name}-${width}.png`),
    fullPage: true,
  });
  console.log(`docs/pictures/${name}-${width}.png`);
}

try {
  for (const width of WIDTHS) {
    const page = await open(browser, world, width);
    for (const [name, address] of [
      ['accueil', '/'],
      ['connexion', '/connexion'],
      ['mot-de-passe', '/mot-de-passe?jeton=a'],
      ['activation', '/activation?jeton=a'],
      ['fonctionnement', '/fonctionnement'],
      ['classement', '/classement'],
      ['reservation-sans-session', '/reservations/bkg_01KDEM0DEM0DEM0DEM0DEM9999'],
      ['introuvable', '/nulle-part'],
      ['outbox', '/local/outbox'],
    ]) {
      await page.goto(address, { waitUntil: 'networkidle' });
      await shoot(page, name, width);
    }
    await searchFor(page);
    await page.getByTestId('result').first().waitFor();
    await page.getByTestId('result').first().locator('summary').click();
    await shoot(page, 'resultats', width);
    await searchFor(page, { activity: 'Transport de fonds' });
    await page.getByTestId('nothing').waitFor();
    await shoot(page, 'aucun-resultat', width);
    await page.context().close();
  }
  // The README's picture, the one that is committed.
  const page = await open(browser, world, 1100);
  await page.setViewportSize({ width: 1100, height: 640 });
  await page.goto('/', { waitUntil: 'networkidle' });
  await page.screenshot({ path: path.join(folder, 'accueil.png') });
} finally {
  await browser.close();
  await world.stop();
}
