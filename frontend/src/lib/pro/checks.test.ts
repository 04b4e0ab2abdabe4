import { describe, expect, it } from 'vitest';
import {
  cnapsWarning,
  ibanFault,
  inFours,
  phoneFault,
  publicTextFault,
  readCnaps,
  sirenFault,
  siretFault,
  vatFault,
} from './checks';

describe('numbers of an enterprise', () => {
  it('a SIREN follows Luhn', () => {
    expect(sirenFault('910 000 017')).toBeUndefined();
    expect(sirenFault('910000018')).toMatch(/n’existe pas/);
    expect(sirenFault('91000001')).toMatch(/9 chiffres/);
  });

  it('a SIRET follows Luhn and begins with the SIREN', () => {
    expect(siretFault('91000001700012', '910000017')).toBeUndefined();
    expect(siretFault('91000001700013', '910000017')).toMatch(/n’existe pas/);
    expect(siretFault('91000002500015', '910000017')).toMatch(/commencer par le SIREN/);
  });

  it('a VAT number has the key of its SIREN', () => {
    expect(vatFault('FR53910000017', '910000017')).toBeUndefined();
    expect(vatFault('FR54910000017', '910000017')).toMatch(/clé/);
    expect(vatFault('FR77910000025', '910000017')).toMatch(/ne correspond pas/);
    expect(vatFault('BE0123456789', '')).toMatch(/s’écrit FR/);
  });
});

describe('IBANs', () => {
  it('have check digits and, in France, a RIB key', () => {
    expect(ibanFault('FR14 2004 1010 0505 0001 3M02 606')).toBeUndefined();
    expect(ibanFault('FR14 2004 1010 0505 0001 3M02 607')).toMatch(/n’existe pas/);
    expect(ibanFault('FR14 2004')).toMatch(/27\u00a0caractères/);
    expect(ibanFault('DE89370400440532013000')).toBeUndefined();
    // Right check digits over a wrong key.
    expect(ibanFault(withChecks('FR', '20041010050500013M02605'))).toMatch(/clé RIB/);
  });

  it('are written in fours', () => {
    expect(inFours('fr1420041010')).toBe('FR14 2004 1010');
  });
});

function withChecks(country: string, bban: string): string {
  const digits = `${bban}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const rest = [...digits].reduce((sum, digit) => (sum * 10 + Number(digit)) % 97, 0);
  return `${country}${String(98 - rest).padStart(2, '0')}${bban}`;
}

describe('titles of the CNAPS', () => {
  it('say their kind and last day', () => {
    expect(readCnaps('CAR-092-2030-06-19-20250183149')).toEqual({ kind: 'CAR', expiresOn: '2030-06-19' });
    expect(readCnaps('aut 2A 2030 06 19 20250183149')).toEqual({ kind: 'AUT', expiresOn: '2030-06-19' });
    expect(readCnaps('CAR-092-2030-02-31-20250183149')).toBeUndefined();
    expect(readCnaps('69-2020-1')).toBeUndefined();
  });

  it('are warned about, never refused, when they differ from what was typed', () => {
    const number = 'CAR-092-2030-06-19-20250183149';
    expect(cnapsWarning(number, 'CAR', '2030-06-19')).toBeUndefined();
    expect(cnapsWarning(number, 'CAR', '2030-06-20')).toMatch('19/06/2030 et non au 20/06/2030');
    expect(cnapsWarning(number, 'AUT', '2030-06-19')).toMatch(/autre titre/);
    expect(cnapsWarning('69-2020-1', 'AUT', '2030-06-19')).toMatch(/forme habituelle/);
  });
});

describe('texts that the public reads', () => {
  it('hold no way round the site and no former rank', () => {
    expect(publicTextFault('Rondes depuis 2012, 24 heures sur 24.')).toBeUndefined();
    expect(publicTextFault('Appelez le 06.12.34.56.78')).toMatch(/téléphone/);
    expect(publicTextFault('Écrivez à moi@exemple.fr')).toMatch(/téléphone/);
    expect(publicTextFault('Ancien gendarme')).toMatch('R631-12');
  });

  it('phone numbers are French or have their prefix', () => {
    expect(phoneFault('04 72 00 00 00')).toBeUndefined();
    expect(phoneFault('+32 470 12 34 56')).toBeUndefined();
    expect(phoneFault('12')).toMatch(/valide/);
  });
});
