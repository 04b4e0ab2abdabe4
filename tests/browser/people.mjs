// What the people of the tests do: open accounts, order, pay, answer.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { nextSaturday } from './browse.mjs';

export const PASSWORD = 'Correct-Cheval-9';
export const DEMO_PASSWORD = 'Demo-Secret-2026';
export const REX = 'rex@demo.monagentdesecu.fr';

/** Calls the API with the cookies of a page. */
export async function api(page, world, method, address, body = {}) {
  const answer = await page.request.fetch(world.site + address, {
    method,
    headers: { origin: world.site },
    ...(method === 'GET' ? {} : { data: body }),
  });
  assert.ok(answer.ok(), `${method} ${address}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/** A client with a confirmed address. */
export async function client(world, email, kind = { type: 'consumer' }) {
  await world.post('/api/accounts', {
    email,
    password: PASSWORD,
    accepts_terms: true,
    profile: {
      kind,
      first_name: 'Nadia',
      last_name: 'Martin',
      phone: '06 12 34 56 78',
    },
  });
  const link = new URL(await world.link(email, '/verifier-adresse'));
  // No browser keeps this sign-up: the link is opened elsewhere, and the password is chosen there.
  await world.post('/api/accounts/verify-email', {
    token: link.searchParams.get('jeton'),
    new_password: PASSWORD,
    accepts_terms: true,
  });
  return email;
}

/** Types the code that was mailed, on the page that waits for it. */
export async function typeCode(page, world, email, button) {
  await page.getByLabel('Code reçu par courriel').fill(await world.code(email));
  await page.getByRole('button', { name: button }).click();
}

/** Signs in on the page itself, as a person does, and waits for what comes next. */
export async function signIn(page, email, password = PASSWORD, { at = '/connexion' } = {}) {
  await page.goto(at);
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((address) => address.pathname !== '/connexion');
}

/** Signs in without the page, also after the clock has ended the session. */
export function signInAgain(page, world, email, password = PASSWORD) {
  return api(page, world, 'POST', '/api/session', { email, password });
}

/** Signs the demonstration's dog handler in, the same way. */
export function signRexIn(page, world) {
  return signInAgain(page, world, REX, DEMO_PASSWORD);
}

/** Waits until the page shows a booking in this state. */
export function state(page, name) {
  return page.locator(`[data-testid=state][data-state=${name}]`).waitFor();
}

/** A mission on the coming Saturday night, or weeks later, with the demonstration's dog handler. */
export async function mission(world, { weeks = 0, department = 'Lyon (69)' } = {}) {
  const { now } = await world.get('/local/clock');
  const evening = later(nextSaturday(new Date(now)), weeks * 7);
  const query = new URLSearchParams({
    activity: 'dog_handling',
    place: department,
    start: `${evening}T20:00`,
    end: `${later(evening, 1)}T04:00`,
  });
  const found = await world.get(`/api/search?${query}`);
  assert.ok(found.results.length > 0, 'the demonstration has an offer');
  return {
    offer: found.results[0].offer,
    start: found.mission.start,
    end: found.mission.end,
    agents: 1,
    postal_code: '69003',
  };
}

/** Orders it through the API, for tests about what comes after. */
export async function order(page, world, wanted) {
  const quote = await world.post('/api/quotes', wanted);
  return api(page, world, 'POST', '/api/bookings', {
    mission: wanted,
    address: '12 rue de la République',
    town: 'Lyon',
    context: {
      site: 'Chantier',
      public_road: false,
      public_expected: false,
      risks: '',
      instructions: '',
    },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
}

/** Orders and pays human surveillance of the demonstration's company in Marseille, from and until these local times. */
export async function orderGuards(page, world, { start, end, agents = 1 }) {
  const query = new URLSearchParams({
    activity: 'human_surveillance',
    place: 'Marseille (13)',
    start,
    end,
    agents: String(agents),
  });
  const found = await world.get(`/api/search?${query}`);
  const offer = found.results.find((one) => /bastion/i.test(one.name ?? one.professional_name ?? ''));
  assert.ok(offer, JSON.stringify(found.results.map((one) => Object.keys(one)).slice(0, 1)));
  const mission = { offer: offer.offer, start: found.mission.start, end: found.mission.end, agents };
  const wanted = { ...mission, postal_code: '13002' };
  const quote = await world.post('/api/quotes', wanted);
  const booking = await api(page, world, 'POST', '/api/bookings', {
    mission: wanted,
    address: '12 rue de la République',
    town: 'Marseille',
    context: { site: 'Magasin', public_road: false, public_expected: true, risks: '', instructions: '' },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
  await authorise(page, world, booking);
  return booking;
}

/** Pays without a browser. */
export async function authorise(page, world, booking) {
  const { session } = await api(page, world, 'POST', `/api/bookings/${booking.id}/checkout`);
  await world.post('/local/stripe/pay', { session, card: '4242424242424242' });
  await world.post('/local/settle');
}

/** Fills the payment page. */
export async function pay(page, card) {
  await page.getByLabel('Numéro de carte').fill(card);
  await page.getByLabel(/Expiration/).fill('12/34');
  await page.getByLabel(/^Code/).fill('123');
  await page.getByLabel('Nom du titulaire').fill('Nadia Martin');
  await page.getByRole('button', { name: /^Payer/ }).click();
}

/** The professional answers. */
export async function accept(professional, world, booking) {
  await api(professional, world, 'POST', `/api/bookings/${booking.id}/accept`, {
    advice: 'Un agent et son chien suffisent pour ce site.',
  });
  await world.post('/local/settle');
}

/** Moves the clock forward to so many hours after a moment. */
export async function clockTo(world, moment, hours = 0) {
  const now = new Date(Date.parse(moment) + hours * 3_600_000).toISOString();
  await world.post('/local/clock', { now });
  await world.post('/local/settle');
}

/** Days after a date. */
export function later(date, days) {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Signs the operator in with both factors, in this page's cookies. */
export async function signOperatorIn(page, world) {
  const { email, password, code } = await world.get('/local/operator');
  for (const [address, form] of [
    ['/admin/connexion', { email, password }],
    ['/admin/connexion/code', { code }],
  ]) {
    const answer = await page.request.post(world.site + address, {
      form,
      headers: { origin: world.site },
    });
    assert.ok(answer.ok(), `${address}: ${answer.status()}`);
  }
}

/** The operator decides what is open in a registration, each point by itself, through the API. */
export async function decideEachPoint(operator, world, id) {
  const file = `/api/admin/registrations/${id}`;
  const { checklist } = await api(operator, world, 'GET', file);
  for (const { state, by_hand: what, document } of checklist) {
    if (!['to_check', 'contradictory'].includes(state)) continue;
    const reason = state === 'contradictory' ? 'Attestation lue et comparée ce jour.' : '';
    const address = what ? `${file}/verifications` : `/api/admin/documents/${id}/${document}/verify`;
    await api(operator, world, 'POST', address, {
      method: 'vue des pièces',
      reason,
      ...(what ? { what } : {}),
    });
  }
}

/** The operator decides each point, then accepts. */
export async function acceptRegistration(operator, world, id) {
  await decideEachPoint(operator, world, id);
  await api(operator, world, 'POST', `/api/admin/registrations/${id}/accept`);
}

/** What an insurer's certificate says. */
export const INSURANCE = {
  kind: 'insurance',
  insurer: 'Assureur de test',
  insurer_contact: '1 rue du Test, 75001 Paris',
  policy_number: 'RC-1',
  coverage: 'France entière',
  valid_from: '2026-01-01',
  expires_on: '2029-12-31',
};

/** A small, real PDF. */
const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);

/** Somebody alone hands a registration in, through the API; answers what it is called. */
export async function register(page, world, { email, name, siren, siret, phone, iban }) {
  await api(page, world, 'POST', '/api/registrations', { email, accepts_terms: true });
  const link = new URL(await world.link(email, '/inscription'));
  const token = link.searchParams.get('jeton');
  await api(page, world, 'POST', '/api/registrations/resume', { token });
  const { profile } = await api(page, world, 'PUT', '/api/registration', {
    profile: {
      kind: 'natural',
      legal_form: 'EI',
      denomination: name,
      siren,
      siret,
      vat_status: 'franchise',
      registry: { type: 'rne' },
      establishment: { street: '1 place Bellecour', postal_code: '69002', town: 'Lyon' },
      phone,
      description: 'Surveillance humaine et gardiennage de chantiers depuis 2012, de nuit surtout.',
      managers: [{ name }],
      agents: [{ first_name: name.split(' ')[0], last_name: name.split(' ')[1] }],
      mediator: { name: 'Médiateur de test', website: 'https://mediateur.exemple.fr' },
    },
  });
  const title = (kind, n) => ({ number: `${kind}-069-2030-06-19-2025777000${n}`, expires_on: '2030-06-19' });
  const contents = { nature: true, prices: true, execution: true, withdrawal: true };
  for (const details of [
    { kind: 'authorisation', ...title('AUT', 1), activities: ['surveillance'] },
    { kind: 'manager_approval', manager: profile.managers[0].id, ...title('AGD', 2) },
    {
      kind: 'professional_card',
      agent: profile.agents[0].id,
      ...title('CAR', 3),
      activities: ['surveillance'],
    },
    INSURANCE,
    { kind: 'bank_details', holder: name, iban },
    { kind: 'conditions_of_sale', version: '2026-1', contents },
  ]) {
    await deposit(page, world, details);
  }
  const declarations = {
    accepts_terms: true,
    certifies_accuracy: true,
    follows_code_of_ethics: true,
    gives_billing_mandate: true,
  };
  const submitted = await api(page, world, 'POST', '/api/registration/submit', { declarations });
  await world.post('/local/settle');
  return submitted.id;
}

/** Sends a document straight to where documents are kept, and says that it is there. */
export async function deposit(page, world, details) {
  const sha256 = createHash('sha256').update(PDF).digest('hex');
  const asked = { details, file_type: 'application/pdf', size: PDF.length, sha256 };
  const prepared = await api(page, world, 'POST', '/api/registration/documents', asked);
  const { url, headers } = prepared.upload;
  const sent = await page.request.put(url, { headers, data: PDF });
  assert.ok(sent.ok(), `PUT ${url}: ${sent.status()}`);
  await api(page, world, 'POST', `/api/registration/documents/${prepared.document}/confirm`);
  // The malware scan, whichever came first.
  await world.post('/local/settle');
}
