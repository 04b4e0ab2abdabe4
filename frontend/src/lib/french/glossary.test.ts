// docs/words.md held against every text that people may read: the site's, the templates' and the strings
// of the Rust code.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { textsIn } from '../../../scripts/typography.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

type Found = { where: string; text: string };

function filesUnder(folder: string, kind: RegExp): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => kind.test(name) && !/node_modules|\/target\//.test(name));
}

const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');
const lineOf = (code: string, at: number) => code.slice(0, at).split('\n').length;

function ofTheSite(name: string): Found[] {
  const code = read(name);
  return textsIn(code, name).map(({ start, text }) => ({ where: `${name}:${lineOf(code, start)}`, text }));
}

/** A template without its marks and without the engine's; what is interpolated is a `…`. */
function ofATemplate(name: string): Found[] {
  const text = read(name)
    .replace(/<style[\s\S]*?<\/style>|\{#[\s\S]*?#\}|\{%[\s\S]*?%\}/g, '')
    .replace(/\{\{[\s\S]*?\}\}/g, '…')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, '\u00a0');
  return [{ where: name, text }];
}

/** The strings of what is written for people: comments and tests are in English. */
function ofRust(name: string): Found[] {
  const code = read(name);
  const shipped = code
    .split(/^#\[cfg\(test\)\]\nmod /m, 1)
    .join('')
    .replace(/^\s*\/\/.*$/gm, (comment) => ' '.repeat(comment.length));
  return [...shipped.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map((string) => ({
    where: `${name}:${lineOf(code, string.index)}`,
    text: (string[1] ?? '').replaceAll('\\u{a0}', '\u00a0').replaceAll('\\"', '"'),
  }));
}

/** Where developers are spoken to, in whatever words. */
const FOR_DEVELOPERS = /^infra\/local\/src\/(?!demo\/)|\/bin\/|build\.rs$/;
const rustFiles = ['functions', 'shared', 'infra/local/src/demo']
  .flatMap((folder) => filesUnder(folder, /\.rs$/))
  .filter((name) => !/tests?(\/|\.rs)/.test(name) && !FOR_DEVELOPERS.test(name));
const templates = filesUnder('functions', /templates\/.*\.(html|txt)$/);
const siteFiles = filesUnder('frontend/src', /\.(svelte|ts)$/).filter(
  (name) => !/\.(test|d)\.ts$/.test(name),
);

const texts: Found[] = [
  ...siteFiles.flatMap(ofTheSite),
  ...templates.flatMap(ofATemplate),
  ...rustFiles.flatMap(ofRust),
];

/** Sentences, not keys, addresses or English: they have a letter that only French has, or a French word. */
const isFrench = (text: string) =>
  /[àâçéèêëîïôûùœ’«]/i.test(text) ||
  / (?:le|la|les|un|une|des|du|de|pour|par|et|vous|votre) /.test(` ${text} `);

const french = texts.filter(({ text }) => isFrench(text));

/** The third column of the table: one line's forms, each in its code span. */
function forbidden(): { what: string; form: string }[] {
  return read('docs/words.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (what|---)/.test(line))
    .flatMap((line) => {
      const [, what = '', , never = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return [...never.matchAll(/`([^`]+)`/g)].map(([, form = '']) => ({
        what,
        form: form.replaceAll('\\|', '|'),
      }));
    });
}

const shown = ({ where, text }: Found, at: number) =>
  `${where}: …${text.slice(Math.max(0, at - 40), at + 50).replace(/\s+/g, ' ')}…`;

function every(form: RegExp, among: Found[]): string[] {
  return among.flatMap((found) => [...found.text.matchAll(form)].map(({ index }) => shown(found, index)));
}

it('texts are found where people read them', () => {
  expect(siteFiles.length).toBeGreaterThan(100);
  expect(templates.length).toBeGreaterThan(30);
  expect(rustFiles.length).toBeGreaterThan(150);
  expect(french.length).toBeGreaterThan(2000);
  expect(forbidden().length).toBeGreaterThan(20);
});

describe('docs/words.md', () => {
  it.each(forbidden())('$what: never $form', ({ form }) => {
    expect(every(new RegExp(form, 'gu'), french)).toEqual([]);
  });
});

it('templates of mails and of public pages break no line where no reader would', () => {
  const written = templates.filter((name) => !name.startsWith('functions/dashboard/')).flatMap(ofATemplate);
  expect(written.length).toBeGreaterThan(8);
  expect(every(/ [:;?!»](?=\s|$)|« |\d (?:h|€|%)(?!\p{L})/gu, written)).toEqual([]);
});

it('a short word loses its last letter before a vowel', () => {
  const vowel = '(?!onz|oui|un(?:e)?\\b.{0,3}$|ouist)[aeiouàâéèêëîïôûœAEIOUÀÂÉÈÊËÎÏÔÛŒ]\\p{L}';
  const form = new RegExp(
    `(?<![\\p{L}\\-’])(?:de|que|le|la|ce|ne|je|se|jusque|lorsque|puisque) ${vowel}`,
    'gu',
  );
  expect(every(form, french)).toEqual([]);
});

/** What may follow `de` as it is: amounts, hours and dates, which begin with a figure or a consonant. */
const COUNTED = /^(?:duration|clockOf|clock|euros|percent|least|rules\.night\.from|night\.from)\b/;

it('a name after “de” or “que” is elided by what knows how', () => {
  const bare = siteFiles.flatMap((name) => {
    const code = read(name);
    return [...code.matchAll(/(?<![\p{L}-])(?:de|que)\s+\$?\{([^}]*)\}/gu)]
      .filter(([, said = '']) => !COUNTED.test(said))
      .filter(({ index }) => !/^\s*(?:\/\/|\*)/.test(code.slice(code.lastIndexOf('\n', index) + 1)))
      .map(({ index }) => shown({ where: `${name}:${lineOf(code, index)}`, text: code }, index));
  });
  const templated = templates.flatMap((name) =>
    [...read(name).matchAll(/(?<![\p{L}-])(?:de|que) \{\{/gu)].map(({ index }) =>
      shown({ where: name, text: read(name) }, index),
    ),
  );
  // Positional arguments are held by the mails' own test, with names that begin with vowels.
  const formatted = every(
    /(?<![\p{L}-])(?:de|que) \{(?!amount\}|debited\}|total\}|least\}|from\}|capital\})\w+\}/gu,
    rustFiles.flatMap(ofRust),
  );
  expect([...bare, ...templated, ...formatted]).toEqual([]);
});
