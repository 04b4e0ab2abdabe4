// Moments from what people type in France, whatever the zone of their browser.

import { PARIS, type Zone } from './format';

const clocks = new Map<string, Intl.DateTimeFormat>();

function wallsIn({ name }: Zone): Intl.DateTimeFormat {
  const walls =
    clocks.get(name) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  clocks.set(name, walls);
  return walls;
}

const DAY = 86_400_000;

/** What a clock shows at `instant`, as if it were UTC (milliseconds). */
function wallAt(instant: number, zone = PARIS): number {
  const parts = wallsIn(zone).formatToParts(instant);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/**
 * The moment at which clocks in Paris show `date` and `time`. An hour that comes twice is the first
 * of the two; one that is skipped is the same time later, as the server reads it.
 */
export function parisMoment(date: string, time: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return undefined;
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wall)) return undefined;
  const before = wallAt(wall - DAY) - (wall - DAY);
  const after = wallAt(wall + DAY) - (wall + DAY);
  for (const offset of [before, after]) {
    if (wallAt(wall - offset) === wall) return new Date(wall - offset);
  }
  return new Date(wall - before);
}

/** The date that calendars in Paris show, as `2026-11-14`. */
export function parisDate(moment: Date): string {
  return dateIn(PARIS, moment);
}

/** The date that calendars show in a zone, as `2026-11-14`. */
export function dateIn(zone: Zone, moment: Date): string {
  return new Date(wallAt(moment.getTime(), zone)).toISOString().slice(0, 10);
}

/** The time that clocks show in a zone, as `20:00`. */
export function clockIn(zone: Zone, moment: Date): string {
  return new Date(wallAt(moment.getTime(), zone)).toISOString().slice(11, 16);
}

/** `days` after a date. */
export function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The coming Saturday, never today. */
export function nextSaturday(today: string): string {
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  return dateAfter(today, ((6 - weekday + 6) % 7) + 1);
}
