// An order while it is written: what was typed, what is wrong with it, and what is sent.

import type { AskedMission, Order, Quote, SavedSite } from '$lib/api/schema';
import type { Booking } from '$lib/api/views';
import { DEPARTMENTS } from '$lib/pro/offers/departments';
import { missionOf, timeFaults, wishParameters, type Wish } from '$lib/search/mission';
import { clockIn, dateIn } from '$lib/french/paris';

/** Kept in the tab until the order is placed. */
export type TypedOrder = {
  /** The offer that what was agreed to is about. */
  offer: string;
  /** The wish that the mission began with, as addresses carry it. */
  asked: string;
  date: string;
  start: string;
  end: string;
  agents: string;
  postal_code: string;
  address: string;
  town: string;
  site: string;
  other_site: string;
  public_road: boolean;
  public_expected: boolean;
  risks: string;
  instructions: string;
  /** Whom to call there, when it is somebody else. */
  contact_name: string;
  contact_phone: string;
  conditions: boolean;
  early_start: boolean;
  loss: boolean;
  /** The key of the last order sent and what it said: the same order again has the same key. */
  sent: { key: string; said: string } | null;
};

/** The one draft of an order: who looks at another offer finds the place filled in. */
export const ORDER_DRAFT = 'commande';

export const OTHER_SITE = 'Autre';
export const sites = [
  'Chantier',
  'Commerce',
  'Bureaux',
  'Entrepôt',
  'Événement',
  'Habitation',
  'Établissement recevant du public',
  OTHER_SITE,
] as const;

/** "Loire (42)" is a department and no commune; "Paris (75)" is both. */
const isDepartment = (place: string) =>
  DEPARTMENTS.some(({ code, name }) => code !== '75' && place === `${name} (${code})`);

