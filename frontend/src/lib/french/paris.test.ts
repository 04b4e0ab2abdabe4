import { describe, expect, it } from 'vitest';
import { dateAfter, nextSaturday, parisDate, parisMoment } from './paris';

describe('a moment typed in Paris', () => {
  it.each([
    ['2026-07-14', '20:00', '2026-07-14T18:00:00.000Z', 'summer'],
    ['2026-11-14', '20:00', '2026-11-14T19:00:00.000Z', 'winter'],
    ['2026-10-25', '02:30', '2026-10-25T00:30:00.000Z', 'an hour that comes twice: the first'],
    ['2026-10-25', '06:00', '2026-10-25T05:00:00.000Z', 'the morning after'],
    ['2027-03-28', '02:30', '2027-03-28T01:30:00.000Z', 'an hour that is skipped: 03:30'],
    ['2027-03-28', '06:00', '2027-03-28T04:00:00.000Z', 'the morning after'],
    ['2026-12-31', '00:00', '2026-12-30T23:00:00.000Z', 'midnight'],
  ])('%s %s is %s (%s)', (date, time, instant) => {
    expect(parisMoment(date, time)?.toISOString()).toBe(instant);
  });

  it.each([
    ['', '20:00'],
    ['2026-11-14', ''],
    ['14/11/2026', '20:00'],
    ['2026-13-41', '20:00'],
    ['2026-11-14', '25:00'],
  ])('%o %o is none', (date, time) => {
    expect(parisMoment(date, time)).toBeUndefined();
  });
});

it('a night is nine hours in October and seven in March when clocks change', () => {
  const hours = (evening: string, morning: string) =>
    (Number(parisMoment(morning, '06:00')) - Number(parisMoment(evening, '22:00'))) / 3_600_000;
  expect(hours('2026-10-24', '2026-10-25')).toBe(9);
  expect(hours('2027-03-27', '2027-03-28')).toBe(7);
});

it('dates follow calendars in Paris', () => {
  expect(parisDate(new Date('2026-11-14T23:30:00Z'))).toBe('2026-11-15');
  expect(dateAfter('2026-12-31', 1)).toBe('2027-01-01');
});

it.each([
  ['2026-11-13', '2026-11-14'],
  ['2026-11-14', '2026-11-21'],
  ['2026-11-15', '2026-11-21'],
])('after %s the next Saturday is %s', (today, saturday) => {
  expect(nextSaturday(today)).toBe(saturday);
});
