import { mkdirSync, writeFileSync } from 'node:fs';
import { launch, open, nextSaturday } from './browse.mjs';
const world = { site: 'http://127.0.0.1:8107' };
const browser = await launch();
const out = '/tmp/site.walk'; mkdirSync(out, { recursive: true });
const post = (a, b = {}) => fetch(world.site + a, { method: 'POST', headers: { 'content-type': 'application/json', origin: world.site }, body: JSON.stringify(b) });
const mails = async (to) => { await post('/local/settle'); return (await (await fetch(world.site + '/local/mail')).json()).filter((m) => m.to.includes(to)); };
const runs = process.argv[2] ? [process.argv[2].split('-')] : [['360', 'consumer'], ['1280', 'business']];
for (const [w, kind] of runs) {
  const width = Number(w);
  const page = await open(browser, world, width);
  const email = `neuve${width}${kind}${Date.now()}@exemple.fr`;
  let n = 0;
  const shot = async (name) => { await page.waitForLoadState('networkidle').catch(() => {}); await page.waitForTimeout(400); await page.screenshot({ path: `${out}/${kind}-${width}-${String(++n).padStart(2, '0')}-${name}.png`, fullPage: true }); console.log('##', kind, width, name, page.url()); };
  try {
    await page.goto('/');
    await page.getByLabel('Activité').selectOption({ label: 'Surveillance humaine' });
    await page.getByLabel('Lieu de la mission').pressSequentially('marseille');
    await page.getByRole('option', { name: /Marseille/ }).first().click();
    await page.getByLabel('Date').fill(nextSaturday());
    await page.getByLabel('De', { exact: true }).fill('10:00');
    await page.getByLabel('À', { exact: true }).fill('18:00');
    await page.getByRole('button', { name: 'Voir les prix' }).click();
    await page.waitForURL(/recherche/);
    await page.getByRole('link', { name: /^Réserver/ }).first().click();
    await page.waitForURL(/reserver/); await page.waitForTimeout(1000);
    await page.getByRole('button', { name: /^Recevoir mon code/ }).click(); await shot('fautes');
    await page.getByLabel('Adresse de la mission').fill('12 rue de la République');
    await page.getByLabel('Code postal').first().selectOption('13002');
    await page.getByLabel('Type de site').selectOption({ label: 'Commerce' });
    if (kind === 'business') { await page.getByLabel('pour un organisme').check(); await shot('organisme'); }
    const fill = async (label, v) => { const f = page.getByLabel(label, { exact: true }); if (await f.count()) await f.first().fill(v); else console.log('no field', label); };
    if (kind === 'business') { for (const [l, v] of [['Nom de l’organisme', 'Boutique Nadia'], ['Dénomination', 'Boutique Nadia SARL'], ['SIREN', '910000017'], ['Adresse de facturation', '1 rue Paradis, 13001 Marseille']]) await fill(l, v); }
    await fill('Prénom', 'Nadia'); await fill('Nom', 'Martin'); await fill('Adresse électronique', email); await fill('Téléphone', '06 12 34 56 78');
    await page.getByLabel(/J’ai lu et j’accepte/).check();
    await page.getByRole('button', { name: /^Recevoir mon code/ }).click(); await page.waitForTimeout(1500); await shot('code');
    const code = (await mails(email)).flatMap((m) => m.text.match(/\d{3}\s\d{3}/) ?? []).at(-1);
    await page.getByLabel('Code reçu par courriel').fill(code); await shot('code-saisi');
    await page.getByRole('button', { name: /Confirmer|Continuer|Vérifier/ }).first().click(); await page.waitForTimeout(1500); await shot('recap');
    writeFileSync(`${out}/${kind}-recap.txt`, await page.locator('main').innerText());
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    const buttons = await page.getByRole('button').allInnerTexts(); console.log(buttons.join(' | '));
    await page.getByRole('button', { name: /pa(y|ie)/i }).last().click(); await page.waitForTimeout(2500); await shot('paiement');
    await page.getByLabel('Numéro de carte').fill('4242424242424242'); await page.getByLabel(/Expiration/).fill('12/34'); await page.getByLabel(/^Code/).fill('123'); await page.getByLabel('Nom du titulaire').fill('Nadia Martin');
    await page.getByRole('button', { name: /^Payer/ }).click(); await page.waitForTimeout(2500); await post('/local/settle'); await page.waitForTimeout(2500); await shot('envoyee');
    for (const l of ['/reservations', '/messages', '/compte']) { await page.goto(l); await page.waitForTimeout(800); await shot(l.slice(1)); }
    await page.goto('/reservations'); await page.locator('main a[href*="/reservations/bkg"]').first().click(); await page.waitForTimeout(1200); await shot('reservation');
    for (const m of await mails(email)) { writeFileSync(`${out}/${kind}-mail-${m.subject.slice(0, 30).replace(/\W+/g, '-')}.txt`, m.subject + '\n\n' + m.text); }
  } catch (e) { console.log(width, kind, 'STOPPED', e.message.slice(0, 500)); await shot('arret'); }
  console.log(JSON.stringify(page.wrong));
  await page.context().close();
}
await browser.close();
