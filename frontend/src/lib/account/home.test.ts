import { expect, it } from 'vitest';
import { homeOf } from './home';

it.each([
  ['client', '/reservations'],
  ['professional', '/pro'],
  ['manager', '/pro'],
  ['agent', '/agent'],
  ['applicant', '/pro/inscription'],
] as const)('%s is at home on %s', (role, home) => {
  expect(homeOf(role)).toBe(home);
});
