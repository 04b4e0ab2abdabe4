// Browsers in words, from how they name themselves. What is not known is not guessed.

/** Each names those that it resembles, so the order matters. */
const NAMES: [string, string][] = [
  ['Edg', 'Microsoft Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
];

const SYSTEMS: [string, string][] = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'Mac'],
  ['Linux', 'Linux'],
];

const named = (agent: string, words: [string, string][]) => words.find(([sign]) => agent.includes(sign))?.[1];

/** Such as « Firefox sur Windows ». */
export function browserName(agent: string): string {
  const browser = named(agent, NAMES) ?? 'Navigateur inconnu';
  const system = named(agent, SYSTEMS);
  return system ? `${browser} sur ${system}` : browser;
}

const COUNTRIES = new Intl.DisplayNames('fr', { type: 'region', fallback: 'none' });

/** Such as « Belgique » for `BE`; a code that stands for no country is shown as it is. */
export function countryName(code: string): string {
  try {
    return COUNTRIES.of(code) ?? code;
  } catch {
    return code;
  }
}
