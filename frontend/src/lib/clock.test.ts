import { expect, it } from 'vitest';
import { lead, listen, now, timeLeft } from './clock';

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

it('the time that is left is said in hours, then in minutes, then not at all', () => {
  const moment = Date.parse('2026-11-14T10:00:00Z');
  expect(timeLeft('2026-11-16T10:00:30Z', moment)).toBe('48\u00a0h');
  expect(timeLeft('2026-11-16T09:59:30Z', moment)).toBe('47\u00a0h');
  expect(timeLeft('2026-11-14T11:35:00Z', moment)).toBe('1\u00a0h\u00a035');
  expect(timeLeft('2026-11-14T11:00:00Z', moment)).toBe('1\u00a0h');
  expect(timeLeft('2026-11-14T10:09:59Z', moment)).toBe('9\u00a0min');
  expect(timeLeft('2026-11-14T09:59:00Z', moment)).toBeUndefined();
});
