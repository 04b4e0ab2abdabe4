import { describe, expect, it } from 'vitest';
import { closedFor } from './closed';

describe('a page of the professional’s space', () => {
  it.each([
    ['/pro', 'manager', undefined],
    ['/pro/equipe', 'manager', undefined],
    ['/pro/offres/off_1', 'manager', undefined],
    ['/pro/dossier', 'manager', 'owner'],
    ['/pro/versements', 'manager', 'owner'],
    ['/pro/pieces', 'manager', 'owner'],
    ['/pro/versements', 'professional', undefined],
    ['/pro/pieces', 'applicant', undefined],
    ['/pro/versements', 'applicant', 'professional'],
    ['/pro/offres/nouvelle', 'agent', 'professional'],
    ['/pro/versements', 'agent', 'professional'],
    ['/pro/commandes', 'client', 'professional'],
    ['/pro/inscription', 'client', undefined],
    ['/pro/decision', 'manager', undefined],
    ['/pro/commandes', undefined, undefined],
  ] as const)('%s, for %s', (path, role, whose) => {
    expect(closedFor(role, path)).toBe(whose);
  });
});
