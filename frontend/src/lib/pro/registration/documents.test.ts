import { describe, expect, it } from 'vitest';
import type { Profile, ShownDocument } from '$lib/api/schema';
import { mixedActivities } from './carried';
import { badgeOf, detailsFaults, endingBy, NO_DETAILS } from './documents';

const profile = {
  managers: [{ id: 'mgr_1', name: 'Nadia Haddad' }],
  agents: [
    { id: 'agt_1', first_name: 'Karim', last_name: 'Benoit' },
    { id: 'agt_2', first_name: 'Léa', last_name: 'Fabre' },
  ],
} as Profile;

const card = (agent: string, expires_on: string, status = 'verified') =>
  ({ details: { kind: 'professional_card', agent, expires_on }, expires_on, status }) as ShownDocument;

describe('what ends soon', () => {
  it('names each title by its holder, soonest first', () => {
    const documents = [card('agt_1', '2027-01-10'), card('agt_2', '2026-12-16')];
    expect(endingBy('2027-02-24', { profile, documents })).toEqual([
      { title: 'Carte professionnelle (CAR) de Léa Fabre', until: '2026-12-16', renewed: false },
      { title: 'Carte professionnelle (CAR) de Karim Benoit', until: '2027-01-10', renewed: false },
    ]);
  });

  it('goes by the latest verified document, and tells a renewal that waits', () => {
    const renewed = [card('agt_1', '2026-12-01'), card('agt_1', '2030-06-19')];
    expect(endingBy('2027-02-24', { profile, documents: renewed })).toEqual([]);
    const waiting = [card('agt_1', '2026-12-01'), card('agt_1', '2030-06-19', 'deposited')];
    expect(endingBy('2027-02-24', { profile, documents: waiting })).toEqual([
      { title: 'Carte professionnelle (CAR) de Karim Benoit', until: '2026-12-01', renewed: true },
    ]);
  });

  it('leaves out what was refused, and what has no end', () => {
    const documents = [
      card('agt_1', '2026-12-01', 'rejected'),
      { details: { kind: 'bank_details' }, status: 'verified' } as ShownDocument,
    ];
    expect(endingBy('2027-02-24', { profile, documents })).toEqual([]);
  });
});

describe('the badge of a document', () => {
  it.each([
    ['2026-12-31', 'verified', 'Vérifié'],
    ['2026-12-30', 'verified', 'Bientôt expiré'],
    ['2026-11-29', 'verified', 'Bientôt expiré'],
    ['2026-11-28', 'verified', 'Expiré'],
    ['2026-11-28', 'rejected', 'Refusé'],
    ['2026-12-01', 'deposited', 'Déposé'],
    [null, 'verified', 'Vérifié'],
  ] as const)('of a last day on %s, %s: %s', (expires_on, status, label) => {
    const document = { expires_on, status } as ShownDocument;
    expect(badgeOf(document, [document], '2026-11-29').label).toBe(label);
  });

  it('does not warn of one that was replaced already', () => {
    const given = [card('agt_1', '2026-12-05'), card('agt_1', '2030-06-19')];
    expect(given.map((one) => badgeOf(one, given, '2026-11-29').label)).toEqual(['Vérifié', 'Vérifié']);
    expect(given.map((one) => badgeOf(one, given, '2026-12-06'))).toEqual([
      { label: 'Expiré', kind: 'none' },
      { label: 'Vérifié', kind: 'good' },
    ]);
  });
});

describe('what is typed of a title', () => {
  const typed = { ...NO_DETAILS, number: 'AUT-069-2123-12-09-20240960800', expires_on: '2123-12-09' };

  it('asks for the activities that are written on it', () => {
    expect(detailsFaults('authorisation', typed, '2026-11-20').activities).toMatch(/Cochez/);
    const carrying = { ...typed, activities: ['surveillance' as const] };
    expect(detailsFaults('authorisation', carrying, '2026-11-20').activities).toBeUndefined();
    expect(detailsFaults('manager_approval', typed, '2026-11-20').activities).toBeUndefined();
  });

  it('warns of what one company may not exercise together', () => {
    expect(mixedActivities(['surveillance', 'cash_transport'])).toBeUndefined();
    expect(mixedActivities(['close_protection'])).toBeUndefined();
    expect(mixedActivities(['surveillance', 'close_protection'])).toMatch('L612-2');
  });

  it('and the days of an insurance in their order', () => {
    const insured = { ...NO_DETAILS, valid_from: '2027-06-01', expires_on: '2027-01-31' };
    expect(detailsFaults('insurance', insured, '2026-11-20').expires_on).toMatch(/précède/);
  });
});
