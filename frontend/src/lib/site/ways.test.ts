import { describe, expect, it } from 'vitest';
import { isHere, waysOf } from './ways';

const labels = (...asked: Parameters<typeof waysOf>) => {
  const { main, more } = waysOf(...asked);
  return [...main, ...more].map(({ label }) => label);
};

describe('the ways of the header', () => {
  it('of an owner are sixteen with signing out, of which eight are on the line', () => {
    const { main, more } = waysOf('professional', true);
    expect([main.length, more.length + 1]).toEqual([8, 8]);
    expect(labels('professional', true)).toContain('Équipe');
  });

  it('have a team where there is one', () => {
    expect(labels('professional', false)).not.toContain('Équipe');
    expect(labels('professional', undefined)).not.toContain('Équipe');
    expect(labels('manager', true)).toContain('Équipe');
  });

  it('leave out what only the owner reads', () => {
    expect(labels('manager', true)).not.toContain('Versements');
    expect(labels('manager', true)).not.toContain('Mon dossier');
  });

  it.each([
    ['client', 'Mes réservations'],
    ['agent', 'Mes vacations'],
    ['applicant', 'Mon inscription'],
    [undefined, 'Se connecter'],
  ] as const)('of %s have %s, all on the line', (role, label) => {
    expect(labels(role, undefined)).toContain(label);
    expect(waysOf(role, undefined).more).toEqual([]);
  });
});

describe('a page', () => {
  const orders = { href: '/pro/commandes', label: 'Commandes' };

  it('is where its way leads, or below it', () => {
    expect(isHere(orders, '/pro/commandes/bkg_1')).toBe(true);
    expect(isHere(orders, '/pro/dates/ord_1')).toBe(true);
    expect(isHere(orders, '/pro/commandes-autres')).toBe(false);
  });

  it('is not the dashboard because it is below it', () => {
    expect(isHere({ href: '/pro', label: '' }, '/pro/devis')).toBe(false);
  });
});
