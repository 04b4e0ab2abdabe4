// What a professional's bookings add up to, month by month. Counted here from the bookings themselves
// until the API gives figures; what they do not say (views of the page) is not guessed.

import { duration } from '$lib/format';
import { parisDate } from '$lib/paris';
import type { Mission } from '../api';

export type Month = {
  /** `2026-11`. */
  month: string;
  requests: number;
  accepted: number;
  refused: number;
  expired: number;
  /** Paid to the professional, in cents. */
  revenue: number;
  /** Minutes from the request to its acceptance, a mean; nothing when none was accepted. */
  answerMinutes: number | undefined;
};

const monthOf = (moment: string) => parisDate(new Date(moment)).slice(0, 7);

function monthsUntil(last: string, count: number): string[] {
  const [year = 0, month = 1] = last.split('-').map(Number);
  return Array.from({ length: count }, (_, rank) =>
    new Date(Date.UTC(year, month - count + rank, 1)).toISOString().slice(0, 7),
  );
}

/** The last `count` months until `last`, the oldest first. A request counts in the month it came in. */
export function byMonth(missions: readonly Mission[], last: string, count: number): Month[] {
  return monthsUntil(last, count).map((month) => {
    const came = missions.filter(({ requested_at }) => requested_at && monthOf(requested_at) === month);
    const accepted = came.filter(({ accepted_at }) => accepted_at);
    const paid = missions.filter(
      ({ money, validated_at, end }) => money.transferred > 0 && monthOf(validated_at ?? end) === month,
    );
    return {
      month,
      requests: came.length,
      accepted: accepted.length,
      refused: came.filter(({ state }) => state === 'refused').length,
      expired: came.filter(({ state }) => state === 'expired').length,
      revenue: paid.reduce((sum, { money }) => sum + money.transferred, 0),
      answerMinutes: meanAnswer(accepted),
    };
  });
}

function meanAnswer(accepted: readonly Mission[]): number | undefined {
  const delays = accepted.flatMap(({ requested_at, accepted_at }) =>
    requested_at && accepted_at ? [(Date.parse(accepted_at) - Date.parse(requested_at)) / 60_000] : [],
  );
  return delays.length > 0
    ? Math.round(delays.reduce((sum, delay) => sum + delay, 0) / delays.length)
    : undefined;
}

/** Requests that were accepted, among those that were answered or expired; nothing when there are none. */
export function acceptanceRate(months: readonly Month[]): number | undefined {
  const sum = (of: (month: Month) => number) => months.reduce((total, month) => total + of(month), 0);
  const accepted = sum((month) => month.accepted);
  const closed = accepted + sum((month) => month.refused) + sum((month) => month.expired);
  return closed > 0 ? accepted / closed : undefined;
}

/** "12 min", then "1 h 30": how long an answer took. */
export function answerWords(minutes: number): string {
  return minutes < 60 ? `${minutes}\u00a0min` : duration(minutes);
}

/** For a spreadsheet in French: semicolons, decimal commas, and the mark that says UTF-8. */
export function asCsv(months: readonly Month[]): string {
  const head = 'Mois;Demandes;Acceptées;Refusées;Expirées;Versé (€);Délai moyen de réponse (min)';
  const lines = months.map(({ month, requests, accepted, refused, expired, revenue, answerMinutes }) =>
    [
      month,
      requests,
      accepted,
      refused,
      expired,
      (revenue / 100).toFixed(2).replace('.', ','),
      answerMinutes ?? '',
    ].join(';'),
  );
  return `\uFEFF${[head, ...lines].join('\r\n')}\r\n`;
}
