// The mission that somebody looks for, as the results page's address keeps it.

import { activities } from './activities';
import type { Mission } from './api/catalogue';
import type { Activity, Sort } from './api/schema';
import { dateAfter, parisMoment } from './paris';

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

/** The results page's address for a wish. */
export function resultsAddress(wish: Wish, more: { tri?: Sort; apres?: string } = {}): string {
  const address = new URLSearchParams({
    activite: wish.activity,
    lieu: wish.place,
    date: wish.date,
    debut: wish.start,
    fin: wish.end,
    agents: wish.agents,
    ...more,
  });
  return `/recherche?${address.toString()}`;
}

/** The activity of a wish without fault. */
export function activityOf(wish: Wish): Activity | undefined {
  return activities.find(({ code }) => code === wish.activity)?.code;
}

/** What keeps a wish from being searched, by field. */
export type Faults = Partial<Record<keyof Wish, string>>;

export function faultsOf(wish: Wish, now: Date): Faults {
  const faults: Faults = {};
  if (!activities.some(({ code }) => code === wish.activity)) faults.activity = 'Choisissez une activité.';
  if (wish.place.length < 2) faults.place = 'Indiquez une commune ou un code postal.';
  if (!parisMoment(wish.date, '00:00')) faults.date = 'Indiquez la date de la mission.';
  if (!parisMoment('2026-01-01', wish.start)) faults.start = 'Indiquez l’heure de début.';
  if (!parisMoment('2026-01-01', wish.end)) faults.end = 'Indiquez l’heure de fin.';
  if (!/^\d{1,2}$/.test(wish.agents) || Number(wish.agents) < 1 || Number(wish.agents) > 20) {
    faults.agents = 'Indiquez de 1 à 20 agents.';
  }
  const start = parisMoment(wish.date, wish.start);
  if (start && start < now) faults.date = 'Cette date est passée.';
  return faults;
}

/** The mission of a wish without fault. An end that is not after the start is the next day's. */
export function missionOf(wish: Wish): Mission | undefined {
  const start = parisMoment(wish.date, wish.start);
  const endDate = start && wish.end <= wish.start ? dateAfter(wish.date, 1) : wish.date;
  const end = parisMoment(endDate, wish.end);
  if (!start || !end) return undefined;
  return { start: start.toISOString(), end: end.toISOString(), agents: Number(wish.agents) };
}
