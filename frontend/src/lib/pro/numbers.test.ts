// The numbers that the API's own tests read: what one refuses, the other refuses.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cnapsFault, ibanFault, phoneFault, sirenFault, siretFault, vatFault } from './checks';

type Typed = { text: string; kept?: string; siren?: string };
type Numbers = Record<'siren' | 'siret' | 'vat_number' | 'iban' | 'phone' | 'cnaps', Typed[]>;

const file = new URL('../../../../shared/domain/tests/numbers.json', import.meta.url);
const numbers = JSON.parse(readFileSync(file, 'utf8')) as Numbers;

describe.each([
  ['siren', ({ text }: Typed) => sirenFault(text)],
  ['siret', ({ text, siren = '' }: Typed) => siretFault(text, siren)],
  ['vat_number', ({ text, siren = '' }: Typed) => vatFault(text, siren)],
  ['iban', ({ text }: Typed) => ibanFault(text)],
  ['phone', ({ text }: Typed) => phoneFault(text)],
  ['cnaps', ({ text }: Typed) => cnapsFault(text)],
] as const)('%s', (kind, fault) => {
  it.each(numbers[kind])('$text', (typed) => {
    expect(fault(typed) === undefined, fault(typed)).toBe(typed.kept !== undefined);
  });
});
