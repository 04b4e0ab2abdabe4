import { describe, expect, it } from 'vitest';
import { professionalWays } from './professional-ways';
import { isHere, waysOf } from './ways';

const labels = (isManager: boolean, hasTeam: boolean) => {
  const { main, more } = professionalWays(isManager, hasTeam);
  return [...main, ...more].map(({ label }) => label);
};

describe('the ways of a professional', () => {
  it('are sixteen for an owner with signing out, of which eight are on the line', () => {
    const { main, more } = professionalWays(false, true);
    expect([main.length, more.length + 1]).toEqual([8, 8]);
  });

  it('have a team where there is one', () => {
    expect(labels(false, true)).toContain('Équipe');
    expect(labels(false, false)).not.toContain('Équipe');
    expect(labels(true, true)).toContain('Équipe');
  });

  it('leave out for a manager what only the owner reads', () => {
    expect(labels(false, true)).toEqual(expect.arrayContaining(['Versements', 'Mon dossier']));
    expect(labels(true, true)).not.toContain('Versements');
    expect(labels(true, true)).not.toContain('Mon dossier');
  });
});

it.each([
  ['client', 'Mes réservations'],
  ['agent', 'Mes vacations'],
  ['applicant', 'Mon inscription'],
  [undefined, 'Se connecter'],
] as const)('the ways of %s have %s', (role, label) => {
  expect(waysOf(role).map((way) => way.label)).toContain(label);
});

describe('a page', () => {
  const orders = { href: '/pro/commandes', label: 'Commandes', also: ['/pro/dates'] };

  it('is where its way leads, or below it', () => {
    expect(isHere(orders, '/pro/commandes/bkg_1')).toBe(true);
    expect(isHere(orders, '/pro/dates/ord_1')).toBe(true);
    expect(isHere(orders, '/pro/commandes-autres')).toBe(false);
  });

  it('is not the dashboard because it is below it', () => {
    const dashboard = { href: '/pro', label: 'Tableau de bord', alone: true };
    expect(isHere(dashboard, '/pro/devis')).toBe(false);
    expect(isHere(dashboard, '/pro')).toBe(true);
    expect(isHere({ href: '/', label: 'Rechercher' }, '/recherche')).toBe(false);
  });
});
