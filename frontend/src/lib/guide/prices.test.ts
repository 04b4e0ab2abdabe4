import { expect, test } from 'vitest';
import { activities } from '$lib/search/activities';
import { rangeOf, usualDay } from './prices';
import { situations } from './situations';

const offers = (...totals: number[]) => totals.map((total) => ({ total }));

test('prices are told from five offers on, never from four', () => {
  expect(rangeOf(offers(10_000, 20_000, 30_000, 40_000))).toBeUndefined();
  expect(rangeOf(offers(50_000, 10_000, 30_000, 20_000, 40_000))).toEqual({
    offers: 5,
    lowest: 10_000,
    middle: 30_000,
    highest: 50_000,
  });
  expect(rangeOf(offers(1, 2, 3, 4, 5, 100))?.middle).toBe(4);
});

test('a usual day is a good week away', () => {
  // Monday 30 November 2026: ten days later is a Thursday.
  expect(usualDay('2026-11-30', 4)).toBe('2026-12-10');
  expect(usualDay('2026-11-30', 6)).toBe('2026-12-12');
  expect(usualDay('2026-11-30', 3)).toBe('2026-12-16');
});

test('every situation can be searched, and each address is its own', () => {
  const codes: readonly string[] = activities.map(({ code }) => code);
  for (const { activity, usual } of situations) {
    expect(codes).toContain(activity);
    expect(usual.start).toMatch(/^\d\d:00$/);
  }
  expect(new Set(situations.map(({ slug }) => slug)).size).toBe(situations.length);
});
