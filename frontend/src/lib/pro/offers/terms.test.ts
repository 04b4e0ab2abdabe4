import { describe, expect, it } from 'vitest';
import {
  computedRates,
  NEW_TERMS,
  parseEuros,
  termsFaults,
  termsOf,
  termsWarnings,
  typedTerms,
  usualRates,
  writeEuros,
} from './terms';

const typed = {
  ...NEW_TERMS,
  title: 'Gardiennage de chantier',
  activity: 'human_surveillance' as const,
  description: 'Rondes, contrôle des accès et main courante.',
  modalities: ['Rondes'],
  departments: ['69'],
  day: '26',
  night: '28,6',
  sunday: '28,60',
  holiday: '52',
};

describe('amounts as they are typed', () => {
  it('are read with a comma, a point or the sign, and written back', () => {
    expect(['26', '26,5', '26.50 €', '1 000', 'vingt', '26,505'].map(parseEuros)).toEqual([
      2600,
      2650,
      2650,
      100_000,
      undefined,
      undefined,
    ]);
    expect([2600, 2650, 2605].map(writeEuros)).toEqual(['26', '26,50', '26,05']);
  });

  it('follow the usual surcharges', () => {
    expect(usualRates(2600)).toEqual({ night: 2860, sunday: 2860, holiday: 5200 });
  });
});

it('a holiday that costs less than a Sunday is warned about, and what each hour costs is computed', () => {
  expect(termsWarnings(typed).holiday).toBeUndefined();
  expect(termsWarnings({ ...typed, sunday: '60' }).holiday).toMatch(/férié/);
  expect(computedRates(typed)).toMatchObject({ sunday_night: 3120, holiday_night: 5200 });
  expect(computedRates({ ...typed, night: '' })).toBeUndefined();
});

describe('the terms of an offer', () => {
  it('are sent as the API has them and come back as they were typed', () => {
    expect(Object.values(termsFaults(typed)).filter(Boolean)).toEqual([]);
    const sent = termsOf(typed);
    expect(sent.rates).toEqual({ day: 2600, night: 2860, sunday: 2860, holiday: 5200 });
    expect(termsOf(typedTerms(sent))).toEqual(sent);
  });

  it('name what is wrong with each answer', () => {
    const faults = termsFaults({
      ...typed,
      title: 'Appelez le 06 12 34 56 78',
      night: '20',
      departments: [],
    });
    expect(faults.title).toMatch(/téléphone/);
    expect(faults.night).toMatch(/majoration/);
    expect(faults.departments).toMatch(/1 à 20/);
  });

  it('warn of a low price and of a short minimum', () => {
    expect(termsWarnings({ ...typed, day: '12', minimum_hours: '2' })).toEqual({
      hours: expect.stringContaining('4\u00a0heures') as string,
      price: expect.stringContaining('20,67') as string,
    });
    expect(termsWarnings(typed)).toEqual({});
  });
});
