// What somebody keeps of the results, as the address says it. The API orders; it does not filter. So
// pages are read on until a screen is full, a few at most.

import { search, type Question } from '$lib/api/catalogue';
import type { SearchResult, SearchResults } from '$lib/api/schema';

export type Filters = {
  /** At most this total, in whole euros; nothing when it is empty. */
  budget: string;
  /** At least this mean, in tenths. */
  rating: '' | '40' | '45';
  /** A full refund until 24 hours before, or at least half. */
  cancellation: '' | 'flexible' | 'moderate';
};

export const NO_FILTER: Filters = { budget: '', rating: '', cancellation: '' };

const SCREEN = 20;
const PAGES = 5;

/** Reads an address; anything may be in it. */
export function filtersOf(address: URLSearchParams): Filters {
  const budget = address.get('budget') ?? '';
  const rating = address.get('note');
  const cancellation = address.get('annulation');
  return {
    budget: /^[1-9]\d{0,5}$/.test(budget) ? budget : '',
    rating: rating === '40' || rating === '45' ? rating : '',
    cancellation: cancellation === 'flexible' || cancellation === 'moderate' ? cancellation : '',
  };
}

/** The address's part for filters, those that keep everything left out. */
export function filterParameters(filters: Filters): Record<string, string> {
  return {
    ...(filters.budget ? { budget: filters.budget } : {}),
    ...(filters.rating ? { note: filters.rating } : {}),
    ...(filters.cancellation ? { annulation: filters.cancellation } : {}),
  };
}

export function isFiltering(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== '');
}

export function keeps(filters: Filters, found: SearchResult): boolean {
  if (filters.budget && found.total > Number(filters.budget) * 100) return false;
  if (filters.rating && (found.rating?.average_tenths ?? 0) < Number(filters.rating)) return false;
  if (filters.cancellation === 'flexible') return found.cancellation === 'flexible';
  if (filters.cancellation === 'moderate') return found.cancellation !== 'strict';
  return true;
}

/** A screen of results that the filters keep. */
export async function searchKept(
  question: Question,
  filters: Filters,
  signal: AbortSignal,
): Promise<SearchResults> {
  let page = await search(question, signal);
  let results = page.results.filter((found) => keeps(filters, found));
  if (!isFiltering(filters)) return page;
  for (let read = 1; read < PAGES && page.next && results.length < SCREEN; read += 1) {
    page = await search({ ...question, after: page.next }, signal);
    results = [...results, ...page.results.filter((found) => keeps(filters, found))];
  }
  return { ...page, results };
}
