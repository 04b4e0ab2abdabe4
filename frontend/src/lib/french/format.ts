// How amounts, moments and durations are written: French, Paris time unless a place has its own.

/** Whose clocks are meant: the name that programs know and the one that people read. */
export type Zone = { name: string; label: string };

export const PARIS: Zone = { name: 'Europe/Paris', label: 'heure de Paris' };
/** Hours as they were typed, before it is known at which place. */
export const AS_TYPED: Zone = { name: 'UTC', label: '' };

const euroFormat = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
/** A format in each zone, made once. */
function inZone(options: Intl.DateTimeFormatOptions): (zone: Zone) => Intl.DateTimeFormat {
  const made = new Map<string, Intl.DateTimeFormat>();
  return ({ name }) => {
    const format = made.get(name) ?? new Intl.DateTimeFormat('fr-FR', { timeZone: name, ...options });
    made.set(name, format);
    return format;
  };
}

const dayFormat = inZone({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const dayOfYearFormat = inZone({ weekday: 'long', day: 'numeric', month: 'long' });
const dateFormat = inZone({ dateStyle: 'long' });
const clockFormat = inZone({ hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
const ratingFormat = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Cents as "1 234,56 €", with spaces that do not break. */
export function euros(cents: number): string {
  return euroFormat.format(cents / 100);
}

/** Hundredths of a percent as "12 %" or "8,5 %". */
export function percent(basisPoints: number): string {
  return `${(basisPoints / 100).toLocaleString('fr-FR')}\u00a0%`;
}

/** The first of a month is an ordinal in French, which the browser does not know; a day stays with its month. */
const ordinal = (written: string) =>
  written.replace(/\b1(?=\s)/, '1er').replace(/(\d(?:er)?)\s(?=\p{L})/u, '$1\u00a0');

/** "samedi 14 novembre 2026". */
export function day(moment: Date, zone = PARIS): string {
  return ordinal(dayFormat(zone).format(moment));
}

/** "samedi 14 novembre", where the year is known. */
export function dayOfYear(moment: Date): string {
  return ordinal(dayOfYearFormat(PARIS).format(moment));
}

/** "14 novembre 2026", where the day of the week says nothing. */
export function date(moment: Date, zone = PARIS): string {
  return ordinal(dateFormat(zone).format(moment));
}

/** A day as the API writes it ("2027-06-30") as "30 juin 2027". */
export function frenchDate(day: string): string {
  return date(new Date(`${day}T12:00:00Z`), AS_TYPED);
}

/** "20 h", "20 h 30": a full hour needs no minutes. */
export function clock(moment: Date, zone = PARIS): string {
  const parts = clockFormat(zone).formatToParts(moment);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return hoursAndMinutes(Number(of('hour')), Number(of('minute')));
}

/** " (heure de La Réunion)"; nothing in Paris, whose time readers expect. */
const named = ({ name, label }: Zone) => (name === PARIS.name || label === '' ? '' : ` (${label})`);

const unnamed = (moment: Date, zone: Zone) => `${day(moment, zone)} à ${clock(moment, zone)}`;

/** "samedi 14 novembre 2026 à 20 h", with the name of the zone where it is not Paris. */
export function dayAndClock(moment: Date, zone = PARIS): string {
  return unnamed(moment, zone) + named(zone);
}

/**
 * "du samedi 14 novembre 2026 à 20 h au dimanche 15 novembre 2026 à 4 h", shorter on one day, with
 * the name of the zone where it is not Paris.
 */
export function span(start: Date, end: Date, zone = PARIS): string {
  const written =
    day(start, zone) === day(end, zone)
      ? `${day(start, zone)} de ${clock(start, zone)} à ${clock(end, zone)}`
      : `du ${unnamed(start, zone)} au ${unnamed(end, zone)}`;
  return written + named(zone);
}

/** What a mission is told with: its span by the clocks of its place. */
export function missionSpan({ start, end, zone }: { start: string; end: string; zone: Zone }): string {
  return span(new Date(start), new Date(end), zone);
}

/** "8 h" or "7 h 30". */
export function hoursAndMinutes(hours: number, minutes: number): string {
  return minutes === 0 ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${String(minutes).padStart(2, '0')}`;
}

/** Minutes as "8 h", "7 h 30" or "45 min". */
export function duration(minutes: number): string {
  return minutes < 60 ? `${minutes}\u00a0min` : hoursAndMinutes(Math.trunc(minutes / 60), minutes % 60);
}

/** A French number as people write it: "06 12 34 56 78". */
export function phoneNumber(number: string): string {
  return number.replace(/^\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '0$1\u00a0$2\u00a0$3\u00a0$4\u00a0$5');
}

/** A SIREN as people write it: "910 000 017". */
export function siren(number: string): string {
  return number.replace(/\B(?=(?:\d{3})+$)/g, '\u00a0');
}

/** A mean of 4.25 as "4,3". */
export function rating(mean: number): string {
  return ratingFormat.format(mean);
}

/** "1 agent", "3 agents". */
export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('fr-FR')}\u00a0${number < 2 ? one : many}`;
}

/** Bytes as "12 Ko" or "1,4 Mo". */
export function fileSize(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000)).toLocaleString('fr-FR')}\u00a0Ko`
    : `${(bytes / 1_000_000).toLocaleString('fr-FR', { maximumFractionDigits: 1 })}\u00a0Mo`;
}
