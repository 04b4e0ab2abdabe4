import type { PlannedShift, Planning } from '$lib/api/schema';
import { describe, expect, it } from 'vitest';
import { daysOfMonth } from '../calendar/dates';
import { daysShown, hoursOf, lookOf, pageOf, rowsOf, toAnswer, toGive } from './planning';

const PARIS = { name: 'Europe/Paris', label: 'heure de Paris' };

function shift(booking: string, start: string, end: string, more: Partial<PlannedShift> = {}): PlannedShift {
  return {
    booking,
    order: null,
    start,
    end,
    state: 'accepted',
    activity: 'human_surveillance',
    town: 'Marseille',
    zone: PARIS,
    rest_before: null,
    movable: true,
    broken: [],
    ...more,
  };
}

// 2026-11-30 is a Monday.
const planning: Planning = {
  monday: '2026-11-30',
  most_minutes_a_week: 2880,
  absences: [{ agent: 'a', kind: 'illness', from: '2026-12-02', to: '2026-12-03' }],
  agents: [
    {
      agent: 'a',
      name: 'Ana Roux',
      departed: false,
      minutes_by_week: [960],
      shifts: [
        // From Sunday evening on, and one that is not hers any more.
        shift('one', '2026-11-29T19:00:00Z', '2026-11-30T03:00:00Z', { movable: false, state: 'completed' }),
        shift('two', '2026-12-02T09:00:00Z', '2026-12-02T17:00:00Z', { broken: ['absence'] }),
      ],
    },
    {
      agent: 'b',
      name: 'Bruno Petit',
      departed: false,
      minutes_by_week: [480],
      shifts: [
        shift('three', '2026-12-01T19:00:00Z', '2026-12-02T03:00:00Z', {
          state: 'requested',
          movable: false,
        }),
        shift('four', '2026-12-01T09:00:00Z', '2026-12-01T10:00:00Z', { broken: ['carte'] }),
      ],
    },
  ],
};

describe('a planning', () => {
  const rows = rowsOf(planning, daysShown(planning, undefined));

  it('puts a night on the day on which it begins, and what began before the week on its first day', () => {
    const at = (row: number, date: string) =>
      rows[row]?.days.find((one) => one.date === date)?.shifts.map((one) => one.shift.booking);
    expect(at(0, '2026-11-30')).toEqual(['one']);
    expect(at(1, '2026-12-01')).toEqual(['three', 'four']);
    expect(at(1, '2026-12-02')).toEqual([]);
  });

  it('draws absences on each of their days', () => {
    const away = rows[0]?.days.filter((one) => one.absence).map((one) => one.date);
    expect(away).toEqual(['2026-12-02', '2026-12-03']);
    expect(rows[1]?.days.some((one) => one.absence)).toBe(false);
  });

  it('says first what is to be given to somebody else, the nearest first, then what waits for an answer', () => {
    expect(toGive(rows).map((one) => one.shift.booking)).toEqual(['four', 'two']);
    expect(toAnswer(rows).map(({ first, names }) => [first.shift.booking, names])).toEqual([
      ['three', ['Bruno Petit']],
    ]);
  });

  it('says an order of several dates once, with each who is kept free for some of them', () => {
    const nights = (days: number[]) =>
      days.map((day) =>
        shift(`n${day}`, `2026-12-0${day}T19:00:00Z`, `2026-12-0${day + 1}T03:00:00Z`, {
          state: 'requested',
          order: 'weekend',
        }),
      );
    const agents = planning.agents.map((agent, at) => ({
      ...agent,
      shifts: nights(at === 0 ? [2, 3] : [4]),
    }));
    const both = rowsOf({ ...planning, agents }, daysShown(planning, undefined));
    expect(toAnswer(both).map(({ first, names }) => [first.shift.booking, names])).toEqual([
      ['n2', ['Ana Roux', 'Bruno Petit']],
    ]);
  });

  it('shows the days of a month and no others', () => {
    const days = daysOfMonth('2026-02-11');
    expect([days.length, days[0], days.at(-1)]).toEqual([28, '2026-02-01', '2026-02-28']);
    // What ended in November is not December’s.
    const december = rowsOf(planning, daysOfMonth('2026-12-01'));
    expect(december[0]?.days.flatMap((one) => one.shifts).map((one) => one.shift.booking)).toEqual(['two']);
  });

  it('tells hours by the clocks of the place', () => {
    const there = shift('five', '2026-12-01T16:00:00Z', '2026-12-01T20:30:00Z', {
      zone: { name: 'Indian/Reunion', label: 'heure de La Réunion' },
    });
    expect(hoursOf(there)).toBe('20\u00a0h – 0\u00a0h\u00a030');
  });

  it('leads where something can be done', () => {
    expect(pageOf(shift('x', '', '', { state: 'awaiting_payment' }))).toBeUndefined();
    expect(pageOf(shift('x', '', '', { state: 'requested' }))).toBe('/pro/demandes/x');
    expect(pageOf(shift('x', '', '', { state: 'requested', order: 'o' }))).toBe('/pro/dates/o');
    expect(pageOf(shift('x', '', ''))).toBe('/pro/commandes/x');
    expect(lookOf(shift('x', '', '', { movable: false, state: 'validated' }))).toBe('done');
  });
});
