import { expect, it } from 'vitest';
import { refusalOf } from './refusal';

type Asked = { tagName?: string; type?: string; limits?: Record<string, string> };

/** A field as browsers describe one that they refuse. */
function refused(why: string, { tagName = 'INPUT', type = 'text', limits = {} }: Asked = {}): string {
  const field = { tagName, type, validity: { [why]: true }, getAttribute: (name: string) => limits[name] };
  return refusalOf(field as unknown as HTMLInputElement);
}

it.each([
  ['valueMissing', {}, 'Remplissez ce champ.'],
  ['valueMissing', { type: 'checkbox' }, 'Cochez cette case pour continuer.'],
  ['valueMissing', { type: 'radio' }, 'Choisissez une réponse.'],
  ['valueMissing', { tagName: 'SELECT', type: 'select-one' }, 'Choisissez dans la liste.'],
  ['typeMismatch', { type: 'email' }, 'Indiquez une adresse électronique, comme nom@exemple.fr.'],
  ['typeMismatch', { type: 'url' }, 'Indiquez une adresse complète, comme https://exemple.fr.'],
  ['tooShort', { limits: { minlength: '12' } }, 'Écrivez au moins 12\u00a0caractères.'],
  ['tooLong', { limits: { maxlength: '200' } }, 'Écrivez au plus 200\u00a0caractères.'],
  ['rangeUnderflow', { type: 'number', limits: { min: '1' } }, 'Indiquez au moins 1.'],
  ['rangeOverflow', { type: 'number', limits: { max: '20' } }, 'Indiquez au plus 20.'],
  [
    'rangeUnderflow',
    { type: 'date', limits: { min: '2026-11-30' } },
    'Choisissez une date à partir du 30/11/2026.',
  ],
  [
    'rangeOverflow',
    { type: 'date', limits: { max: '2027-02-13' } },
    'Choisissez une date jusqu’au 13/02/2027.',
  ],
  ['badInput', { type: 'time' }, 'Cette valeur n’est pas complète.'],
  ['patternMismatch', {}, 'Cette valeur ne convient pas.'],
  ['stepMismatch', { type: 'number' }, 'Cette valeur ne convient pas.'],
])('a field with %s %j says “%s”', (why, asked, said) => {
  expect(refused(why, asked)).toBe(said);
});
