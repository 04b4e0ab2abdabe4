// Requests for quotes: a client asks, professionals name their price, the client chooses.

import { callSignedIn } from './client';
import type { QuoteGiven, QuotesAsked } from './schema';

const REQUEST = '/api/quote-requests/{request}';
const TO_GIVE = '/api/professional/quote-requests/{request}';

/** Asks. `once` is kept with what was typed, so that asking again never asks twice. */
export const askForQuotes = (asked: QuotesAsked, once: string) =>
  callSignedIn('POST', '/api/quote-requests', { body: asked, once });

export const listQuoteRequests = (after?: string) =>
  callSignedIn('GET', '/api/quote-requests', { query: { after: after ?? null } });

export const readQuoteRequest = (request: string) => callSignedIn('GET', REQUEST, { path: { request } });

export const withdrawQuoteRequest = (request: string) =>
  callSignedIn('POST', `${REQUEST}/withdraw`, { path: { request } });

/** A quote as ordering it needs it; refused once it cannot be ordered. */
export const readQuote = (request: string, offer: string) =>
  callSignedIn('GET', `${REQUEST}/quotes/{offer}`, { path: { request, offer } });

// What a professional is asked.

export const listQuotesToGive = (after?: string) =>
  callSignedIn('GET', '/api/professional/quote-requests', { query: { after: after ?? null } });

/** With the price of a total before VAT in cents; by the rates without one. */
export const readQuoteToGive = (request: string, flat?: number) =>
  callSignedIn('GET', TO_GIVE, {
    path: { request },
    query: { flat: flat === undefined ? null : String(flat) },
  });

export const giveQuote = (request: string, given: QuoteGiven) =>
  callSignedIn('POST', `${TO_GIVE}/quote`, { path: { request }, body: given });

export const declineQuote = (request: string) =>
  callSignedIn('POST', `${TO_GIVE}/decline`, { path: { request } });
