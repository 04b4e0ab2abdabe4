import { launch, open, nextSaturday } from './browse.mjs';
const world = { site: 'http://127.0.0.1:8107' };
const browser = await launch();
const out = '/tmp/site.walk'; 
import { mkdirSync } from 'node:fs'; mkdirSync(out, { recursive: true });
const post = (a, b = {}) => fetch(world.site + a, { method: 'POST', headers: { 'content-type': 'application/json', origin: world.site }, body: JSON.stringify(b) });
const mails = async (to) => { await post('/local/settle'); return (await (await fetch(world.site + '/local/mail')).json()).filter((m) => m.to.includes(to)); };
for (const width of [360, 1280]) {
  const page = await open(browser, world, width);
  const email = `neuve${width}@exemple.fr`;
  let n = 0;
  const shot = async (name) => { await page.waitForLoadState('networkidle').catch(() => {}); await page.screenshot({ path: `${out}/${width}-${String(++n).padStart(2, '0')}-${name}.png`, fullPage: true }); };
  try {
    await page.goto('/'); await shot('accueil');
    await page.getByLabel('Activité').selectOption({ label: 'Surveillance humaine' });
    await page.getByLabel('Lieu de la mission').pressSequentially('marseille');
    await page.getByRole('option', { name: /Marseille/ }).first().waitFor(); await shot('lieu');
    await page.getByRole('option', { name: /Marseille/ }).first().click();
    await page.getByLabel('Date').fill(nextSaturday());
    await page.getByLabel('De', { exact: true }).fill('10:00');
    await page.getByLabel('À', { exact: true }).fill('18:00');
    await page.getByRole('button', { name: 'Voir les prix' }).click();
    await page.waitForURL(/recherche/); await page.waitForTimeout(1500); await shot('resultats');
    await page.locator('main a[href*="/professionnels/"]').first().click();
    await page.waitForURL(/professionnels/); await page.waitForTimeout(1500); await shot('professionnel');
    await page.getByRole('link', { name: 'Réserver' }).first().click();
    await page.waitForURL(/reserver/); await page.waitForTimeout(1500); await shot('reserver');
    console.log(width, page.url(), await page.locator('main').innerText());
    console.log(JSON.stringify(page.wrong));
  } catch (e) { console.log(width, 'STOPPED', e.message.slice(0, 400)); await shot('arret'); }
  await page.context().close();
}
await browser.close();
