import { expect, it } from 'vitest';
import { initials, tone } from './emblem';

it.each([
  ['Alex Moreau Cynophile', 'AM'],
  ['Vigie', 'V'],
  ['SARL Vigie Ouest', 'VO'],
  ['Sentinelle des Alpes', 'SA'],
  ['L’Étoile de nuit', 'LÉ'],
  ['SAS', 'S'],
])('%s is known by %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

it('a name keeps its colour, and names differ', () => {
  expect(tone('Vigie Ouest')).toBe(tone('Vigie Ouest'));
  const names = ['Vigie Ouest', 'Bastion Sud', 'Alex Moreau Cynophile', 'Sentinelle des Alpes', 'Nord Garde'];
  expect(new Set(names.map(tone)).size).toBeGreaterThan(2);
  for (const name of names) expect(tone(name)).toBeLessThan(5);
});
