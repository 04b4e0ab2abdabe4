import { describe, expect, test } from 'vitest';
import { unbroken } from '../../scripts/typography.js';

describe('French spaces', () => {
  test.each([
    ['définitif\n    : une', 'définitif\u00a0: une'],
    ['« facultatif »', '«\u00a0facultatif\u00a0»'],
    ['« ici », là', '«\u00a0ici\u00a0», là'],
    ['Vraiment ?', 'Vraiment\u00a0?'],
    ['48 heures, 12 % et 5 €', '48\u00a0heures, 12\u00a0% et 5\u00a0€'],
    ['à 20 h 00', 'à 20\u00a0h 00'],
    [' : fait', '\u00a0: fait'],
    [' %)', '\u00a0%)'],
    ['14 hommes', '14 hommes'],
    ['a:b et https://x', 'a:b et https://x'],
  ])('%j', (written, shown) => {
    expect(unbroken(written)).toBe(shown);
  });
});
