// What a client does with bookings. Every command answers the booking as it has become.

import { unread } from '$lib/messages/unread.svelte';
import { call, callSignedIn } from './client';
import type {
  AskedTerms,
  ClaimReason,
  ModificationAnswer,
  Order,
  ProposedModification,
  ReviewText,
} from './schema';

const BOOKING = '/api/bookings/{booking}';

/** Orders. `once` is kept with what was typed, so that asking again never orders twice. */
export const order = (asked: Order, once: string) =>
  callSignedIn('POST', '/api/bookings', { body: asked, once });

export async function listBookings(after?: string) {
  const page = await callSignedIn('GET', '/api/bookings', { query: { after: after ?? null } });
  lookForMessages();
  return page;
}

export async function readBooking(booking: string) {
  const read = await callSignedIn('GET', BOOKING, { path: { booking } });
  lookForMessages();
  return read;
}

/** The header's number: the session is good, so nobody is asked in vain. */
const lookForMessages = () =>
  unread.look(() => callSignedIn('GET', '/api/conversations', { query: { after: null } }));

/** The address of Stripe's page where the card is authorised. */
export const openCheckout = (booking: string) =>
  callSignedIn('POST', `${BOOKING}/checkout`, { path: { booking } });

/** Cancels for the refund that was shown, in cents; refused (`refund_changed`) when it differs now. */
export const cancel = (booking: string, refund: number) =>
  callSignedIn('POST', `${BOOKING}/cancel`, { path: { booking }, body: { refund } });

/** A consumer's second step, "confirmer la rétractation"; the acknowledgement goes to the account's address. */
export const withdraw = (booking: string, name: string) =>
  callSignedIn('POST', `${BOOKING}/withdrawal`, { path: { booking }, body: { name } });

/** The same without signing in: looks first, then (`confirmed`) withdraws. */
export const withdrawByReference = (
  asked: { name: string; reference: string; email: string },
  confirmed: boolean,
) => call('POST', '/api/withdrawals', { body: { ...asked, confirmed } });

export const validate = (booking: string) =>
  callSignedIn('POST', `${BOOKING}/validate`, { path: { booking } });

export const openClaim = (booking: string, reason: ClaimReason, description: string) =>
  callSignedIn('POST', `${BOOKING}/claim`, { path: { booking }, body: { reason, description } });

/** Proposes to settle a claim by refunding `percent` of the total. */
export const proposeRefund = (booking: string, percent: number, message: string) =>
  callSignedIn('POST', `${BOOKING}/claim/proposal`, { path: { booking }, body: { percent, message } });

/** Accepts the other party's proposal, the one that was shown. */
export const acceptProposal = (booking: string, percent: number) =>
  callSignedIn('POST', `${BOOKING}/claim/accept`, { path: { booking }, body: { percent } });

/** What other hours or agents would cost; refused with what to do instead when they cannot be. */
export const quoteModification = (booking: string, body: AskedTerms) =>
  callSignedIn('POST', `${BOOKING}/modification/quote`, { path: { booking }, body });

/** Proposes them to the other party, at the price that was shown. */
export const proposeModification = (booking: string, body: ProposedModification) =>
  callSignedIn('POST', `${BOOKING}/modification`, { path: { booking }, body });

/** Agrees to what the other party proposed, declines it, or takes one's own proposal back. */
export const answerModification = (booking: string, body: ModificationAnswer) =>
  callSignedIn('POST', `${BOOKING}/modification/answer`, { path: { booking }, body });

export const review = (booking: string, text: ReviewText) =>
  callSignedIn('POST', `${BOOKING}/review`, { path: { booking }, body: text });

/** Archives a booking that is over, or takes it out again, for the caller alone. */
export const archive = (booking: string, archived: boolean) =>
  callSignedIn('PUT', `${BOOKING}/archive`, { path: { booking }, body: { archived } });

/** A link to the order as both parties keep it, good for a minute. */
export const openOrder = (booking: string) => callSignedIn('GET', `${BOOKING}/order`, { path: { booking } });

/** Where a calendar application reads the mission, as it is now and as it changes. */
export const openCalendar = (booking: string) =>
  callSignedIn('GET', `${BOOKING}/calendar`, { path: { booking } });

/** A link to the conditions of sale that were accepted with an order, good for a minute. */
export const openAcceptedConditions = (booking: string) =>
  callSignedIn('GET', `${BOOKING}/conditions`, { path: { booking } });

export const listInvoices = (booking: string) =>
  callSignedIn('GET', `${BOOKING}/invoices`, { path: { booking } });

/** A link to an invoice, good for a short time. */
export const openInvoice = (invoice: string, format: 'pdf' | 'xml') =>
  callSignedIn('GET', '/api/invoices/{invoice}/{format}', { path: { invoice, format } });
