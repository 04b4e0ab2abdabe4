// What was typed, kept in this tab until it is sent: through an error, a reload, and signing in again.
// It is personal data, so it never outlives the tab, and signing out clears it.

import { browser } from '$app/environment';

const keyOf = (name: string) => `brouillon:${name}`;

/** Fills a draft in before its page opens: what was already typed elsewhere. */
export function prepareDraft(name: string, typed: Record<string, unknown>): void {
  sessionStorage.setItem(keyOf(name), JSON.stringify(typed));
}

/**
 * `empty` as last typed under this name. Bind fields to what it returns; `forget` once it was sent.
 * What is not plain data, or must not be kept (a password), has no place in it.
 */
export class Draft<Typed extends Record<string, unknown>> {
  typed: Typed = $state() as Typed;

  constructor(
    readonly name: string,
    empty: Typed,
  ) {
    this.typed = { ...empty, ...this.#kept() };
    $effect(() => {
      const text = JSON.stringify(this.typed);
      if (text !== JSON.stringify(empty)) sessionStorage.setItem(this.#key, text);
    });
  }

  forget(): void {
    sessionStorage.removeItem(this.#key);
  }

  get #key(): string {
    return keyOf(this.name);
  }

  #kept(): Partial<Typed> {
    if (!browser) return {};
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? '{}') as Partial<Typed>;
    } catch {
      return {};
    }
  }
}
