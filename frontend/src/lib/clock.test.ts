import { expect, it } from 'vitest';
import { lead, listen, now } from './clock';

const SAID = 'Sat, 14 Nov 2026 19:00:00 GMT';
const at = Date.parse(SAID);

it('the server is ahead or behind by what its answer says', () => {
  expect(lead(SAID, at, at + 1000)).toBe(0);
  expect(lead(SAID, at - 3_600_000, at - 3_599_000)).toBe(3_600_000);
  expect(lead(SAID, at + 3_600_000, at + 3_601_000)).toBe(-3_600_000);
});

it('an answer without a date, or with a broken one, says nothing', () => {
  expect(lead(null, at, at)).toBeUndefined();
  expect(lead('demain', at, at)).toBeUndefined();
});

it('the moment follows the last answer that had a date', () => {
  const asked = Date.now();
  listen(new Response(null, { headers: { date: SAID } }), asked);
  expect(Math.abs(now() - at)).toBeLessThan(2000);
  listen(new Response(null), asked);
  expect(Math.abs(now() - at)).toBeLessThan(2000);
});
