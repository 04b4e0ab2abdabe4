// Orders of several missions: priced date by date, placed once, paid with one card.

import { call, callSignedIn } from './client';
import type { AskedMissions, SeveralMissions } from './schema';

const ORDER = '/api/orders/{order}';

/** The price of each date, and which of them can be ordered. */
export const quoteDates = (asked: AskedMissions, signal?: AbortSignal) =>
  call('POST', '/api/order-quotes', { body: asked, ...(signal ? { signal } : {}) });

/** Orders. `once` is kept with what was typed, so that asking again never orders twice. */
export const placeOrder = (asked: SeveralMissions, once: string) =>
  callSignedIn('POST', '/api/orders', { body: asked, once });

export const listOrders = (after?: string) =>
  callSignedIn('GET', '/api/orders', { query: { after: after ?? null } });

/** The orders that reached a professional. */
export const listOrderRequests = (after?: string) =>
  callSignedIn('GET', '/api/professional/orders', { query: { after: after ?? null } });

export const readOrder = (order: string) => callSignedIn('GET', ORDER, { path: { order } });

/** The address of Stripe's page where the card is authorised. */
export const openOrderCheckout = (order: string) =>
  callSignedIn('POST', `${ORDER}/checkout`, { path: { order } });

/** Takes dates back before they are answered; all of them when none is named. */
export const takeBack = (order: string, missions: string[]) =>
  callSignedIn('POST', `${ORDER}/cancel`, { path: { order }, body: { missions } });

/** The professional takes these dates, and none of the others. */
export const answerOrder = (order: string, accepted: string[], advice: string, reason: string) =>
  callSignedIn('POST', `${ORDER}/answer`, {
    path: { order },
    body: { accepted, advice: advice === '' ? null : advice, reason: reason === '' ? null : reason },
  });
