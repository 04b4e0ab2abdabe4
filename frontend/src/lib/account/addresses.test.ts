import { expect, it } from 'vitest';
import { localAddress } from './addresses';

it.each([
  ['/reservations/bkg_1?paiement=ok', '/reservations/bkg_1?paiement=ok'],
  [null, '/'],
  ['', '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/.//evil.example', '/'],
  ['/a/..//evil.example', '/'],
])('%o leads to %o', (wanted, led) => {
  expect(localAddress(wanted, 'https://site.example')).toBe(led);
});
