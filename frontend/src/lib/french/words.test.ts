import { expect, it } from 'vitest';
import { of, phrased } from './words';

it.each([
  ['Lyon', 'de Lyon'],
  ['Angers', 'd’Angers'],
  ['Évry', 'd’Évry'],
  ['Île-de-France', 'd’Île-de-France'],
  ['Œuvres du Nord', 'd’Œuvres du Nord'],
  ['Yves', 'd’Yves'],
  ['Yann', 'de Yann'],
  ['Y', 'de Y'],
  ['Hugo', 'de Hugo'],
  ['', 'de '],
])('of %s is %s', (name, said) => {
  expect(of(name)).toBe(said);
});

it('lists end with a word', () => {
  expect(phrased(['Ain', 'Isère', 'Rhône'])).toBe('Ain, Isère et Rhône');
});