/** What a place that was searched says of the postal code and the commune; empty where it says nothing. */
export function placeOf(searched: string): { postal_code: string; town: string } {
  const coded = /^(\d{5})(?:\s+(\D.*))?$/.exec(searched);
  if (coded) return { postal_code: coded[1] ?? '', town: coded[2] ?? '' };
  const named = /\(/.test(searched) && !isDepartment(searched);
  return { postal_code: '', town: named ? searched.replace(/\s*\(.*$/, '') : '' };
}

const NOTHING_AGREED = { conditions: false, early_start: false, loss: false, sent: null };

/** An order of an offer for a wish, nothing else filled in. */
export function emptyOrder(wish: Wish, offer = ''): TypedOrder {
  return {
    offer,
    asked: JSON.stringify(wishParameters(wish)),
    date: wish.date,
    start: wish.start,
    end: wish.end,
    agents: wish.agents,
    address: '',
    ...placeOf(wish.place),
    site: '',
    other_site: '',
    public_road: false,
    public_expected: false,
    risks: '',
    instructions: '',
    contact_name: '',
    contact_phone: '',
    ...NOTHING_AGREED,
  };
}

/**
 * What was typed, taken along to an offer and a wish: another mission replaces the one before, another
 * place forgets the address, and what was agreed to with somebody is not agreed to with somebody else.
 */
export function takenAlong(typed: TypedOrder, wish: Wish, offer: string): TypedOrder {
  const fresh = emptyOrder(wish, offer);
  const agreed = typed.offer === offer ? typed : { ...typed, ...NOTHING_AGREED, offer };
  if (typed.asked === fresh.asked) return agreed;
  const { date, start, end, agents, asked } = fresh;
  const mission = { date, start, end, agents, asked };
  const elsewhere =
    (fresh.town !== '' && fresh.town !== typed.town) ||
    (fresh.postal_code !== '' && fresh.postal_code !== typed.postal_code);
  return elsewhere ? { ...fresh } : { ...agreed, ...NOTHING_AGREED, ...mission };
}

/** The wish as it is now that an order of it is being typed. */
export function wishNow(searched: Wish, { date, start, end, agents, postal_code, town }: TypedOrder): Wish {
  const place = postal_code ? `${postal_code} ${town}`.trim() : searched.place;
  return { ...searched, date, start, end, agents, place };
}

/** Where a booking took place, or what was kept of a place, as an order says it. */
export type KnownSite = { name?: string } & Pick<
  TypedOrder,
  | 'address'
  | 'town'
  | 'postal_code'
  | 'site'
  | 'other_site'
  | 'public_road'
  | 'public_expected'
  | 'risks'
  | 'instructions'
  | 'contact_name'
  | 'contact_phone'
>;

/** The places that were kept, then those of bookings, each once, the latest first. */
export function knownSites(bookings: readonly Booking[], kept: readonly SavedSite[] = []): KnownSite[] {
  const sites = new Map<string, KnownSite>();
  const booked = bookings.filter(({ coordinates }) => coordinates).map(siteAgain);
  for (const site of [...kept.map(typedSite), ...booked]) {
    const where = `${site.address} ${site.postal_code}`.toLowerCase();
    if (!sites.has(where)) sites.set(where, site);
  }
  return [...sites.values()];
}

/** A place that was kept, as an order is filled in with it. */
export function typedSite({ name, contact, context, address, postal_code, town }: SavedSite): KnownSite {
  return {
    ...typedContext(context),
    name,
    address,
    postal_code,
    town,
    contact_name: contact?.name ?? '',
    contact_phone: contact?.phone ?? '',
  };
}

/** What is kept of a place. */
export function siteToKeep(typed: TypedOrder, name: string): SavedSite {
  return {
    name,
    address: typed.address.trim(),
    postal_code: typed.postal_code.trim(),
    town: typed.town.trim(),
    context: contextOf(typed),
    contact: contactOf(typed),
  };
}

/** Whom to call there, when it is somebody else. */
export function contactOf({
  contact_name,
  contact_phone,
}: TypedOrder): { name: string; phone: string } | null {
  const [name, phone] = [contact_name.trim(), contact_phone.trim()];
  return name === '' && phone === '' ? null : { name, phone };
}

export function contextOf(typed: TypedOrder): Order['context'] {
  return {
    site: siteOf(typed),
    public_road: typed.public_road,
    public_expected: typed.public_expected,
    risks: typed.risks.trim(),
    instructions: typed.instructions.trim(),
  };
}

/** The known place that an order may be about: nothing typed contradicts it. */
export function likelySite(typed: TypedOrder, known: readonly KnownSite[]): KnownSite | undefined {
  if (typed.address !== '') return undefined;
  return known.find(
    ({ postal_code, town }) =>
      (typed.postal_code === '' || typed.postal_code === postal_code) &&
      (typed.town === '' || typed.town.toLowerCase() === town.toLowerCase()) &&
      typed.postal_code + typed.town !== '',
  );
}

/** The mission of a booking as a wish: to look for somebody else. */
export function wishAgain(booking: Booking): Wish {
  return {
    activity: booking.activity,
    place: booking.place.postal_code,
    date: dateIn(booking.zone, new Date(booking.start)),
    start: clockIn(booking.zone, new Date(booking.start)),
    end: clockIn(booking.zone, new Date(booking.end)),
    agents: String(booking.agents),
  };
}

function siteAgain(booking: Booking): KnownSite {
  return {
    ...typedContext(booking.context),
    address: booking.coordinates?.address ?? '',
    town: booking.place.town,
    postal_code: booking.place.postal_code,
    contact_name: '',
    contact_phone: '',
  };
}

function typedContext({ site, public_road, public_expected, risks, instructions }: Order['context']) {
  const listed = (sites as readonly string[]).includes(site);
  return {
    site: listed ? site : OTHER_SITE,
    other_site: listed ? '' : site,
    public_road,
    public_expected,
    risks: risks ?? '',
    instructions: instructions ?? '',
  };
}

/** An order of a wish at a place that is known from elsewhere. */
export function orderAt(
  wish: Wish,
  { address, postal_code, town, context }: Pick<SavedSite, 'address' | 'postal_code' | 'town' | 'context'>,
  offer = '',
): TypedOrder {
  return { ...emptyOrder(wish, offer), ...typedContext(context), address, postal_code, town };
}

/** The order of a booking, to be placed again with an offer: all but what must be agreed to anew. */
export function orderAgain(booking: Booking, offer: string, wish = wishAgain(booking)): TypedOrder {
  return { ...emptyOrder(wish, offer), ...siteAgain(booking) };
}

/** What keeps a step from being left, by field. */
export type OrderFaults = Partial<Record<keyof TypedOrder, string>>;

/** Without what is undefined. */
const given = (faults: Record<string, string | undefined>): OrderFaults =>
  Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined));

