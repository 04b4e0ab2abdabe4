import type { OpeningCalendar } from '$lib/api/schema';
import { describe, expect, it } from 'vitest';
import { mondayOf, monthOf } from './dates';
import { isClosedOn, openOn, openSentence, partOn, withDay } from './week';

// 2026-12-18 is a Friday.
const nights: OpeningCalendar = {
  weekly: [
    { weekday: 'friday', opens: '18:00', closes: '06:00' },
    { weekday: 'saturday', opens: '18:00', closes: '06:00' },
  ],
  exceptions: [{ from: '2026-12-24', to: '2026-12-26', kind: { type: 'closed' } }],
};

describe('opening hours that cross midnight', () => {
  it('fill the evening of a day and the morning of the next', () => {
    expect(openOn(nights, '2026-12-18')).toEqual([{ from: 1080, to: 1440 }]);
    expect(openOn(nights, '2026-12-19')).toEqual([
      { from: 0, to: 360 },
      { from: 1080, to: 1440 },
    ]);
    expect(openOn(nights, '2026-12-20')).toEqual([{ from: 0, to: 360 }]);
    expect(openOn(nights, '2026-12-21')).toEqual([]);
  });

  it('stop on a closed day, and go on in the morning after it', () => {
    expect(openOn(nights, '2026-12-25')).toEqual([]);
    expect(openOn(nights, '2026-12-27')).toEqual([{ from: 0, to: 360 }]);
  });

  it('the same hour twice is 24 hours', () => {
    const always = {
      weekly: [{ weekday: 'monday' as const, opens: '06:00', closes: '06:00' }],
      exceptions: [],
    };
    expect(openSentence(always, '2026-12-21')).toBe('Ouvert de 6\u00a0h à minuit');
    expect(openSentence(nights, '2026-12-25')).toMatch(/exception/);
  });
});

describe('a closed day', () => {
  const closed = (from: string, to: string) => ({ from, to, kind: { type: 'closed' as const } });
  const open = (from: string, to: string, opens: string, closes: string) => ({
    from,
    to,
    kind: { type: 'open' as const, opens, closes },
  });
  const always: OpeningCalendar = {
    weekly: [{ weekday: 'friday', opens: '00:00', closes: '23:59' }],
  };

  it.each([
    [
      'of a closed week, a morning',
      [closed('2026-12-14', '2026-12-20'), open('2026-12-18', '2026-12-18', '10:00', '12:00')],
      [{ from: 600, to: 720 }],
    ],
    [
      'of a closed day, a morning',
      [open('2026-12-18', '2026-12-18', '10:00', '12:00'), closed('2026-12-18', '2026-12-18')],
      [{ from: 600, to: 720 }],
    ],
    [
      'of a longer season, a day',
      [open('2026-12-01', '2026-12-31', '10:00', '12:00'), closed('2026-12-18', '2026-12-18')],
      [],
    ],
  ])('%s', (_, exceptions, bands) => {
    expect(openOn({ ...always, exceptions }, '2026-12-18')).toEqual(bands);
  });

  it('that closes at 23:59 is open until midnight', () => {
    expect(openSentence(always, '2026-12-18')).toBe('Ouvert jour et nuit');
  });
});

describe('one day', () => {
  it('is taken out of a longer exception and given its own', () => {
    const opened = withDay(nights, '2026-12-25', [
      { from: '2026-12-25', to: '2026-12-25', kind: { type: 'open', opens: '20:00', closes: '23:00' } },
    ]);
    expect(isClosedOn(opened, '2026-12-24')).toBe(true);
    expect(isClosedOn(opened, '2026-12-26')).toBe(true);
    // Friday's own night is back too.
    expect(openOn(opened, '2026-12-25')).toEqual([{ from: 1080, to: 1440 }]);
  });
});

describe('weeks and months', () => {
  it('begin on Monday', () => {
    expect(mondayOf('2026-12-20')).toBe('2026-12-14');
    const month = monthOf('2026-12-18');
    expect(month[0]?.[0]).toBe('2026-11-30');
    expect(month.at(-1)?.at(-1)).toBe('2027-01-03');
  });

  it('a mission takes its part of each day, by clocks in Paris', () => {
    const mission = { start: '2026-12-18T19:00:00Z', end: '2026-12-19T03:00:00Z' };
    expect(partOn('2026-12-18', mission)).toEqual({ from: 1200, to: 1440 });
    expect(partOn('2026-12-19', mission)).toEqual({ from: 0, to: 240 });
    expect(partOn('2026-12-20', mission)).toBeUndefined();
    const zone = { name: 'America/Martinique', label: 'heure de la Martinique' };
    expect(partOn('2026-12-18', { ...mission, zone })).toEqual({ from: 900, to: 1380 });
    expect(partOn('2026-12-19', { ...mission, zone })).toBeUndefined();
  });
});
