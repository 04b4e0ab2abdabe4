// What published offers cost: told only when there are enough of them for it to mean something.

import type { SearchResult } from '$lib/api/schema';

/** Fewer offers tell the price of somebody, not of the department. */
export const FEWEST = 5;

export type Range = {
  /** How many offers it is made of. */
  offers: number;
  /** Cents, VAT and fees included, for the whole mission. */
  lowest: number;
  middle: number;
  highest: number;
};

/** The lowest, the median and the highest total; nothing from fewer than five offers. */
export function rangeOf(found: readonly Pick<SearchResult, 'total'>[]): Range | undefined {
  if (found.length < FEWEST) return undefined;
  const totals = found.map(({ total }) => total).sort((one, other) => one - other);
  const half = totals.length / 2;
  const at = (rank: number) => totals[rank] ?? 0;
  const middle = totals.length % 2 === 1 ? at(Math.floor(half)) : Math.round((at(half - 1) + at(half)) / 2);
  return { offers: totals.length, lowest: at(0), middle, highest: at(totals.length - 1) };
}

/** The first such weekday (0 is Sunday) at least ten days after a date, both as "2026-12-05". */
export function usualDay(today: string, weekday: number): string {
  const from = Date.parse(`${today}T00:00:00Z`) + 10 * 86_400_000;
  const ahead = (weekday - new Date(from).getUTCDay() + 7) % 7;
  return new Date(from + ahead * 86_400_000).toISOString().slice(0, 10);
}
