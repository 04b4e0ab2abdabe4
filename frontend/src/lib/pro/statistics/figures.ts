// A professional's figures as the API counts them, written for people and for spreadsheets.

import type { FiguresView, Statistics } from '$lib/api/schema';

export type Figures = FiguresView;

/** The month `count` months after one such as `2026-11`. */
export function monthAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

/** The most months that the API counts at once. */
export const MOST_MONTHS = 24;

/** The months that may be chosen, the last one first. */
export const monthsUntil = (last: string, count: number): string[] =>
  Array.from({ length: count }, (_, rank) => monthAfter(last, -rank));

const isMonth = (text: string | null): text is string =>
  text !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

export type Period = { from: string; to: string };

/** The period that an address names, if it names one; which it is without one is the server's to say. */
export function periodNamed(from: string | null, to: string | null): Period | undefined {
  return isMonth(from) && isMonth(to) && from <= to ? countable({ from, to }, to) : undefined;
}

/** A period that can be counted, of two months of which `chosen` stays. */
export function countable({ from, to }: Period, chosen: string): Period {
  const reach = MOST_MONTHS - 1;
  if (from > to) return { from: chosen, to: chosen };
  if (from >= monthAfter(to, -reach)) return { from, to };
  return chosen === from ? { from, to: monthAfter(from, reach) } : { from: monthAfter(to, -reach), to };
}

/** The period of some figures. */
export function periodOf({ months }: Statistics): Period {
  return { from: months.at(0)?.month ?? '', to: months.at(-1)?.month ?? '' };
}

const decimal = (value: number, places: number) => value.toFixed(places).replace('.', ',');

/** For a spreadsheet in French: semicolons, decimal commas, and the mark that says UTF-8. */
export function asCsv(statistics: Statistics): string {
  const head =
    'Mois;Vues de la page;Demandes;Acceptées;Refusées;Expirées;Taux d’acceptation (%);Délai moyen de réponse (min);Annulations;Missions;Heures d’agents;Versé (€);Avis;Note moyenne';
  const lines = statistics.months.map(({ month, figures }) =>
    [
      month,
      figures.views,
      figures.requests,
      figures.accepted,
      figures.refused,
      figures.expired,
      figures.acceptance_percent ?? '',
      figures.answer_minutes ?? '',
      figures.cancellations,
      figures.missions,
      decimal(figures.agent_minutes / 60, 2),
      decimal(figures.revenue / 100, 2),
      figures.ratings,
      figures.rating_tenths == null ? '' : decimal(figures.rating_tenths / 10, 1),
    ].join(';'),
  );
  return `\uFEFF${[head, ...lines].join('\r\n')}\r\n`;
}