export function missionFaults(typed: TypedOrder, now: Date): OrderFaults {
  const { date, start, end, agents } = timeFaults(typed, now);
  const faults: OrderFaults = given({ date, start, end, agents });
  if (!/^\d{5}$/.test(typed.postal_code.trim())) {
    faults.postal_code = 'Indiquez le code postal de la mission, en cinq chiffres.';
  }
  return faults;
}

export function placeFaults(typed: TypedOrder): OrderFaults {
  const faults: OrderFaults = {};
  const site = siteOf(typed);
  if (typed.address.trim().length < 3) faults.address = 'Indiquez le numéro et la rue.';
  if (typed.town.trim() === '') faults.town = 'Indiquez la commune.';
  if (typed.site === '') faults.site = 'Choisissez le type de site.';
  else if (site.length < 2 || site.length > 100) {
    faults.other_site = 'Dites en quelques mots de quel site il s’agit.';
  }
  const contact = contactOf(typed);
  if (contact && contact.name.length < 2) faults.contact_name = 'Indiquez qui appeler sur place.';
  if (contact && contact.phone === '') faults.contact_phone = 'Indiquez à quel numéro.';
  return faults;
}

export function agreementFaults(
  typed: TypedOrder,
  needs: { consumer: boolean; early: boolean },
): OrderFaults {
  const faults: OrderFaults = {};
  const tick = 'Cochez cette case pour commander.';
  if (!typed.conditions) faults.conditions = tick;
  if (needs.consumer && needs.early) {
    if (!typed.early_start) faults.early_start = tick;
    if (!typed.loss) faults.loss = tick;
  }
  return faults;
}

export function siteOf(typed: TypedOrder): string {
  return typed.site === OTHER_SITE ? typed.other_site.trim() : typed.site;
}

/** The mission to have priced; nothing while it is not whole. */
export function askedMission(offer: string, typed: TypedOrder, now: Date): AskedMission | undefined {
  if (Object.keys(missionFaults(typed, now)).length > 0) return undefined;
  const mission = missionOf(typed);
  return mission && { ...mission, offer, postal_code: typed.postal_code.trim() };
}

/**
 * What is sent, for the total and under the conditions of the quote that was shown. A consumer was told of
 * the right of withdrawal: it stands above the button (C. conso., L221-5).
 */
export function orderOf(typed: TypedOrder, mission: AskedMission, quote: Quote, consumer: boolean): Order {
  return {
    mission,
    address: typed.address.trim(),
    town: typed.town.trim(),
    context: contextOf(typed),
    contact: contactOf(typed),
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: consumer,
    early_start_requested: typed.early_start,
    loss_of_withdrawal_acknowledged: typed.loss,
  };
}

/** The key that an order is sent under: its own, the same when the same is sent again. */
export function keyFor(typed: TypedOrder, asked: Order, fresh: () => string): { key: string; said: string } {
  const said = JSON.stringify(asked);
  return typed.sent?.said === said ? typed.sent : { key: fresh(), said };
}
