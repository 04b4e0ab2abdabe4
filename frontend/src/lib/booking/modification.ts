// What is typed to change a mission, and what it asks for.

import type { AskedTerms } from '$lib/api/schema';
import type { Booking } from '$lib/api/views';
import { clockIn, dateAfter, dateIn } from '$lib/french/paris';

export type TypedTerms = { date: string; start: string; end: string; agents: string };
export type TermsFaults = Partial<Record<keyof TypedTerms, string>>;

/** The mission as it is, to be changed. */
export function typedTerms({ start, end, zone, agents }: Booking): TypedTerms {
  const [from, until] = [new Date(start), new Date(end)];
  return {
    date: dateIn(zone, from),
    start: clockIn(zone, from),
    end: clockIn(zone, until),
    agents: String(agents),
  };
}

export function termsFaults({ date, start, end, agents }: TypedTerms): TermsFaults {
  const faults: TermsFaults = {};
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) faults.date = 'Indiquez le jour du début.';
  if (!/^\d{2}:\d{2}$/.test(start)) faults.start = 'Indiquez l’heure du début.';
  if (!/^\d{2}:\d{2}$/.test(end)) faults.end = 'Indiquez l’heure de fin.';
  if (!/^\d{1,2}$/.test(agents) || Number(agents) < 1 || Number(agents) > 20)
    faults.agents = 'Indiquez un nombre d’agents, de 1 à 20.';
  return faults;
}

/** As clocks show it at the place: a mission that ends at or before the time it starts ends the next day. */
export function askedTerms({ date, start, end, agents }: TypedTerms): AskedTerms {
  const lastDay = end > start ? date : dateAfter(date, 1);
  return { start: `${date}T${start}`, end: `${lastDay}T${end}`, agents: Number(agents) };
}
