// Small matters of French.

const list = new Intl.ListFormat('fr-FR', { style: 'long', type: 'conjunction' });

/** "a, b et c". */
export function phrased(words: readonly string[]): string {
  return list.format(words);
}

/** "de Lyon", "d’Angers": what belongs to somebody or something whose name is interpolated. */
export function of(name: string): string {
  return elided('de', name);
}

/**
 * A short word before a name: its last letter goes before a vowel. An h is taken for one that is
 * aspirated, and a y for a vowel before a consonant alone ("d’Yves", "de Yann"), as the server does.
 */
function elided(word: string, name: string): string {
  const [first = '', second = ''] = name.trimStart().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const vowel = (letter: string) => /[aeiouœæ]/.test(letter);
  const begins = first === 'y' ? /[a-z]/.test(second) && !vowel(second) : vowel(first);
  return begins ? `${word.slice(0, -1)}’${name}` : `${word} ${name}`;
}
