import { describe, expect, it } from 'vitest';
import { askedTerms, termsFaults, typedTerms } from './modification';
import type { Booking } from '$lib/api/views';

describe('what is typed to change a mission', () => {
  it('begins as the mission is, by the clocks of its place', () => {
    const zone = { name: 'Indian/Reunion', label: 'heure de La Réunion' };
    const booking = { start: '2026-12-12T16:00:00Z', end: '2026-12-12T22:30:00Z', zone, agents: 2 };
    expect(typedTerms(booking as Booking)).toEqual({
      date: '2026-12-12',
      start: '20:00',
      end: '02:30',
      agents: '2',
    });
  });

  it('ends on the next day when it ends at or before the time it starts', () => {
    const night = { date: '2026-12-31', start: '20:00', end: '06:00', agents: '1' };
    expect(askedTerms(night)).toEqual({ start: '2026-12-31T20:00', end: '2027-01-01T06:00', agents: 1 });
    expect(askedTerms({ ...night, end: '23:00' }).end).toBe('2026-12-31T23:00');
    expect(askedTerms({ ...night, end: '20:00' }).end).toBe('2027-01-01T20:00');
  });

  it('names each field that is not filled in', () => {
    const faults = termsFaults({ date: '', start: '', end: '8', agents: '21' });
    expect(Object.keys(faults)).toEqual(['date', 'start', 'end', 'agents']);
    expect(termsFaults({ date: '2026-12-31', start: '20:00', end: '06:00', agents: '20' })).toEqual({});
  });
});
