// A planning as its views draw it: who goes where on which day, and what is to be given to somebody else.

import type { Absence, AbsenceKind, AgentPlan, PlannedShift, Planning } from '$lib/api/schema';
import { clock, day, PARIS, span } from '$lib/french/format';
import { dateIn } from '$lib/french/paris';
import { activityLabel } from '$lib/search/activities';
import { daysOfMonth, weekOf } from '../calendar/dates';

/** A shift with whom it is given to, on the day on which it begins. */
export type Placed = { shift: PlannedShift; agent: AgentPlan; date: string };

export type Day = { date: string; shifts: Placed[]; absence: Absence | undefined };
export type Row = { agent: AgentPlan; days: Day[] };

export const ABSENCES: readonly { value: AbsenceKind; label: string }[] = [
  { value: 'illness', label: 'Maladie' },
  { value: 'leave', label: 'Congé' },
  { value: 'training', label: 'Formation' },
];

export const absenceLabel = (kind: AbsenceKind): string =>
  ABSENCES.find((one) => one.value === kind)?.label ?? '';

/** The days that a view shows. */
export const daysShown = (planning: Planning, month: string | undefined): string[] =>
  month ? daysOfMonth(month) : weekOf(planning.monday);

/** The day on which a shift begins, by the clocks of its place. */
const beginsOn = (shift: PlannedShift) => dateIn(shift.zone, new Date(shift.start));

/** Each agent with these days; what began before the first of them and goes on is on the first. */
export function rowsOf(planning: Planning, days: readonly string[]): Row[] {
  const [first = ''] = days;
  return planning.agents.map((agent) => {
    const placed = agent.shifts
      .filter((shift) => dateIn(shift.zone, new Date(shift.end)) >= first)
      .map((shift) => ({ shift, agent, date: beginsOn(shift) < first ? first : beginsOn(shift) }));
    const absences = planning.absences.filter((one) => one.agent === agent.agent);
    return {
      agent,
      days: days.map((date) => ({
        date,
        shifts: placed.filter((one) => one.date === date),
        absence: absences.find((one) => one.from <= date && date <= one.to),
      })),
    };
  });
}

/** What somebody was sent on and may not do any more, the nearest first. */
export function toGive(rows: readonly Row[]): Placed[] {
  const all = rows.flatMap((row) => row.days.flatMap((one) => one.shifts));
  return all.filter(({ shift }) => shift.broken.length > 0).sort(byStart);
}

/** What is answered as one: a request, or an order of several dates. */
const asOne = ({ order, booking }: PlannedShift): string => order ?? booking;

/** The requests that wait for an answer, each once, with those who are kept free for it. */
export function toAnswer(rows: readonly Row[]): { first: Placed; names: string[] }[] {
  const all = rows.flatMap((row) => row.days.flatMap((one) => one.shifts));
  const asked = all.filter(({ shift }) => shift.state === 'requested').sort(byStart);
  const requests = [...new Set(asked.map(({ shift }) => asOne(shift)))];
  return requests.flatMap((request) => {
    const of = asked.filter(({ shift }) => asOne(shift) === request);
    const [first] = of;
    return first ? [{ first, names: [...new Set(of.map(({ agent }) => agent.name))] }] : [];
  });
}

const byStart = (one: Placed, other: Placed) => one.shift.start.localeCompare(other.shift.start);

/** "20 h – 4 h", by the clocks of the place. */
export const hoursOf = ({ start, end, zone }: PlannedShift): string =>
  `${clock(new Date(start), zone)} – ${clock(new Date(end), zone)}`;

/** "samedi 5 décembre 2026 de 20 h à 4 h", with the zone where it is not Paris. */
export const whenOf = ({ start, end, zone }: PlannedShift): string =>
  span(new Date(start), new Date(end), zone);

export const whatOf = ({ activity, town }: PlannedShift): string => `${activityLabel(activity)}, ${town}`;

export type Look = 'broken' | 'asked' | 'held' | 'sent' | 'done';

/** How a shift is drawn. */
export function lookOf(shift: PlannedShift): Look {
  if (shift.broken.length > 0) return 'broken';
  if (shift.state === 'awaiting_payment') return 'held';
  if (shift.state === 'requested') return 'asked';
  return shift.movable ? 'sent' : 'done';
}

export const LOOKS: Record<Look, string> = {
  broken: 'À pourvoir',
  asked: 'À accepter',
  held: 'Paiement en cours',
  sent: '',
  done: 'Passée',
};

/** Where a shift that cannot be moved leads; nowhere while its client has not paid. */
export function pageOf(shift: PlannedShift): string | undefined {
  if (shift.state === 'awaiting_payment') return undefined;
  if (shift.state === 'requested' && shift.order != null) return `/pro/dates/${shift.order}`;
  return `/pro/${shift.state === 'requested' ? 'demandes' : 'commandes'}/${shift.booking}`;
}

export const nameOfDay = (date: string): string => day(new Date(`${date}T12:00:00Z`), PARIS);

/** A part of a planning that was read: the week of its first day, or its month. */
export type Seen = { planning: Planning; first: string; isMonth: boolean };
