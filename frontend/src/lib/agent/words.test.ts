import { describe, expect, it } from 'vitest';
import type { OwnShift } from '$lib/api/schema';
import { current, routeTo } from './words';

const shift = (booking: string, start: number, more: Partial<OwnShift> = {}) =>
  ({
    booking,
    start: new Date(start * 3_600_000).toISOString(),
    end: new Date((start + 8) * 3_600_000).toISOString(),
    check_in_from: new Date((start - 0.5) * 3_600_000).toISOString(),
    arrived: null,
    report: null,
    rest_until: null,
    address: '12 rue de la République',
    postal_code: '69002',
    town: 'Lyon',
    ...more,
  }) as unknown as OwnShift;

describe('the shift of the moment', () => {
  const arrived = { arrived: { at: '' } } as unknown as Partial<OwnShift>;
  const done = {
    ...arrived,
    report: { text: 'Calme.' },
    rest_until: new Date(29 * 3_600_000).toISOString(),
  } as unknown as Partial<OwnShift>;
  it.each([
    ['the next one', 1, [shift('a', 10), shift('b', 40)], 'a'],
    ['the one that goes on', 12, [shift('a', 10), shift('b', 40)], 'a'],
    ['the next, when nobody came to the first', 19, [shift('a', 10), shift('b', 40)], 'b'],
    ['the one that is over and not reported', 19, [shift('a', 10, arrived), shift('b', 40)], 'a'],
    ['the one that was reported, while the agent rests', 19, [shift('a', 10, done), shift('b', 40)], 'a'],
    ['the next, after the rest', 30, [shift('a', 10, done), shift('b', 40)], 'b'],
    ['none', 19, [shift('a', 10)], undefined],
  ])('is %s', (_, hour, shifts, expected) => {
    expect(current(shifts, hour * 3_600_000)?.booking).toBe(expected);
  });
});

describe('the route', () => {
  it.each([
    ['Mozilla/5.0 (Linux; Android 16)', 'geo:0,0?q=12%20rue'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 19)', 'https://maps.apple.com/?daddr=12%20rue'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'https://www.openstreetmap.org/search?query=12%20rue'],
  ])('opens the maps of %s', (system, begins) => {
    expect(routeTo(shift('a', 10), system).startsWith(begins)).toBe(true);
  });
});
