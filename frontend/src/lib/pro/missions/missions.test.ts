import { describe, expect, it } from 'vitest';
import type { Mission } from '../api';
import { inView, viewNamed, whatNext } from './missions';

const mission = (id: string, state: Mission['state'], start: string, respond_by?: string): Mission =>
  ({ id, state, start, respond_by: respond_by ?? null, archived: false }) as Mission;

describe('bookings of a professional', () => {
  const all = [
    mission('late', 'requested', '2026-11-20T20:00:00Z', '2026-11-16T10:00:00Z'),
    mission('soon', 'requested', '2026-11-28T20:00:00Z', '2026-11-15T10:00:00Z'),
    mission('far', 'accepted', '2026-12-02T20:00:00Z'),
    mission('near', 'accepted', '2026-12-01T20:00:00Z'),
    mission('done', 'validated', '2026-10-01T20:00:00Z'),
  ];
  const ids = (view: Parameters<typeof inView>[1]) => inView(all, view).map(({ id }) => id);

  it('come in the order in which they must be dealt with', () => {
    expect(ids('a-repondre')).toEqual(['soon', 'late']);
    expect(ids('a-venir')).toEqual(['near', 'far']);
    expect(ids('toutes')).toHaveLength(5);
  });

  it('leave the other views for one of their own once archived', () => {
    const archived = { ...mission('old', 'validated', '2026-05-01T20:00:00Z'), archived: true };
    const shown = (view: Parameters<typeof inView>[1]) => inView([...all, archived], view);
    expect(shown('archivees')).toEqual([archived]);
    expect(shown('toutes')).toHaveLength(5);
    expect(shown('terminees')).toHaveLength(1);
  });

  it('are all shown under an address that names no view', () => {
    expect(viewNamed('nulle-part')).toBe('toutes');
  });
});

describe('what a mission under contract asks of its professional', () => {
  const night = {
    ...mission('night', 'accepted', '2026-12-05T19:00:00Z'),
    end: '2026-12-06T03:00:00Z',
    payment: 'captured',
  } as Mission;

  it.each([
    ['before it', '2026-12-05T18:59:59Z', /la mission vous attend/],
    ['from its start', '2026-12-05T19:00:00Z', /^La mission est en cours/],
    ['a second before its end', '2026-12-06T02:59:59Z', /^La mission est en cours/],
    ['from its end', '2026-12-06T03:00:00Z', /^L’heure de fin est passée/],
  ])('%s', (_, now, told) => {
    expect(whatNext(night, Date.parse(now))).toMatch(told);
  });
});
