// Which communes a postal code has, and which postal codes a commune: what of both is not typed is
// filled in, and what does not belong together is said before it is sent.

import { suggestPlaces } from '$lib/api/catalogue';
import type { SuggestedPlace } from '$lib/api/schema';

/** The API answers at most so many: a full list may lack some. */
const MOST = 8;

type Where = { postal_code: string; town: string };

const same = (one: string, other: string) =>
  one.localeCompare(other.trim().replace(/\s+/g, '-'), 'fr', { sensitivity: 'base' }) === 0 ||
  one.localeCompare(other.trim(), 'fr', { sensitivity: 'base' }) === 0;

export class Communes {
  /** The communes of the postal code. */
  towns: string[] = $state([]);
  /** The postal codes of the commune, while none is typed. */
  codes: string[] = $state([]);
  #whole = false;
  #code = '';

  /** Asks about what is typed, and fills in what follows from it. Without an answer nothing is filled in. */
  async complete(typed: Where, signal: AbortSignal): Promise<void> {
    const code = typed.postal_code.trim();
    const byCode = /^\d{5}$/.test(code);
    if (!byCode && typed.town.trim().length < 2) return;
    const { places } = await suggestPlaces(byCode ? code : typed.town.trim(), signal);
    const found = places.filter((place) => place.town);
    if (byCode) this.#learnTowns(typed, code, found);
    else this.#learnCodes(typed, found);
  }

  /** Why the commune is not the postal code's; nothing when it is, or may be. */
  contradiction({ postal_code, town }: Where): string | undefined {
    if (this.#code !== postal_code.trim() || !this.#whole || town.trim() === '') return undefined;
    if (this.towns.some((known) => same(known, town))) return undefined;
    const [first, ...more] = this.towns;
    return more.length === 0
      ? `Avec le code postal ${postal_code}, la commune est ${first}.`
      : `Avec le code postal ${postal_code}, la commune est ${[first, ...more].join(' ou ')}.`;
  }

  #learnTowns(typed: Where, code: string, found: SuggestedPlace[]): void {
    this.#code = code;
    this.#whole = found.length > 0 && found.length < MOST;
    this.towns = found.flatMap(({ town }) => town ?? []);
    const [only, ...others] = this.towns;
    if (typed.town.trim() === '' && only && others.length === 0) typed.town = only;
  }

  #learnCodes(typed: Where, found: SuggestedPlace[]): void {
    const named = found.filter(({ town }) => town && same(town, typed.town));
    const codes = named.length === 1 ? (named[0]?.postal_codes ?? []) : [];
    this.codes = codes;
    const [only, ...others] = codes;
    if (only && others.length === 0) typed.postal_code = only;
  }
}
