// The mission that somebody looks for, as the results page's address keeps it.

import { activities } from './activities';
import type { Mission } from '$lib/api/catalogue';
import type { Activity, Sort } from '$lib/api/schema';
import { AS_TYPED, span } from '$lib/french/format';
import { dateAfter, parisMoment } from '$lib/french/paris';

/** What is in the form, as typed. */
export type Wish = {
  activity: string;
  place: string;
  date: string;
  start: string;
  end: string;
  agents: string;
};

export const sorts: { sort: Sort; label: string }[] = [
  { sort: 'conseilles', label: 'Conseillés' },
  { sort: 'prix', label: 'Prix' },
  { sort: 'delai', label: 'Délai' },
  { sort: 'note', label: 'Note' },
];

export const NO_WISH: Wish = { activity: '', place: '', date: '', start: '', end: '', agents: '1' };

/** Reads an address; anything may be in it. */
export function wishOf(address: URLSearchParams): Wish {
  const of = (name: string) => address.get(name)?.trim() ?? '';
  return {
    activity: of('activite'),
    place: of('lieu'),
    date: of('date'),
    start: of('debut'),
    end: of('fin'),
    agents: of('agents') || '1',
  };
}

/** The order asked for; the advised one when it is not known. */
export function sortOf(address: URLSearchParams): Sort {
  return sorts.find(({ sort }) => sort === address.get('tri'))?.sort ?? 'conseilles';
}

/** A wish as every address that carries one says it. */
export function wishParameters(wish: Wish): Record<string, string> {
  return {
    activite: wish.activity,
    lieu: wish.place,
    date: wish.date,
    debut: wish.start,
    fin: wish.end,
    agents: wish.agents,
  };
}

/** The results page's address for a wish, in an order (`tri`), from a page on (`apres`), filtered. */
export function resultsAddress(wish: Wish, more: Record<string, string> = {}): string {
  return `/recherche?${new URLSearchParams({ ...wishParameters(wish), ...more }).toString()}`;
}

/** Where somebody else is searched for: with what is known of the mission, which may be nothing. */
export function searchAddress(wish: Wish): string {
  return wish.activity || wish.place || wish.date ? resultsAddress(wish) : '/';
}

/** Where an offer is ordered for a wish. */
export function orderAddress(offer: string, wish: Wish): string {
  return `/reserver?${new URLSearchParams({ offre: offer, ...wishParameters(wish) }).toString()}`;
}

/** Where several professionals are asked for a quote for a wish. */
export function quotesAddress(wish: Wish): string {
  return `/devis/nouveau?${new URLSearchParams(wishParameters(wish)).toString()}`;
}

/** Where an offer is ordered for several dates, beginning with a wish. */
export function severalAddress(offer: string, wish: Wish): string {
  return `/reserver/dates?${new URLSearchParams({ offre: offer, ...wishParameters(wish) }).toString()}`;
}

/** A professional's page, with the mission that brought somebody there. */
export function professionalAddress(slug: string, wish: Wish = NO_WISH): string {
  const page = `/professionnels/${slug}`;
  return carriesMission(wish) ? `${page}?${new URLSearchParams(wishParameters(wish)).toString()}` : page;
}

/** Whether a wish says where and when, so that it has a price. */
export function carriesMission(wish: Wish): boolean {
  return wish.place.length >= 2 && missionOf(wish) !== undefined;
}

/** Where offers are side by side for a wish. */
export function compareAddress(offers: string[], wish: Wish): string {
  return `/comparer?${new URLSearchParams({ offres: offers.join(','), ...wishParameters(wish) }).toString()}`;
}

/** The activity of a wish without fault. */
export function activityOf(wish: Wish): Activity | undefined {
  return activities.find(({ code }) => code === wish.activity)?.code;
}

type TimeWish = Pick<Wish, 'date' | 'start' | 'end' | 'agents'>;

/** What keeps a wish from being searched, by field. */
export type Faults = Partial<Record<keyof Wish, string>>;

export function faultsOf(wish: Wish, now: Date): Faults {
  const faults = timeFaults(wish, now);
  if (!activities.some(({ code }) => code === wish.activity)) faults.activity = 'Choisissez une activité.';
  if (wish.place.length < 2) faults.place = 'Indiquez une commune ou un code postal.';
  return faults;
}

/** What is wrong with the day, the hours and the number of agents. */
export function timeFaults(wish: TimeWish, now: Date): Faults {
  const faults: Faults = {};
  if (!parisMoment(wish.date, '00:00')) faults.date = 'Indiquez la date de la mission.';
  if (!parisMoment('2026-01-01', wish.start)) faults.start = 'Indiquez l’heure de début.';
  if (!parisMoment('2026-01-01', wish.end)) faults.end = 'Indiquez l’heure de fin.';
  if (!/^\d{1,2}$/.test(wish.agents) || Number(wish.agents) < 1 || Number(wish.agents) > 20) {
    faults.agents = 'Indiquez de 1 à 20 agents.';
  }
  // Hours are those of the place, which the server knows: here only what is past in all of France.
  const start = parisMoment(wish.date, wish.start);
  if (start && start.getTime() + HALF_A_DAY < now.getTime()) faults.date = 'Cette date est passée.';
  return faults;
}

const HALF_A_DAY = 12 * 3_600_000;

/**
 * The mission of a wish without fault, in the hours that were typed: the server reads them by the clocks
 * of the place. An end that is not after the start is the next day's.
 */
export function missionOf(wish: TimeWish): Mission | undefined {
  if (!parisMoment(wish.date, wish.start) || !parisMoment(wish.date, wish.end)) return undefined;
  const endDate = wish.end <= wish.start ? dateAfter(wish.date, 1) : wish.date;
  return { start: `${wish.date}T${wish.start}`, end: `${endDate}T${wish.end}`, agents: Number(wish.agents) };
}

/** When a mission is, as it was typed: the place is not known yet. */
export function typedSpan({ start, end }: Mission): string {
  return span(new Date(`${start}:00Z`), new Date(`${end}:00Z`), AS_TYPED);
}
