// When a professional is open, day by day, as the server counts it: what opens in the evening may reach
// into the next morning, a closed day closes the end of the night before too, and hours as precise as
// what closes a day open it again.

import type { CalendarException, DayOfWeek, OpeningCalendar } from '$lib/api/schema';
import { hoursAndMinutes, PARIS, type Zone } from '$lib/french/format';
import { clockIn, dateAfter, dateIn } from '$lib/french/paris';
import type { Mission } from '../api';
import { rankOf } from './dates';

/** A part of a day, in minutes of its clock. */
export type Band = { from: number; to: number };

export const DAY_MINUTES = 1440;

export const WEEKDAYS: readonly { code: DayOfWeek; label: string; short: string }[] = [
  { code: 'monday', label: 'Lundi', short: 'lun.' },
  { code: 'tuesday', label: 'Mardi', short: 'mar.' },
  { code: 'wednesday', label: 'Mercredi', short: 'mer.' },
  { code: 'thursday', label: 'Jeudi', short: 'jeu.' },
  { code: 'friday', label: 'Vendredi', short: 'ven.' },
  { code: 'saturday', label: 'Samedi', short: 'sam.' },
  { code: 'sunday', label: 'Dimanche', short: 'dim.' },
];

export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** "18 h", midnight at the end of a day included. */
export function clockOf(minutes: number): string {
  if (minutes === DAY_MINUTES) return 'minuit';
  return hoursAndMinutes(Math.floor(minutes / 60), minutes % 60);
}

/** Who closes at 23:59 means the end of the day: the field knows no 24:00. */
const closingOf = (closes: string) => (closes === '23:59' ? DAY_MINUTES : minutesOf(closes));

/** Closing at or before the hour of opening means the next day. */
export function isOvernight(opens: string, closes: string): boolean {
  return minutesOf(closes) <= minutesOf(opens);
}

const covers = (exception: CalendarException, date: string) => exception.from <= date && date <= exception.to;

export function exceptionsOn(calendar: OpeningCalendar, date: string): CalendarException[] {
  return (calendar.exceptions ?? []).filter((exception) => covers(exception, date));
}

export function isClosedOn(calendar: OpeningCalendar, date: string): boolean {
  return exceptionsOn(calendar, date).some(({ kind }) => kind.type === 'closed');
}

/** What opens on a date, as hours: the week's rules and the hours that exceptions add. */
function openedOn(calendar: OpeningCalendar, date: string): { opens: string; closes: string }[] {
  const weekday = WEEKDAYS[rankOf(date)]?.code;
  const weekly = (calendar.weekly ?? []).filter((rule) => rule.weekday === weekday);
  const added = exceptionsOn(calendar, date).flatMap(({ kind }) => (kind.type === 'open' ? [kind] : []));
  return [...weekly, ...added];
}

/** How many days an exception covers, beyond the first. */
const lengthOf = ({ from, to }: CalendarException) => Date.parse(to) - Date.parse(from);

/** What opens a closed day again: exceptions as precise as what closes it. */
function reopening(calendar: OpeningCalendar, date: string): CalendarException[] {
  const on = exceptionsOn(calendar, date);
  const closings = on.filter(({ kind }) => kind.type === 'closed').map(lengthOf);
  return on.filter((one) => one.kind.type === 'open' && lengthOf(one) <= Math.min(...closings));
}

/** When a day is open, in order, without overlap. */
export function openOn(calendar: OpeningCalendar, date: string): Band[] {
  const read = isClosedOn(calendar, date) ? { weekly: [], exceptions: reopening(calendar, date) } : calendar;
  const own = openedOn(read, date).map(({ opens, closes }) => ({
    from: minutesOf(opens),
    to: isOvernight(opens, closes) ? DAY_MINUTES : closingOf(closes),
  }));
  const before = openedOn(read, dateAfter(date, -1))
    .filter(({ opens, closes }) => isOvernight(opens, closes))
    .map(({ closes }) => ({ from: 0, to: minutesOf(closes) }));
  return merged([...before, ...own].filter(({ from, to }) => to > from));
}

function merged(bands: Band[]): Band[] {
  const result: Band[] = [];
  for (const band of bands.sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last && band.from <= last.to) last.to = Math.max(last.to, band.to);
    else result.push({ ...band });
  }
  return result;
}

function minutesIn(date: string, moment: string, zone: Zone): number {
  const on = dateIn(zone, new Date(moment));
  if (on < date) return 0;
  return on > date ? DAY_MINUTES : minutesOf(clockIn(zone, new Date(moment)));
}

type Placed = Pick<Mission, 'start' | 'end'> & { zone?: Zone };

/** The part of a day that a mission takes, by the clocks of its place; nothing when it takes none. */
export function partOn(date: string, { start, end, zone = PARIS }: Placed): Band | undefined {
  const band = { from: minutesIn(date, start, zone), to: minutesIn(date, end, zone) };
  return band.to > band.from ? band : undefined;
}

const HELD = ['requested', 'accepted', 'completed', 'validated', 'under_claim', 'settled'];

/** The missions that take a part of a day: those that hold, or held, agents. */
export function missionsOn(date: string, missions: readonly Mission[]): { mission: Mission; band: Band }[] {
  return missions
    .filter(({ state }) => HELD.includes(state))
    .flatMap((mission) => {
      const band = partOn(date, mission);
      return band ? [{ mission, band }] : [];
    })
    .sort((one, other) => one.band.from - other.band.from);
}

/** "Ouvert de 0 h à 6 h et de 18 h à minuit". */
export function openSentence(calendar: OpeningCalendar, date: string): string {
  const bands = openOn(calendar, date);
  if (bands.length === 0 && isClosedOn(calendar, date)) return 'Fermé, par exception';
  const [only] = bands;
  if (!only) return 'Fermé';
  if (only.from === 0 && only.to === DAY_MINUTES) return 'Ouvert jour et nuit';
  return `Ouvert ${bands.map(({ from, to }) => `de ${clockOf(from)} à ${clockOf(to)}`).join(' et ')}`;
}

/** The calendar with one day's exceptions replaced; longer ones are cut around that day. */
export function withDay(calendar: OpeningCalendar, date: string, own: CalendarException[]): OpeningCalendar {
  const cut = (exception: CalendarException): CalendarException[] => {
    if (!covers(exception, date)) return [exception];
    const before = { ...exception, to: dateAfter(date, -1) };
    const after = { ...exception, from: dateAfter(date, 1) };
    return [before, after].filter(({ from, to }) => from <= to);
  };
  return {
    weekly: calendar.weekly ?? [],
    exceptions: [...(calendar.exceptions ?? []).flatMap(cut), ...own],
  };
}
