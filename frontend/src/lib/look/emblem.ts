// What stands for a professional who shows no picture.

const TONES = 5;
/** Forms of companies and small words are not what a name is known by. */
const PASSED_OVER = new Set([
  'sas',
  'sarl',
  'sa',
  'eurl',
  'sasu',
  'de',
  'du',
  'des',
  'la',
  'le',
  'les',
  'et',
]);

/** "Alex Moreau Cynophile" is "AM", "Vigie" is "V". */
export function initials(name: string): string {
  const words = name.split(/[\s’'-]+/).filter((word) => /^\p{L}|\p{N}/u.test(word));
  const telling = words.filter((word) => !PASSED_OVER.has(word.toLowerCase()));
  return (telling.length > 0 ? telling : words)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}

/** One of the five colours, always the same for a name. */
export function tone(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % TONES;
}
