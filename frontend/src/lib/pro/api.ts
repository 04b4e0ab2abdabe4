// What a professional, and whoever becomes one, asks of the API.

import { call, callSignedIn } from '$lib/api/client';
import type { Booking, Invoice } from '$lib/api/coming';
import type {
  AnnouncedDocument,
  BookingsPage,
  Declarations,
  DraftProfile,
  EvaluationText,
  OfferTerms,
  OpeningCalendar,
  PresentationPage,
} from '$lib/api/schema';

// The registration.

export const startRegistration = (email: string) =>
  call('POST', '/api/registrations', { body: { email, accepts_terms: true } });

export const readRegistration = () => callSignedIn('GET', '/api/registration', {});

export const saveRegistration = (profile: DraftProfile) =>
  callSignedIn('PUT', '/api/registration', { body: { profile } });

export const announceDocument = (announced: AnnouncedDocument) =>
  callSignedIn('POST', '/api/registration/documents', { body: announced });

export const confirmDocument = (document: string) =>
  callSignedIn('POST', '/api/registration/documents/{document}/confirm', { path: { document } });

export const removeDocument = (document: string) =>
  callSignedIn('DELETE', '/api/registration/documents/{document}', { path: { document } });

export const submitRegistration = (declarations: Declarations) =>
  callSignedIn('POST', '/api/registration/submit', { body: { declarations } });

// The page, the offers, the calendar.

export const readPage = () => callSignedIn('GET', '/api/professional/page', {});

export const savePage = (page: PresentationPage) =>
  callSignedIn('PUT', '/api/professional/page', { body: { page } });

export const listOffers = () => callSignedIn('GET', '/api/professional/offers', {});

export const createOffer = (terms: OfferTerms, once: string) =>
  callSignedIn('POST', '/api/professional/offers', { body: { terms }, once });

export const changeOffer = (offer: string, terms: OfferTerms) =>
  callSignedIn('PUT', '/api/professional/offers/{offer}', { path: { offer }, body: { terms } });

export const publishOffer = (offer: string) =>
  callSignedIn('POST', '/api/professional/offers/{offer}/publish', { path: { offer } });

export const withdrawOffer = (offer: string) =>
  callSignedIn('POST', '/api/professional/offers/{offer}/withdraw', { path: { offer } });

export const readCalendar = () => callSignedIn('GET', '/api/professional/calendar', {});

export const saveCalendar = (calendar: OpeningCalendar) =>
  callSignedIn('PUT', '/api/professional/calendar', { body: { calendar } });

// Requests and bookings.

/** A booking as its professional sees it. */
export type Mission = Booking & {
  /** Why a validated mission is not paid yet. */
  payout_wait?: 'not_active' | 'bank_details_changed' | 'contested' | 'being_sent' | null;
};

export type MissionsPage = Omit<BookingsPage, 'bookings'> & { bookings: Mission[] };

const BOOKING = '/api/bookings/{booking}';

export const listMissions = (after?: string): Promise<MissionsPage> =>
  callSignedIn('GET', '/api/professional/bookings', { query: { after: after ?? null } });

/** Every booking of the last pages, newest first; `complete` says whether that is all there is. */
export async function listAllMissions(mostPages = 15): Promise<{ missions: Mission[]; complete: boolean }> {
  const missions: Mission[] = [];
  let after: string | undefined;
  for (let read = 0; read < mostPages; read += 1) {
    const page = await listMissions(after);
    missions.push(...page.bookings);
    if (!page.next) return { missions, complete: true };
    after = page.next;
  }
  return { missions, complete: false };
}

export const readMission = (booking: string): Promise<Mission> =>
  callSignedIn('GET', BOOKING, { path: { booking } });

export const acceptMission = (booking: string, advice: string): Promise<Mission> =>
  callSignedIn('POST', `${BOOKING}/accept`, { path: { booking }, body: { advice: advice || null } });

export const refuseMission = (booking: string, reason: string): Promise<Mission> =>
  callSignedIn('POST', `${BOOKING}/refuse`, { path: { booking }, body: { reason } });

export const completeMission = (booking: string): Promise<Mission> =>
  callSignedIn('POST', `${BOOKING}/complete`, { path: { booking } });

export const evaluateClient = (booking: string, text: EvaluationText) =>
  callSignedIn('POST', `${BOOKING}/evaluation`, { path: { booking }, body: text });

// What the API serves and `lib/api/schema.d.ts` does not describe yet: cancelling, payouts, invoices.

type Coming = { path?: Record<string, string>; query?: Record<string, string>; body?: unknown };
const coming = callSignedIn as unknown as (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  asked: Coming,
) => Promise<unknown>;

export const cancelMission = async (booking: string, reason: string): Promise<Mission> =>
  (await coming('POST', '/api/professional/bookings/{booking}/cancel', {
    path: { booking },
    body: { reason },
  })) as Mission;

export type Payouts = {
  status: 'none' | 'pending' | 'active' | 'restricted';
  label: string;
  explanation: string;
  /** The end of the account that is paid. */
  iban_end: string | null;
  iban_change: { iban_end: string; effective_at: string } | null;
  hold_until: string | null;
};

const PAYOUTS = '/api/professional/payouts';

export const readPayouts = async (): Promise<Payouts> => (await coming('GET', PAYOUTS, {})) as Payouts;

/** The same, read from Stripe again. */
export const refreshPayouts = async (): Promise<Payouts> =>
  (await coming('POST', `${PAYOUTS}/refresh`, { body: {} })) as Payouts;

/** The address of Stripe's page where identity and account are given. */
export const openOnboarding = async (): Promise<{ url: string }> =>
  (await coming('POST', `${PAYOUTS}/onboarding`, { body: {} })) as { url: string };

export const changeIban = async (asked: {
  password: string;
  iban: string;
  holder: string;
}): Promise<Payouts> => (await coming('PUT', '/api/professional/iban', { body: asked })) as Payouts;

export const keepIban = async (): Promise<Payouts> =>
  (await coming('DELETE', '/api/professional/iban', {})) as Payouts;

export type IssuedInvoice = Invoice & { booking?: string; reference?: string };

export async function listIssuedInvoices(
  cursor?: string,
): Promise<{ invoices: IssuedInvoice[]; next: string | null }> {
  const answer = (await coming('GET', '/api/professional/invoices', {
    query: cursor ? { cursor } : {},
  })) as IssuedInvoice[] | { invoices: IssuedInvoice[]; next?: string | null };
  if (Array.isArray(answer)) return { invoices: answer, next: null };
  return { invoices: answer.invoices, next: answer.next ?? null };
}
