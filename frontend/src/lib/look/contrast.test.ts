// The colours of app.css, in both lights, held to what decision 0066 promises of them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../app.css', import.meta.url), 'utf8');

/** The colours that a block of declarations gives. */
function coloursOf(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): (#[\da-f]{6});/g)].map(([, name, colour]) => [name, colour]),
  ) as Record<string, string>;
}

const [first, , ...rest] = css.split(/^(@media \(prefers-color-scheme: dark\))/m);
const day = coloursOf(first ?? '');
const night = { ...day, ...coloursOf(rest.join('').split('\n}\n')[0] ?? '') };

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

it('contrast is measured as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each([
  ['by day', day],
  ['by night', night],
])('%s', (_, colours) => {
  const of = (text: string, ground: string) => contrast(colours[text] ?? '', colours[ground] ?? '');

  it.each([
    ...['ground', 'paper', 'brand-tint', 'good-tint', 'warn-tint', 'bad-tint'].map((on) => ['ink', on]),
    ...['ground', 'paper', 'brand-tint'].flatMap((on) => [
      ['ink-soft', on],
      ['brand', on],
      ['brand-deep', on],
    ]),
    ...['brand', 'brand-deep', 'good', 'bad'].map((on) => ['on-brand', on]),
    ...['good', 'warn', 'bad'].flatMap((state) => [
      [state, `${state}-tint`],
      [state, 'paper'],
      [state, 'ground'],
    ]),
    ['on-night', 'night'],
  ])('--%s is read on --%s (7:1)', (text, ground) => {
    expect(of(text, ground)).toBeGreaterThanOrEqual(7);
  });

  it.each(
    ['ground', 'paper', 'brand-tint'].flatMap((on) => [
      ['line-strong', on],
      ['focus', on],
    ]),
  )('--%s is seen on --%s (3:1)', (line, ground) => {
    expect(of(line, ground)).toBeGreaterThanOrEqual(3);
  });
});
