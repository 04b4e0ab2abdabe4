import { describe, expect, test } from 'vitest';
import type { SearchResult } from '$lib/api/schema';
import { filterParameters, filtersOf, keeps, NO_FILTER } from './filters';

const found = (given: Partial<SearchResult>) =>
  ({ total: 30_000, rating: null, cancellation: 'moderate', ...given }) as SearchResult;

describe('filters', () => {
  test('come back from the address they were written to', () => {
    const filters = { budget: '300', rating: '45', cancellation: 'flexible' } as const;
    expect(filtersOf(new URLSearchParams(filterParameters(filters)))).toEqual(filters);
    expect(filterParameters(NO_FILTER)).toEqual({});
  });

  test('that make no sense keep everything', () => {
    expect(filtersOf(new URLSearchParams('budget=-3&note=99&annulation=x'))).toEqual(NO_FILTER);
    expect(keeps(NO_FILTER, found({}))).toBe(true);
  });

  test.each([
    [{ budget: '300' }, {}, true],
    [{ budget: '299' }, {}, false],
    [{ rating: '40' }, {}, false],
    [{ rating: '40' }, { rating: { average_tenths: 41, count: 3 } }, true],
    [{ cancellation: 'flexible' }, {}, false],
    [{ cancellation: 'moderate' }, { cancellation: 'flexible' }, true],
    [{ cancellation: 'moderate' }, { cancellation: 'strict' }, false],
  ] as const)('%o on %o: %s', (filter, given, kept) => {
    expect(keeps({ ...NO_FILTER, ...filter }, found(given as Partial<SearchResult>))).toBe(kept);
  });
});
