// French typography, once for all pages: spaces that must not break before « : ; ? ! », within
// guillemets and before units, in the texts of components and in the strings of their scripts.
// Written in sources as ordinary spaces, which editors and prettier may move to another line. What
// the server says is typeset there (`domain::typography`).

import { parse } from 'svelte/compiler';
import { parseAst } from 'vite';

/** @param {string} text */
export function unbroken(text) {
  return text
    .replace(/(?<=\S|^)\s+(?=»|[;:?!](?:\s|&nbsp;|$|<|\)))/g, '\u00a0')
    .replace(/^\s+(?=[€%]|h(?![\wéè’]))/, '\u00a0')
    .replace(/«\s+|\bart\.\s+/g, (found) => `${found.trimEnd()}\u00a0`)
    .replace(
      /(?<=\d)\s+(?=(?:h|€|%|heures?|jours?|mois|ans|agents?|minutes?|caractères)(?![\wéè]))/g,
      '\u00a0',
    )
    .replace(/(?<=\d\u00a0h)\s+(?=\d\d(?!\d))/g, '\u00a0');
}

/**
 * The texts of elements and of their attributes, and the strings of scripts.
 * @param {unknown} node
 * @param {{ start: number, end: number }[]} found
 */
function textsOf(node, found) {
  if (Array.isArray(node)) for (const each of node) textsOf(each, found);
  else if (node && typeof node === 'object') {
    const { type, start, end, value } = /** @type {Record<string, any>} */ (node);
    if (type === 'ImportDeclaration') return found;
    if (type === 'Text') found.push({ start, end });
    else if (type === 'TemplateElement') {
      // One of the two parsers counts what encloses it: a quote or a brace before, and what follows.
      const from = start + (end - start > value.raw.length ? 1 : 0);
      found.push({ start: from, end: from + value.raw.length });
    } else if (type === 'Literal' && typeof value === 'string')
      found.push({ start: start + 1, end: end - 1 });
    else for (const child of Object.values(node)) textsOf(child, found);
  }
  return found;
}

/**
 * What people may read of a source: where it stands, and the text.
 * @param {string} code
 * @param {string} filename
 * @returns {{ start: number, text: string }[]}
 */
export function textsIn(code, filename) {
  const found = filename.endsWith('.svelte')
    ? svelteTexts(code)
    : textsOf(parseAst(code, { lang: 'ts' }), []);
  return found.map(({ start, end }) => ({ start, text: code.slice(start, end) }));
}

/** @param {string} code */
function svelteTexts(code) {
  const { fragment, instance, module } = parse(code, { modern: true });
  return textsOf([fragment, instance?.content, module?.content], []);
}

/**
 * @param {string} code
 * @param {unknown} tree
 */
function typeset(code, tree) {
  const texts = textsOf(tree, []).sort((one, other) => other.start - one.start);
  for (const { start, end } of texts) {
    code = code.slice(0, start) + unbroken(code.slice(start, end)) + code.slice(end);
  }
  return code;
}

/** @returns {import('svelte/compiler').PreprocessorGroup} */
export function typography() {
  return {
    name: 'typography',
    markup({ content, filename }) {
      if (filename?.includes('node_modules')) return;
      const { fragment, instance, module } = parse(content, { modern: true });
      return { code: typeset(content, [fragment, instance?.content, module?.content]) };
    },
  };
}

/**
 * The same for scripts that stand alone; tests say what they expect themselves.
 * @returns {import('vite').Plugin}
 */
export function scriptTypography() {
  return {
    name: 'typography',
    enforce: 'pre',
    transform: {
      filter: { id: { include: /\/src\/.*\.ts$/, exclude: /node_modules|\.test\.ts$/ } },
      // No character is added or removed, so the map of the source stays true.
      handler: (code) => ({ code: typeset(code, parseAst(code, { lang: 'ts' })), map: null }),
    },
  };
}
