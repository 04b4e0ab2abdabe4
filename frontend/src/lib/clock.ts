// The moment as the server has it. Deadlines are the server's, and clocks of devices are often wrong.

import { duration } from '$lib/french/format';

let ahead = 0;

/** How far the server is ahead of this device, in milliseconds, from the `Date` of one answer. */
export function lead(date: string | null, asked: number, answered: number): number | undefined {
  const said = Date.parse(date ?? '');
  // The header is cut to the second, and was written somewhere between asking and reading.
  return Number.isNaN(said) ? undefined : said + 500 - (asked + answered) / 2;
}

/** Sets this page's clock by an answer of the API that was asked for at `asked`. */
export function listen(answer: Response, asked: number): void {
  ahead = lead(answer.headers.get('date'), asked, Date.now()) ?? ahead;
}

/** How far ahead the server was when it was last heard: kept by who goes on without network. */
export const heard = (): number => ahead;

/** Sets this page's clock by what was kept, until the server is heard. */
export function recallClock(kept: number): void {
  if (ahead === 0 && Number.isFinite(kept)) ahead = kept;
}

/** Milliseconds as `Date.now()` has them, by the server's clock once it was heard. */
export const now = (): number => Date.now() + ahead;

/** "47 h", under two hours "1 h 35", then "12 min": what is left before a moment, nothing once it is past. */
export function timeLeft(until: string, moment: number): string | undefined {
  const minutes = Math.floor((Date.parse(until) - moment) / 60_000);
  if (minutes < 0) return undefined;
  return duration(minutes < 120 ? minutes : minutes - (minutes % 60));
}
