// The words of prices.

import type { components, PriceBreakdown } from '$lib/api/schema';

export type HourClass = components['schemas']['HourClass'];

export type NightHours = components['schemas']['NightHours'];

/** Kinds of hours, in the order in which breakdowns say them. */
export const hourClasses: readonly HourClass[] = [
  'day',
  'night',
  'sunday',
  'sunday_night',
  'holiday',
  'holiday_night',
];

const words: Record<HourClass, string> = {
  day: 'Jour',
  night: 'Nuit',
  sunday: 'Dimanche',
  sunday_night: 'Nuit du dimanche',
  holiday: 'Jour férié',
  holiday_night: 'Nuit de jour férié',
};

export type Rates = { day: number; night: number; sunday: number; holiday: number };

/**
 * What each kind of hours costs, as the server prices it: the surcharges of night and Sunday add up; on a
 * holiday the higher of holiday and night is due.
 */
export function ratesByClass({ day, night, sunday, holiday }: Rates): Record<HourClass, number> {
  return {
    day,
    night,
    sunday,
    sunday_night: sunday + night - day,
    holiday,
    holiday_night: Math.max(holiday, night),
  };
}

export const HOW_RATES_ADD_UP =
  'La nuit d’un dimanche, les majorations de nuit et de dimanche s’ajoutent. Un jour férié, même un dimanche, le tarif férié s’applique ; la nuit, le plus élevé du tarif férié et du tarif de nuit.';

/** An amount with VAT, rounded to the cent as the server does. */
export function withVat(cents: number, basisPoints: number): number {
  return cents + Math.round((cents * basisPoints) / 10_000);
}

/**
 * What each part of a price is with VAT. VAT is counted once, on their sum: the cent that rounding each part
 * leaves over goes to the largest, so that the parts make the total to the cent.
 */
export function partsWithVat(price: PriceBreakdown): {
  lines: number[];
  flat: number;
  travel: number;
  cnaps: number;
} {
  const lines = price.lines.map((line) => line.amount);
  const without = [...lines, price.flat ?? 0, price.travel, price.cnaps_tax];
  const parts = without.map((cents) => withVat(cents, price.vat_rate));
  const sum = (cents: readonly number[]) => cents.reduce((all, one) => all + one, 0);
  const largest = parts.indexOf(Math.max(...parts));
  const over = sum(without) + price.vat - sum(parts);
  const exact = parts.map((cents, rank) => (rank === largest ? cents + over : cents));
  return {
    lines: exact.slice(0, price.lines.length),
    flat: exact.at(-3) ?? 0,
    travel: exact.at(-2) ?? 0,
    cnaps: exact.at(-1) ?? 0,
  };
}

/** A kind of hours, with the nights that a price was counted with. */
export function hourClass(kind: HourClass, night: NightHours | undefined): string {
  if (!night) return words[kind];
  const hours = ` (de ${night.from}\u00a0h à ${night.until}\u00a0h)`;
  return kind.endsWith('night') ? words[kind] + hours : words[kind];
}
