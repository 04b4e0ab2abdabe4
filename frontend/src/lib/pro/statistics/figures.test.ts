import { describe, expect, it } from 'vitest';
import type { Mission } from '../api';
import { acceptanceRate, asCsv, byMonth } from './figures';

const mission = (known: Partial<Mission>): Mission =>
  ({ money: { transferred: 0 }, end: '2026-11-02T11:00:00Z', ...known }) as Mission;

const missions = [
  mission({
    state: 'validated',
    requested_at: '2026-10-29T05:00:00Z',
    accepted_at: '2026-10-29T06:30:00Z',
    validated_at: '2026-11-03T09:00:00Z',
    money: { captured: 21_056, transferred: 18_800, commission: 2256, refunded: 0, held: 0, to_recover: 0 },
  }),
  mission({ state: 'expired', requested_at: '2026-10-31T23:30:00Z' }),
];

describe('figures of a professional', () => {
  const months = byMonth(missions, '2026-11', 2);

  it('count a request in the month it came in by clocks in Paris, and money in the month it was earned', () => {
    expect(months).toEqual([
      { month: '2026-10', requests: 1, accepted: 1, refused: 0, expired: 0, revenue: 0, answerMinutes: 90 },
      {
        month: '2026-11',
        requests: 1,
        accepted: 0,
        refused: 0,
        expired: 1,
        revenue: 18_800,
        answerMinutes: undefined,
      },
    ]);
  });

  it('say which part was accepted, and nothing of nothing', () => {
    expect(acceptanceRate(months)).toBe(0.5);
    expect(acceptanceRate([])).toBeUndefined();
  });

  it('open in a French spreadsheet', () => {
    expect(asCsv(months)).toContain('2026-11;1;0;0;1;188,00;\r\n');
  });
});
