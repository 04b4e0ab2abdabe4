// The dates of an order while they are chosen: one by one on a calendar, or every week.

import type { AskedMissions, DayOfWeek, OrderQuote, SeveralMissions } from '$lib/api/schema';
import { contactOf, contextOf, type TypedOrder } from '$lib/booking/order';
import { AS_TYPED, clock, day, type Zone } from '$lib/french/format';
import { dateAfter } from '$lib/french/paris';

/** The most dates of one order, and how far ahead they may be. */
export const MOST_DATES = 60;
export const HORIZON_DAYS = 75;

/** What was typed of an order of several dates, and the dates of an offer from one on. */
export const SEVERAL_DRAFT = 'commande-dates';
export const datesDraft = (offer: string, first: string) => `dates:${offer}:${first}`;

export type TypedDates = {
  way: 'listed' | 'weekly';
  /** Chosen on the calendar. */
  on: string[];
  weekdays: DayOfWeek[];
  from: string;
  until: string;
  /** Starts of dates that were found and are not wanted. */
  without: string[];
};

export const weekdays: { value: DayOfWeek; label: string; short: string }[] = [
  { value: 'monday', label: 'lundi', short: 'lun.' },
  { value: 'tuesday', label: 'mardi', short: 'mar.' },
  { value: 'wednesday', label: 'mercredi', short: 'mer.' },
  { value: 'thursday', label: 'jeudi', short: 'jeu.' },
  { value: 'friday', label: 'vendredi', short: 'ven.' },
  { value: 'saturday', label: 'samedi', short: 'sam.' },
  { value: 'sunday', label: 'dimanche', short: 'dim.' },
];

export const noDates = (first: string): TypedDates => ({
  way: 'listed',
  on: first === '' ? [] : [first],
  weekdays: [],
  from: first,
  until: '',
  without: [],
});

/** Chooses a day, or gives it up. */
export function toggled(days: readonly string[], one: string): string[] {
  return days.includes(one) ? days.filter((other) => other !== one) : [...days, one].sort();
}

/**
 * The months of a calendar from a day on, each with its weeks from Monday to Sunday; `null` is no day.
 * Weeks in which nothing can be chosen are left out.
 */
export function monthsFrom(first: string, days: number): { month: string; weeks: (string | null)[][] }[] {
  const last = dateAfter(first, days);
  const months: { month: string; weeks: (string | null)[][] }[] = [];
  for (let one = first.slice(0, 8) + '01'; one <= last; one = nextMonth(one)) {
    const weeks: (string | null)[][] = [];
    let week: (string | null)[] = new Array<null>(mondayIndex(one)).fill(null);
    for (let date = one; date.slice(0, 7) === one.slice(0, 7); date = dateAfter(date, 1)) {
      week.push(date);
      if (week.length === 7) {
        weeks.push(week);
        week = [];
      }
    }
    if (week.length > 0) weeks.push([...week, ...new Array<null>(7 - week.length).fill(null)]);
    const within = (date: string | null) => date !== null && date >= first && date <= last;
    months.push({ month: one, weeks: weeks.filter((week) => week.some(within)) });
  }
  return months;
}

const mondayIndex = (date: string) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

const nextMonth = (first: string) => dateAfter(first, 32).slice(0, 8) + '01';

/** "décembre 2026". */
export const monthName = (first: string) =>
  new Intl.DateTimeFormat('fr-FR', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${first}T00:00:00Z`),
  );

/** "vendredi 4 décembre 2026", of a day of the calendar. */
export const dayName = (date: string) => day(new Date(`${date}T00:00:00Z`), AS_TYPED);

/** "4" or "1er": what a day's name says too, as whoever speaks to the page expects. */
export const dayNumber = (date: string) => (date.endsWith('-01') ? '1er' : String(Number(date.slice(8))));

/** "vendredi 4 décembre 2026, de 19 h à 23 h 30". */
export const dateLine = (start: string, end: string, zone: Zone) =>
  `${day(new Date(start), zone)}, de ${clock(new Date(start), zone)} à ${clock(new Date(end), zone)}`;

export type DateFaults = Partial<Record<'on' | 'weekdays' | 'from' | 'until', string>>;

/** What keeps dates from being priced. */
export function datesFaults(typed: TypedDates, today: string): DateFaults {
  if (typed.way === 'listed') {
    if (typed.on.length === 0) return { on: 'Choisissez au moins une date.' };
    if (typed.on.length > MOST_DATES) return { on: `Une commande compte ${MOST_DATES} dates au plus.` };
    return {};
  }
  const faults: DateFaults = {};
  if (typed.weekdays.length === 0) faults.weekdays = 'Choisissez au moins un jour de la semaine.';
  if (typed.from === '') faults.from = 'Indiquez à partir de quand.';
  else if (typed.from < today) faults.from = 'Cette date est passée.';
  if (typed.until === '') faults.until = 'Indiquez jusqu’à quand.';
  else if (typed.until < typed.from) faults.until = 'La fin doit suivre le début.';
  return faults;
}

/** What is asked of the server; nothing while it is not whole. */
export function askedDates(
  offer: string,
  order: Pick<TypedOrder, 'start' | 'end' | 'agents' | 'postal_code'>,
  dates: TypedDates,
  today: string,
): AskedMissions | undefined {
  const whole =
    Object.keys(datesFaults(dates, today)).length === 0 &&
    /^\d{2}:\d{2}$/.test(order.start) &&
    /^\d{2}:\d{2}$/.test(order.end) &&
    /^\d{5}$/.test(order.postal_code.trim()) &&
    Number(order.agents) >= 1;
  if (!whole) return undefined;
  const hours = { starts: order.start, ends: order.end };
  const pattern =
    dates.way === 'listed'
      ? { days: 'listed' as const, on: dates.on, ...hours }
      : {
          days: 'weekly' as const,
          weekdays: dates.weekdays,
          from: dates.from,
          until: dates.until,
          ...hours,
        };
  return { offer, agents: Number(order.agents), postal_code: order.postal_code.trim(), pattern };
}

/** The dates of a quote that are ordered: possible, and wanted. */
export const wanted = (quote: OrderQuote, without: readonly string[]) =>
  quote.dates.filter(({ price, start }) => price && !without.includes(start));

/** What the dates that are ordered cost together. */
export const totalOf = (dates: OrderQuote['dates']) =>
  dates.reduce((sum, { price }) => sum + (price?.total ?? 0), 0);

/** What is sent, for the total and under the conditions of the quote that was shown. */
export function severalOf(
  typed: TypedOrder,
  asked: AskedMissions,
  quote: OrderQuote,
  without: readonly string[],
  consumer: boolean,
): SeveralMissions {
  const dates = wanted(quote, without);
  return {
    asked: {
      offer: asked.offer,
      agents: asked.agents,
      postal_code: asked.postal_code,
      missions: dates.map(({ start, end }) => ({ start, end })),
    },
    address: typed.address.trim(),
    town: typed.town.trim(),
    context: contextOf(typed),
    contact: contactOf(typed),
    expected_total: totalOf(dates),
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: consumer,
    early_start_requested: typed.early_start,
    loss_of_withdrawal_acknowledged: typed.loss,
  };
}
