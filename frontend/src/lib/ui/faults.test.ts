import { afterEach, expect, it, vi } from 'vitest';
import { faultless, stillSaid } from './faults';

it('what was mended is not reproached, and what was not said yet is not brought up', () => {
  const said = { street: 'Indiquez la rue.', name: 'Indiquez votre nom.' };
  expect(
    stillSaid<Record<string, string>>(said, { name: 'Deux lettres au moins.', phone: 'Trop court.' }),
  ).toEqual({
    name: 'Deux lettres au moins.',
  });
  expect(stillSaid<Record<string, string>>(said, {})).toEqual({});
});

afterEach(() => vi.unstubAllGlobals());

it('the first field that is wrong has the focus, in the order of the form', () => {
  const focused: string[] = [];
  vi.stubGlobal('document', { getElementById: (id: string) => ({ focus: () => focused.push(id) }) });
  const ids = { topic: 'sujet', email: 'adresse', text: 'question' };
  expect(faultless({ text: 'Trop court.', email: 'Indiquez une adresse.' }, ids)).toBe(false);
  expect(faultless({ topic: undefined }, ids)).toBe(true);
  expect(focused).toEqual(['adresse']);
});
