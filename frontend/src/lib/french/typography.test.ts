import { describe, expect, test } from 'vitest';
import { scriptTypography, typography, unbroken } from '../../../scripts/typography.js';

describe('French spaces', () => {
  test.each([
    ['définitif\n    : une', 'définitif\u00a0: une'],
    ['« facultatif »', '«\u00a0facultatif\u00a0»'],
    ['« ici », là', '«\u00a0ici\u00a0», là'],
    ['Vraiment ?', 'Vraiment\u00a0?'],
    ['48 heures, 12 % et 5 €', '48\u00a0heures, 12\u00a0% et 5\u00a0€'],
    ['à 20 h 00', 'à 20\u00a0h\u00a000'],
    [' : fait', '\u00a0: fait'],
    ['Date :&nbsp;…', 'Date\u00a0:&nbsp;…'],
    [' %)', '\u00a0%)'],
    ['CSI, art. R631-12', 'CSI, art.\u00a0R631-12'],
    [' h à', '\u00a0h à'],
    ['14 hommes', '14 hommes'],
    ['a:b et https://x', 'a:b et https://x'],
  ])('%j', (written, shown) => {
    expect(unbroken(written)).toBe(shown);
  });
});

describe('the strings of scripts', () => {
  // Written with the space named, since the editor of this file would show no difference.
  const written =
    "import a from 'x : y'; const é = `été ${n} h ${n} : ${n} %` + 'non : « a »' + /a : b/.source;";

  test('of a component', () => {
    const { markup } = typography();
    const made = markup?.({
      content: `<script lang="ts">${written}</script>{' : ' + 1}`,
      filename: 'A.svelte',
    });
    expect((made as { code: string }).code.replaceAll('\u00a0', '~')).toBe(
      `<script lang="ts">import a from 'x : y'; const é = \`été \${n}~h \${n}~: \${n}~%\` + 'non~: «~a~»' + /a : b/.source;</script>{'~: ' + 1}`,
    );
  });

  test('of a script that stands alone', () => {
    const { transform } = scriptTypography();
    const { handler } = transform as { handler: (code: string) => { code: string } };
    expect(handler(written).code.replaceAll('\u00a0', '~')).toBe(
      "import a from 'x : y'; const é = `été ${n}~h ${n}~: ${n}~%` + 'non~: «~a~»' + /a : b/.source;",
    );
  });
});
