// What an agent told and the server has not heard yet: kept on the phone, sent in order, each once. Without
// anything of a browser in it, so that it can be tested.

import type { Told } from './api';

/** One thing told. */
export type Item = {
  /** By whom: a phone may be handed on. */
  agent: string;
  booking: string;
  /** The phone's time, which names it. */
  told_at: string;
  /** The same by the server's clock, as far as it was heard: what the page shows. */
  at: string;
  told: Told;
};

/** Something that the server refused, and why: shown until it is read. */
export type Refused = Item & { why: string };

export type Kept = { waiting: Item[]; refused: Refused[] };

/** What became of one that was sent. */
export type Outcome = { done: true } | { done: false; later: boolean; why: string };

export const nothing = (): Kept => ({ waiting: [], refused: [] });

/** One more, behind those that wait. */
export function add(kept: Kept, item: Item): Kept {
  return { ...kept, waiting: [...kept.waiting, item] };
}

/** The next to send for this agent: nobody sends what another told. */
export function next(kept: Kept, agent: string): Item | undefined {
  return kept.waiting.find((item) => item.agent === agent);
}

/** After one was sent. One that is to be sent later stays where it is, before those behind it. */
export function after(kept: Kept, item: Item, outcome: Outcome): Kept {
  if (!outcome.done && outcome.later) return kept;
  const waiting = kept.waiting.filter((one) => one !== item);
  return outcome.done
    ? { ...kept, waiting }
    : { waiting, refused: [...kept.refused, { ...item, why: outcome.why }] };
}

/** The reader has read why. */
export function read(kept: Kept, refused: Refused): Kept {
  return { ...kept, refused: kept.refused.filter((one) => one !== refused) };
}

/** What of a shift waits to be sent. */
export function waitingOf(kept: Kept, agent: string, booking: string): Item[] {
  return kept.waiting.filter((item) => item.agent === agent && item.booking === booking);
}

/** Whether a refusal may pass: no network, a server that fails, a session that is over. */
export function isLater(status: number): boolean {
  return status === 0 || status === 401 || status === 403 || status === 429 || status >= 500;
}

/** Reads what was kept; what cannot be read is nothing. */
export function parse(text: string | null): Kept {
  try {
    const kept = JSON.parse(text ?? '') as Partial<Kept>;
    return { waiting: kept.waiting ?? [], refused: kept.refused ?? [] };
  } catch {
    return nothing();
  }
}
