// How states of requests for quotes look, and what a request sends.

import type {
  AskedView,
  QuoteRequestView,
  QuotesAsked,
  QuotesStand,
  QuoteStands,
  QuoteToGiveView,
} from '$lib/api/schema';
import { siteOf, type TypedOrder } from '$lib/booking/order';
import { missionOf } from '$lib/search/mission';

export const MOST_ASKED = 5;
export const QUOTES_DRAFT = 'devis';

export type Look = 'info' | 'good' | 'warn' | 'bad' | 'none';

/** What a list tells of a request, whoever reads it. */
export type Asked = Pick<QuoteRequestView | QuoteToGiveView, 'id' | 'mission' | 'state' | 'state_label'>;

export const requestLooks: Record<QuotesStand, Look> = {
  awaited: 'info',
  to_choose: 'warn',
  ordered: 'good',
  withdrawn: 'none',
  ended: 'none',
};

export const quoteLooks: Record<QuoteStands, Look> = {
  awaited: 'info',
  valid: 'good',
  ordered: 'good',
  not_chosen: 'none',
  lapsed: 'none',
  declined: 'none',
  missing: 'none',
};

/** Quotes first, the cheapest before; then who may still answer, then the others. */
export function inOrder(asked: readonly AskedView[]): AskedView[] {
  const rank = ({ state }: AskedView) =>
    ['ordered', 'valid', 'not_chosen', 'lapsed', 'awaited', 'declined', 'missing'].indexOf(state);
  const total = ({ quote }: AskedView) => quote?.total ?? 0;
  return [...asked].sort((one, other) => rank(one) - rank(other) || total(one) - total(other));
}

/** How many named a price. */
export const quotesIn = ({ asked }: QuoteRequestView): number =>
  asked.filter(({ quote }) => quote != null).length;

/** What is sent; nothing while the mission is not whole. */
export function requestOf(typed: TypedOrder, offers: string[]): QuotesAsked | undefined {
  const mission = missionOf(typed);
  return (
    mission && {
      ...mission,
      offers,
      postal_code: typed.postal_code.trim(),
      address: typed.address.trim(),
      town: typed.town.trim(),
      context: {
        site: siteOf(typed),
        public_road: typed.public_road,
        public_expected: typed.public_expected,
        risks: typed.risks.trim(),
        instructions: typed.instructions.trim(),
      },
    }
  );
}
