import { expect, it } from 'vitest';
import { asProblem, Problem } from './problem';

it.each([
  ['no answer', 0, true],
  ['too many questions', 429, true],
  ['a server that fails', 500, true],
  ['a server that is away', 503, true],
  ['what was not understood', 400, false],
  ['nobody signed in', 401, false],
  ['another role', 403, false],
  ['what is not there', 404, false],
  ['another state', 409, false],
  ['what was refused', 422, false],
])('trying again after %s', (_, status, helps) => {
  expect(new Problem(status, 'any', 'Une phrase.').passing).toBe(helps);
});

it('an answer that cannot be read, or an error of the page, may be passing', () => {
  expect(new Problem(200, 'unreadable', 'Une phrase.').passing).toBe(true);
  expect(asProblem(new TypeError('of the page')).passing).toBe(true);
});
