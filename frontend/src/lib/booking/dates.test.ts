import { describe, expect, it } from 'vitest';
import type { OrderQuote } from '$lib/api/schema';
import { askedDates, datesFaults, monthsFrom, noDates, toggled, totalOf, wanted } from './dates';

const order = { start: '19:00', end: '23:30', agents: '1', postal_code: '69002' };

describe('the dates of an order', () => {
  it('are chosen and given up one by one, in their order', () => {
    expect(toggled(['2026-12-11'], '2026-12-04')).toEqual(['2026-12-04', '2026-12-11']);
    expect(toggled(['2026-12-04', '2026-12-11'], '2026-12-04')).toEqual(['2026-12-11']);
  });

  it('are asked for as they were typed, or not at all', () => {
    const listed = { ...noDates(''), on: ['2026-12-04', '2026-12-05'] };
    expect(askedDates('off_1', order, listed, '2026-11-30')).toEqual({
      offer: 'off_1',
      agents: 1,
      postal_code: '69002',
      pattern: { days: 'listed', on: ['2026-12-04', '2026-12-05'], starts: '19:00', ends: '23:30' },
    });
    expect(askedDates('off_1', order, noDates(''), '2026-11-30')).toBeUndefined();
    expect(askedDates('off_1', { ...order, postal_code: '' }, listed, '2026-11-30')).toBeUndefined();
  });

  it('every week need days, a beginning and an end', () => {
    const weekly = { ...noDates(''), way: 'weekly' as const };
    expect(Object.keys(datesFaults(weekly, '2026-11-30'))).toEqual(['weekdays', 'from', 'until']);
    const whole = {
      ...weekly,
      weekdays: ['friday' as const],
      from: '2026-12-04',
      until: '2026-12-26',
    };
    expect(datesFaults(whole, '2026-11-30')).toEqual({});
    expect(datesFaults({ ...whole, until: '2026-12-01' }, '2026-11-30').until).toBe(
      'La fin doit suivre le début.',
    );
    expect(datesFaults(whole, '2026-12-05').from).toBe('Cette date est passée.');
  });

  it('of sixty-one days are too many', () => {
    const days = Array.from({ length: 61 }, (_, number) => `2026-12-${String(number).padStart(3, '0')}`);
    expect(datesFaults({ ...noDates(''), on: days }, '2026-11-30').on).toMatch(/60 dates/);
  });
});

it('a calendar begins on Mondays and ends with the horizon', () => {
  const months = monthsFrom('2026-11-30', 75);
  expect(months.map(({ month }) => month)).toEqual(['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']);
  const december = months[1];
  // The 1st of December 2026 is a Tuesday.
  expect(december?.weeks[0]).toEqual([
    null,
    '2026-12-01',
    '2026-12-02',
    '2026-12-03',
    '2026-12-04',
    '2026-12-05',
    '2026-12-06',
  ]);
  expect(december?.weeks.every((week) => week.length === 7)).toBe(true);
  expect(december?.weeks.flat().filter(Boolean)).toHaveLength(31);
  // Weeks that are over, or too far, are not there.
  expect(months[0]?.weeks).toEqual([['2026-11-30', null, null, null, null, null, null]]);
  expect(months[3]?.weeks.at(-1)?.at(-1)).toBe('2027-02-14');
});

it('only dates that are possible and wanted are counted', () => {
  const date = (start: string, total: number | null) => ({
    start,
    end: start,
    price: total === null ? null : { total },
  });
  const quote = { dates: [date('a', 100), date('b', null), date('c', 300)] } as unknown as OrderQuote;
  expect(totalOf(wanted(quote, []))).toBe(400);
  expect(totalOf(wanted(quote, ['a']))).toBe(300);
});
