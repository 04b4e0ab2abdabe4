import { expect, it } from 'vitest';
import { stillSaid } from './faults';

it('what was mended is not reproached, and what was not said yet is not brought up', () => {
  const said = { street: 'Indiquez la rue.', name: 'Indiquez votre nom.' };
  expect(
    stillSaid<Record<string, string>>(said, { name: 'Deux lettres au moins.', phone: 'Trop court.' }),
  ).toEqual({
    name: 'Deux lettres au moins.',
  });
  expect(stillSaid<Record<string, string>>(said, {})).toEqual({});
});
