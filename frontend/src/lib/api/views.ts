// Short names for the views that many pages show.

import type { BookingView, InvoiceView } from './schema';

export type Booking = BookingView;
export type Invoice = InvoiceView;
export type { BookingState, ClaimReason, ClaimView as Claim, Leaving, WithdrawalView } from './schema';
