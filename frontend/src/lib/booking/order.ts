// An order while it is written: what was typed, what is wrong with it, and what is sent.

import type { AskedMission, Order, Quote } from '$lib/api/schema';
import type { Booking } from '$lib/api/views';
import { DEPARTMENTS } from '$lib/pro/offers/departments';
import { missionOf, timeFaults, type Wish } from '$lib/search/mission';
import { clockIn, dateIn } from '$lib/french/paris';

/** Kept in the tab until the order is placed. */
export type TypedOrder = {
  date: string;
  start: string;
  end: string;
  agents: string;
  postal_code: string;
  address: string;
  town: string;
  site: string;
  other_site: string;
  public_road: '' | 'oui' | 'non';
  public_expected: '' | 'oui' | 'non';
  risks: string;
  instructions: string;
  conditions: boolean;
  withdrawal: boolean;
  early_start: boolean;
  loss: boolean;
  /** The key of the last order sent and what it said: the same order again has the same key. */
  sent: { key: string; said: string } | null;
};

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

/** An order for a wish, nothing else filled in. */
export function emptyOrder(wish: Wish): TypedOrder {
  return {
    date: wish.date,
    start: wish.start,
    end: wish.end,
    agents: wish.agents,
    postal_code: /^\d{5}$/.test(wish.place) ? wish.place : '',
    address: '',
    town: /\(/.test(wish.place) && !isDepartment(wish.place) ? wish.place.replace(/\s*\(.*$/, '') : '',
    site: '',
    other_site: '',
    public_road: '',
    public_expected: '',
    risks: '',
    instructions: '',
    conditions: false,
    withdrawal: false,
    early_start: false,
    loss: false,
    sent: null,
  };
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

/** The order of a booking, to be placed again: all but what must be agreed to anew. */
export function orderAgain(booking: Booking): TypedOrder {
  const { site, public_road, public_expected, risks, instructions } = booking.context;
  const listed = (sites as readonly string[]).includes(site);
  return {
    ...emptyOrder(wishAgain(booking)),
    address: booking.coordinates?.address ?? '',
    town: booking.place.town,
    site: listed ? site : OTHER_SITE,
    other_site: listed ? '' : site,
    public_road: public_road ? 'oui' : 'non',
    public_expected: public_expected ? 'oui' : 'non',
    risks: risks ?? '',
    instructions: instructions ?? '',
  };
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
  if (typed.public_road === '') faults.public_road = 'Répondez par oui ou par non.';
  if (typed.public_expected === '') faults.public_expected = 'Répondez par oui ou par non.';
  return faults;
}

export function agreementFaults(
  typed: TypedOrder,
  needs: { consumer: boolean; early: boolean },
): OrderFaults {
  const faults: OrderFaults = {};
  const tick = 'Cochez cette case pour commander.';
  if (!typed.conditions) faults.conditions = tick;
  if (needs.consumer && !typed.withdrawal) faults.withdrawal = tick;
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

/** What is sent, for the total and under the conditions of the quote that was shown. */
export function orderOf(typed: TypedOrder, mission: AskedMission, quote: Quote): Order {
  return {
    mission,
    address: typed.address.trim(),
    town: typed.town.trim(),
    context: {
      site: siteOf(typed),
      public_road: typed.public_road === 'oui',
      public_expected: typed.public_expected === 'oui',
      risks: typed.risks.trim(),
      instructions: typed.instructions.trim(),
    },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: typed.withdrawal,
    early_start_requested: typed.early_start,
    loss_of_withdrawal_acknowledged: typed.loss,
  };
}

/** The key that an order is sent under: its own, the same when the same is sent again. */
export function keyFor(typed: TypedOrder, asked: Order, fresh: () => string): { key: string; said: string } {
  const said = JSON.stringify(asked);
  return typed.sent?.said === said ? typed.sent : { key: fresh(), said };
}
