import type { PriceBreakdown } from '$lib/api/schema';
import { expect, it } from 'vitest';
import { partsWithVat, ratesByClass, withVat } from './prices';

it('surcharges add up as in a quote', () => {
  expect(ratesByClass({ day: 2500, night: 2750, sunday: 2800, holiday: 5000 })).toEqual({
    day: 2500,
    night: 2750,
    sunday: 2800,
    sunday_night: 3050,
    holiday: 5000,
    holiday_night: 5000,
  });
  // A holiday's night is never cheaper than a night.
  expect(ratesByClass({ day: 2500, night: 2750, sunday: 2800, holiday: 2600 }).holiday_night).toBe(2750);
});

it('an hour is told with its VAT, to the cent', () => {
  expect([withVat(2500, 2000), withVat(2755, 850), withVat(2500, 0)]).toEqual([3000, 2989, 2500]);
});

/** A price of these amounts, with VAT counted on their sum as the server does. */
function priced(amounts: number[], travel: number, rate: number): PriceBreakdown {
  const subtotal = amounts.reduce((all, one) => all + one, 0) + travel;
  const vat = Math.round((subtotal * rate) / 10_000);
  const lines = amounts.map((amount) => ({
    class: 'day' as const,
    agents: 1,
    minutes: 60,
    hourly_rate: amount,
    amount,
  }));
  return {
    lines,
    travel,
    vat,
    vat_rate: rate,
    cnaps_tax: 0,
    cnaps_tax_rate: 0,
    commission: 0,
    commission_excluding_tax: 0,
    commission_vat: 0,
    subtotal_excluding_tax: subtotal,
    professional_total: subtotal + vat,
    total: subtotal + vat,
  };
}

it('parts with VAT make what the professional invoices, to the cent', () => {
  expect(partsWithVat(priced([20_800], 1500, 2000))).toEqual({
    lines: [24_960],
    flat: 0,
    travel: 1800,
    cnaps: 0,
  });
  // A total that was named freely in a quote.
  const named = { ...priced([], 40_000, 2000), travel: 0, flat: 40_000 };
  expect(partsWithVat(named)).toEqual({ lines: [], flat: 48_000, travel: 0, cnaps: 0 });
  // Each of these rounds up by itself: two cents too many, taken from the largest.
  expect(partsWithVat(priced([103, 1003, 53], 3, 2000)).lines).toEqual([124, 1202, 64]);
  let seed = 7;
  const chance = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
  for (let round = 0; round < 2000; round += 1) {
    const amounts = Array.from({ length: 1 + chance(6) }, () => chance(90_000));
    const price = priced(amounts, chance(5000), [0, 850, 2000][chance(3)] ?? 0);
    const { lines, travel, cnaps } = partsWithVat(price);
    expect(lines.reduce((all, one) => all + one, travel + cnaps)).toBe(price.professional_total);
    expect(Math.min(...lines, travel)).toBeGreaterThanOrEqual(0);
  }
});
