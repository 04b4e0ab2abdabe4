// Small matters of French.

const list = new Intl.ListFormat('fr-FR', { style: 'long', type: 'conjunction' });

/** "a, b et c". */
export function phrased(words: readonly string[]): string {
  return list.format(words);
}
