// What can be said of a number while it is typed, with the API's own rules and words. The API judges
// again: a check here only spares a trip.

/** What is wrong, in a sentence; nothing when the text may be right. */
export type Fault = string | undefined;

/** Capitals, without spaces. */
export function compact(text: string): string {
  return text.replace(/\s/g, '').toUpperCase();
}

function modulo(digits: string, modulus: number): number {
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % modulus, 0);
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, rank) => {
    const weighted = Number(digit) * (rank % 2 === 1 ? 2 : 1);
    return total + Math.trunc(weighted / 10) + (weighted % 10);
  }, 0);
  return sum % 10 === 0;
}

export function sirenFault(text: string): Fault {
  const siren = compact(text);
  if (!/^\d{9}$/.test(siren)) return 'Un numéro SIREN compte 9 chiffres.';
  return isSiren(siren) ? undefined : 'Ce numéro SIREN n’existe pas : vérifiez ses chiffres.';
}

/** A number of zeros passes Luhn's check and names nobody. */
const isSiren = (digits: string) => passesLuhn(digits) && !/^0+$/.test(digits);

/** La Poste's establishments have a rule of their own: the sum of the digits is a multiple of five. */
const LA_POSTE = '356000000';

export function siretFault(text: string, siren: string): Fault {
  const siret = compact(text);
  if (!/^\d{14}$/.test(siret)) return 'Un numéro SIRET compte 14 chiffres.';
  const sum = [...siret].reduce((total, digit) => total + Number(digit), 0);
  const passes = passesLuhn(siret) || (siret.startsWith(LA_POSTE) && sum % 5 === 0);
  if (!passes || !isSiren(siret.slice(0, 9))) return 'Ce numéro SIRET n’existe pas : vérifiez ses chiffres.';
  if (siren && !siret.startsWith(compact(siren))) return 'Le SIRET doit commencer par le SIREN.';
  return undefined;
}

const VAT_KEYS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** (12 + 3 × (SIREN mod 97)) mod 97; keys with a letter follow the tax authority's second rule. */
function vatKeyFits(key: string, siren: string): boolean {
  const first = VAT_KEYS.indexOf(key.charAt(0));
  const second = VAT_KEYS.indexOf(key.charAt(1));
  if (first < 10 && second < 10) return Number(key) === (12 + 3 * modulo(siren, 97)) % 97;
  const [factor, offset] = first < 10 ? [24, 10] : [34, 100];
  const check = first * factor + second - offset;
  return check >= 0 && (modulo(siren, 11) + 1 + Math.trunc(check / 11)) % 11 === check % 11;
}

export function vatFault(text: string, siren: string): Fault {
  const found = /^FR([0-9A-HJ-NP-Z]{2})(\d{9})$/.exec(compact(text));
  const [, key, own] = found ?? [];
  if (!key || !own)
    return 'Un numéro de TVA français s’écrit FR, deux caractères de clé, puis les 9 chiffres du SIREN.';
  // Monaco's numbers carry 000… in place of a SIREN.
  const names = own.startsWith('000') ? !/^0+$/.test(own) : isSiren(own);
  if (!names || !vatKeyFits(key, own)) return 'Ce numéro de TVA n’existe pas : vérifiez sa clé et le SIREN.';
  if (siren && own !== compact(siren)) return 'Le numéro de TVA ne correspond pas au SIREN.';
  return undefined;
}

const IBAN_OFF = 'Cet IBAN n’existe pas : vérifiez ses chiffres.';

/** Letters of a French account are worth 1 to 9, twice, then 2 to 9. */
function ribDigits(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => {
    const rank = letter.charCodeAt(0) - 65;
    return String(rank < 18 ? (rank % 9) + 1 : rank - 16);
  });
}

/** How long an IBAN is in each country of the single euro payments area. */
const IBAN_LENGTHS: Record<string, number> = Object.fromEntries(
  'AD24 AL28 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SE24 SI19 SK24 SM27 VA22'
    .split(' ')
    .map((one) => [one.slice(0, 2), Number(one.slice(2))]),
);

/** Capitals without spaces, nor the word itself that papers write before it. */
export function compactIban(text: string): string {
  return compact(text).replace(/^IBAN:*/, '');
}

export function ibanFault(text: string): Fault {
  const iban = compactIban(text);
  const french = /^(FR|MC)/.test(iban);
  const length = IBAN_LENGTHS[iban.slice(0, 2)];
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) || (length !== undefined && iban.length !== length))
    return 'Cet IBAN n’a pas la forme attendue pour son pays (27 caractères pour la France).';
  const turned = iban.slice(4) + iban.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  if (modulo(digits, 97) !== 1) return IBAN_OFF;
  if (length === undefined)
    return 'Cet IBAN est d’un pays hors de la zone SEPA : il ne peut pas recevoir de virement en euros.';
  if (!french) return undefined;
  const account = ribDigits(iban.slice(4));
  const part = (from: number, to: number) => modulo(account.slice(from, to), 97);
  const key = 89 * part(0, 5) + 15 * part(5, 10) + 3 * part(10, 21) + part(21, 23);
  return key % 97 === 0 ? undefined : 'La clé RIB de cet IBAN est fausse : vérifiez ses chiffres.';
}

