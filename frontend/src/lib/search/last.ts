// The last search, kept in this tab: who comes back to the form finds it filled in.

import type { Wish } from './mission';

const KEY = 'brouillon:recherche';

export function keepWish(wish: Wish): void {
  sessionStorage.setItem(KEY, JSON.stringify(wish));
}

/** What was searched last, or nothing. */
export function lastWish(): Partial<Wish> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Wish>;
  } catch {
    return {};
  }
}
