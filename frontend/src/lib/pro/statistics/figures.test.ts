import { describe, expect, it } from 'vitest';
import type { FiguresView } from '$lib/api/schema';
import { asCsv, countable, monthAfter, monthsUntil, periodNamed } from './figures';

const figures: FiguresView = {
  views: 41,
  requests: 3,
  accepted: 2,
  refused: 0,
  expired: 1,
  acceptance_percent: 67,
  answer_minutes: 90,
  cancellations: 0,
  missions: 1,
  agent_minutes: 450,
  revenue: 18_800,
  ratings: 1,
  rating_tenths: 46,
};

describe('figures of a professional', () => {
  it('are chosen by month, over the turn of the year', () => {
    expect(monthAfter('2026-11', 2)).toBe('2027-01');
    expect(monthsUntil('2026-01', 3)).toEqual(['2026-01', '2025-12', '2025-11']);
  });

  it.each([
    [null, null, undefined],
    ['2026-09', '2026-10', { from: '2026-09', to: '2026-10' }],
    ['2026-12', '2026-10', undefined],
    ['2020-01', '2026-10', { from: '2024-11', to: '2026-10' }],
    ['jamais', '2031-01', undefined],
    ['2026-09', null, undefined],
  ])('of the period from %s to %s', (from, to, period) => {
    expect(periodNamed(from, to)).toEqual(period);
  });

  it('of a period whose other month follows the one just chosen', () => {
    expect(countable({ from: '2026-11', to: '2026-02' }, '2026-11')).toEqual({
      from: '2026-11',
      to: '2026-11',
    });
    expect(countable({ from: '2023-01', to: '2026-02' }, '2023-01')).toEqual({
      from: '2023-01',
      to: '2024-12',
    });
    expect(countable({ from: '2023-01', to: '2026-02' }, '2026-02')).toEqual({
      from: '2024-03',
      to: '2026-02',
    });
  });

  it('open in a French spreadsheet', () => {
    const none = { ...figures, acceptance_percent: null, answer_minutes: null, rating_tenths: null };
    const written = asCsv({
      months: [
        { month: '2026-10', figures: none },
        { month: '2026-11', figures },
      ],
      total: figures,
    });
    expect(written).toContain('2026-10;41;3;2;0;1;;;0;1;7,50;188,00;1;\r\n');
    expect(written).toContain('2026-11;41;3;2;0;1;67;90;0;1;7,50;188,00;1;4,6\r\n');
  });
});
