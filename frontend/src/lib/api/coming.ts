// What the API is about to serve and does not describe yet: cancellation with its refund, withdrawal,
// claims and invoices. Each entry leaves this file when `npm run api` brings it.

import type { BookingView, BookingsPage } from './schema';

type Op<Answer, Body = never, Path = never, Query = never> = {
  parameters: {
    query?: Query;
    header?: never;
    path: Path;
    cookie?: never;
  };
  responses: { '2XX': { content: { 'application/json': Answer } } };
} & ([Body] extends [never]
  ? { requestBody?: never }
  : { requestBody: { content: { 'application/json': Body } } });

type OfBooking = { booking: string };

export type BookingState =
  | BookingView['state']
  | 'cancelled_by_professional'
  | 'withdrawn'
  | 'under_claim'
  | 'settled'
  | 'payment_failed';

export type CancellationNow = { refund: number; kept: number; explanation: string };
export type WithdrawalNow = {
  possible: boolean;
  until?: string | null;
  refund: number;
  explanation: string;
};
export type Closing = {
  at?: string;
  reason?: string | null;
  by: 'client' | 'professional' | 'platform';
  refund: number;
};
export type Party = 'client' | 'professional';
export type Proposal = { by: Party; refund: number; percent: number; message: string; at: string };
export type ClaimReason = 'not_performed' | 'partly_performed' | 'late' | 'behaviour' | 'other';
export type Claim = {
  opened_at: string;
  reason: ClaimReason;
  reason_label?: string;
  description: string;
  proposal?: Proposal | null;
  settled_refund?: number | null;
  decision?: string | null;
  mediation_at?: string | null;
};

export type Booking = Omit<BookingView, 'state' | 'payment'> & {
  state: BookingState;
  payment: BookingView['payment'] | 'settled';
  money_now?: string;
  cancellation_policy?: 'flexible' | 'moderate' | 'strict';
  cancellation_label?: string;
  cancellation?: CancellationNow | null;
  withdrawal?: WithdrawalNow | null;
  closing?: Closing | null;
  claim?: Claim | null;
  dispute?: 'open' | 'won' | 'lost' | null;
};

export type Invoice = {
  id: string;
  number: string;
  kind: 'mission' | 'commission' | 'credit_note' | 'indemnity';
  issued_on: string;
  total: number;
  ready: boolean;
};

export type WithdrawalAnswer = {
  reference: string;
  professional_name: string;
  start: string;
  until: string;
  refund: number;
  explanation: string;
  acknowledged_at?: string | null;
};

export type ComingPaths = {
  '/api/bookings': {
    get: Op<
      Omit<BookingsPage, 'bookings'> & { bookings: Booking[] },
      never,
      never,
      { after?: string | null }
    >;
    post: Op<Booking, import('./schema').Order>;
  };
  '/api/bookings/{booking}': { get: Op<Booking, never, OfBooking> };
  '/api/bookings/{booking}/cancel': { post: Op<Booking, { refund: number }, OfBooking> };
  '/api/bookings/{booking}/validate': { post: Op<Booking, never, OfBooking> };
  '/api/bookings/{booking}/withdrawal': { post: Op<Booking, { name: string; email: string }, OfBooking> };
  '/api/withdrawals': {
    post: Op<WithdrawalAnswer, { name: string; reference: string; email: string; confirmed: boolean }>;
  };
  '/api/bookings/{booking}/claim': {
    post: Op<Booking, { reason: ClaimReason; description: string }, OfBooking>;
  };
  '/api/bookings/{booking}/claim/proposal': {
    post: Op<Booking, { percent: number; message: string }, OfBooking>;
  };
  '/api/bookings/{booking}/claim/accept': { post: Op<Booking, { refund: number }, OfBooking> };
  '/api/bookings/{booking}/invoices': { get: Op<{ invoices: Invoice[] } | Invoice[], never, OfBooking> };
  '/api/invoices/{invoice}/{format}': {
    get: Op<{ url: string; expires_in: number }, never, { invoice: string; format: 'pdf' | 'xml' }>;
  };
};
