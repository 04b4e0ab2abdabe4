import { expect, test } from 'vitest';
import { court, grouped, legalForm, platform, seat } from './platform';

test('the operator is written as the terms name it', () => {
  const { name, capital, siren, registry, vat_number: vat, email } = platform;
  expect([name, capital, email]).toEqual(['AUXILYO', 1_400_000, 'contact@monagentdesecu.com']);
  expect([grouped(siren), vat]).toEqual(['834\u00a0875\u00a0593', 'FR73834875593']);
  expect([legalForm(platform.legal_form), court(registry)]).toEqual([
    'société par actions simplifiée',
    'Versailles',
  ]);
  expect(seat).toBe('23 avenue de l’Europe, 78400 Chatou');
});
