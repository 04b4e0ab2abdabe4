// French typography, once for all pages: spaces that must not break before « : ; ? ! », within
// guillemets and before units. Written in sources as ordinary spaces, which editors and prettier
// may move to another line.

import { parse } from 'svelte/compiler';

/** @param {string} text */
export function unbroken(text) {
  return text
    .replace(/(?<=\S|^)\s+(?=»|[;:?!](?:\s|$|<|\)))/g, '\u00a0')
    .replace(/^\s+(?=[€%])/, '\u00a0')
    .replace(/«\s+/g, '«\u00a0')
    .replace(
      /(?<=\d)\s+(?=(?:h|€|%|heures?|jours?|mois|ans|agents?|minutes?|caractères)(?![\wéè]))/g,
      '\u00a0',
    );
}

/**
 * The texts of a component, of its elements and of their attributes.
 * @param {unknown} node
 * @param {{ start: number, end: number }[]} found
 */
function textsOf(node, found) {
  if (Array.isArray(node)) for (const each of node) textsOf(each, found);
  else if (node && typeof node === 'object') {
    const { type, start, end } = /** @type {Record<string, any>} */ (node);
    if (type === 'Text') found.push({ start, end });
    else for (const child of Object.values(node)) textsOf(child, found);
  }
  return found;
}

/** @returns {import('svelte/compiler').PreprocessorGroup} */
export function typography() {
  return {
    name: 'typography',
    markup({ content, filename }) {
      if (filename?.includes('node_modules')) return;
      const { fragment } = parse(content, { modern: true });
      const texts = textsOf(fragment, []).sort((one, other) => other.start - one.start);
      let code = content;
      for (const { start, end } of texts) {
        code = code.slice(0, start) + unbroken(code.slice(start, end)) + code.slice(end);
      }
      return { code };
    },
  };
}
