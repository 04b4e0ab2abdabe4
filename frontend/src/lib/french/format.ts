// How amounts, moments and durations are written: French, Paris time.

const PARIS = 'Europe/Paris';

const euroFormat = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const dayFormat = new Intl.DateTimeFormat('fr-FR', {
  timeZone: PARIS,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const dayOfYearFormat = new Intl.DateTimeFormat('fr-FR', {
  timeZone: PARIS,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const dateFormat = new Intl.DateTimeFormat('fr-FR', { timeZone: PARIS, dateStyle: 'long' });
const clockFormat = new Intl.DateTimeFormat('fr-FR', {
  timeZone: PARIS,
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h23',
});
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
export function day(moment: Date): string {
  return ordinal(dayFormat.format(moment));
}

/** "samedi 14 novembre", where the year is known. */
export function dayOfYear(moment: Date): string {
  return ordinal(dayOfYearFormat.format(moment));
}

/** "14 novembre 2026", where the day of the week says nothing. */
export function date(moment: Date): string {
  return ordinal(dateFormat.format(moment));
}

/** "20 h 00". */
export function clock(moment: Date): string {
  const parts = clockFormat.formatToParts(moment);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${Number(of('hour'))}\u00a0h\u00a0${of('minute')}`;
}

/** "samedi 14 novembre 2026 à 20 h 00". */
export function dayAndClock(moment: Date): string {
  return `${day(moment)} à ${clock(moment)}`;
}

/** "du samedi 14 novembre 2026 à 20 h 00 au dimanche 15 novembre 2026 à 4 h 00", shorter on one day. */
export function span(start: Date, end: Date): string {
  return day(start) === day(end)
    ? `${day(start)} de ${clock(start)} à ${clock(end)}`
    : `du ${dayAndClock(start)} au ${dayAndClock(end)}`;
}

/** Minutes as "8 h" or "7 h 30". */
export function duration(minutes: number): string {
  const rest = minutes % 60;
  const hours = `${Math.trunc(minutes / 60)}\u00a0h`;
  return rest === 0 ? hours : `${hours}\u00a0${String(rest).padStart(2, '0')}`;
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