/** "FR76 1234 5678 …", as bank papers have it. */
export function inFours(text: string): string {
  return compactIban(text).replace(/(.{4})(?=.)/g, '$1 ');
}

export type CnapsKind = 'AUT' | 'AGD' | 'CAR';

const CNAPS_WORDS: Record<CnapsKind, string> = {
  AUT: 'autorisation d’exercice',
  AGD: 'agrément dirigeant',
  CAR: 'carte professionnelle',
};

function cnapsText(text: string): string {
  return compact(text).replace(/[\u2010-\u2015\u2212_]/g, '-');
}

/** What a number of the usual form says: which title, and its last day as `2030-06-19`. */
export function readCnaps(text: string): { kind: CnapsKind; expiresOn: string } | undefined {
  const found = /^(AUT|AGD|CAR)(?:\d{2,3}|2[AB])(\d{4})(\d{2})(\d{2})\d{11}$/.exec(
    cnapsText(text).replaceAll('-', ''),
  );
  if (!found) return undefined;
  const [, kind, year, month, day] = found;
  const expiresOn = `${year}-${month}-${day}`;
  const known = new Date(`${expiresOn}T00:00:00Z`);
  if (Number.isNaN(known.getTime()) || !known.toISOString().startsWith(expiresOn)) return undefined;
  return { kind: kind as CnapsKind, expiresOn };
}

export function cnapsFault(text: string): Fault {
  const number = cnapsText(text);
  if (number.length < 5 || number.length > 40) return 'Un numéro de titre CNAPS compte de 5 à 40 caractères.';
  return /^[A-Z0-9./-]+$/.test(number)
    ? undefined
    : 'Un numéro de titre CNAPS ne contient que des lettres, des chiffres et des tirets.';
}

const inWords = (date: string) => date.split('-').reverse().join('/');

/** What our team would ask about: never a refusal, since the CNAPS publishes no grammar. */
export function cnapsWarning(text: string, expected: CnapsKind, expiresOn: string): Fault {
  if (cnapsFault(text)) return undefined;
  const title = readCnaps(text);
  if (!title)
    return 'Ce numéro n’a pas la forme habituelle, par exemple CAR-092-2030-06-19-20250183149. Relisez-le sur le titre.';
  if (title.kind !== expected)
    return `Ce numéro est celui d’un autre titre (${CNAPS_WORDS[title.kind]}) que celui attendu (${CNAPS_WORDS[expected]}).`;
  if (expiresOn && title.expiresOn !== expiresOn)
    return `Le numéro indique une fin de validité au ${inWords(title.expiresOn)} et non au ${inWords(expiresOn)}.`;
  return undefined;
}

/** Nine digits after the country's code or after the zero; overseas the first are the department's. */
const FRENCH_PHONES: Record<string, RegExp> = {
  '33': /^[1-9]\d{8}$/,
  '590': /^(590|690|691)\d{6}$/,
  '594': /^(594|694)\d{6}$/,
  '596': /^(596|696|697)\d{6}$/,
  '262': /^(262|263|269|639|692|693)\d{6}$/,
};

/** A number that the API reads as French or, with its prefix, as any other. */
export function phoneFault(text: string): Fault {
  const typed = text.trim().replace(/^([+0].*?)\(\s*0\s*\)/, '$1');
  const digits = typed.replace(/[\s.()/\u2011-]/g, '');
  const abroad = /^(?:\+|00)(\d+)$/.exec(digits)?.[1];
  const french = Object.entries(FRENCH_PHONES).find(([code]) => abroad?.startsWith(code));
  const fits =
    abroad === undefined
      ? /^0[1-9]\d{8}$/.test(digits)
      : french
        ? french[1].test(abroad.slice(french[0].length).replace(/^0/, ''))
        : /^[1-9]\d{7,14}$/.test(abroad);
  return fits
    ? undefined
    : 'Ce numéro de téléphone n’est pas valide : par exemple 06 12 34 56 78 ou +32 470 12 34 56.';
}

/** No way round the platform, no former rank (CSI, R631-12): the rule of every public text. */
export function publicTextFault(text: string): Fault {
  const plain = text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
  const numbers = plain.split(/[^\d .-]/).map((run) => run.replace(/\D/g, '').length);
  if (Math.max(0, ...numbers) >= 9 || /@|http|www\./.test(plain))
    return 'Le texte ne doit contenir ni numéro de téléphone, ni adresse électronique, ni lien.';
  if (/(ancien |ancienne |ex-|ex )(policier|gendarme|militaire|douanier)/.test(plain))
    return 'La qualité d’ancien policier, gendarme ou militaire ne peut pas être mise en avant (CSI, art. R631-12).';
  return undefined;
}

export function lengthFault(text: string, least: number, most: number, what: string): Fault {
  const length = [...text.trim()].length;
  return length < least || length > most
    ? `${what} doit compter de ${least} à ${most.toLocaleString('fr-FR')} caractères.`
    : undefined;
}
