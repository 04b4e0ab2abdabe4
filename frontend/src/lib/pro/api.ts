// What a professional, and whoever becomes one, asks of the API.

import { call, callSignedIn } from '$lib/api/client';
import type {
  AnnouncedDocument,
  AskedChange,
  BookingView,
  Declarations,
  DraftProfile,
  EvaluationText,
  OfferTerms,
  NewBankAccount,
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

/** Contests what the operator decided. */
export const contestDecision = (text: string) =>
  callSignedIn('POST', '/api/professional/appeal', { body: { text } });

/** The same once a measure took effect and nobody signs in: with the link of its mail. */
export const contestByLink = (token: string, text: string) =>
  call('POST', '/api/professional/appeal', { body: { token, text } });

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

/** A new address for calendar applications, or none; the one before stops working. */
export const renewFeed = (open: boolean) =>
  callSignedIn('POST', '/api/professional/calendar/feed', { body: { open } });

/** Figures by month, from `from` to `to`, such as `2026-11`; the last six without a period. */
export const readStatistics = (asked: { from?: string; to?: string }) =>
  callSignedIn('GET', '/api/professional/statistics', { query: asked });

/** What was paid over a year, by quarter. */
export const readYearlyStatement = (year: string) =>
  callSignedIn('GET', '/api/professional/yearly-statement', { query: { year } });

/** One's own figures in the order « Conseillés ». */
export const readRanking = () => callSignedIn('GET', '/api/professional/ranking', {});

// Requests and bookings.

/** A booking as its professional sees it. */
export type Mission = BookingView;

const BOOKING = '/api/bookings/{booking}';

export const listMissions = (after?: string) =>
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

export const readMission = (booking: string) => callSignedIn('GET', BOOKING, { path: { booking } });

export const acceptMission = (booking: string, advice: string, agents: string[]) =>
  callSignedIn('POST', `${BOOKING}/accept`, {
    path: { booking },
    body: { advice: advice || null, agents },
  });

export const refuseMission = (booking: string, reason: string) =>
  callSignedIn('POST', `${BOOKING}/refuse`, { path: { booking }, body: { reason } });

export const completeMission = (booking: string) =>
  callSignedIn('POST', `${BOOKING}/complete`, { path: { booking } });

export const evaluateClient = (booking: string, text: EvaluationText) =>
  callSignedIn('POST', `${BOOKING}/evaluation`, { path: { booking }, body: text });

export const cancelMission = (booking: string, reason: string) =>
  callSignedIn('POST', '/api/professional/bookings/{booking}/cancel', {
    path: { booking },
    body: { reason },
  });

// Reviews.

const REVIEW = '/api/professional/reviews/{review}';

/** The one public answer to a review. */
export const replyToReview = (review: string, text: string) =>
  callSignedIn('POST', `${REVIEW}/reply`, { path: { review }, body: { text } });

/** Tells the operator, with reasons, that a review may not be authentic. */
export const doubtReview = (review: string, text: string) =>
  callSignedIn('POST', `${REVIEW}/doubt`, { path: { review }, body: { text } });

// Being paid.

export const readPayouts = () => callSignedIn('GET', '/api/professional/payouts', {});

/** The same, read from Stripe again. */
export const refreshPayouts = () => callSignedIn('POST', '/api/professional/payouts/refresh', {});

/** The address of Stripe's page where identity and account are given. */
export const openOnboarding = () => callSignedIn('POST', '/api/professional/payouts/onboarding', {});

export const changeIban = (asked: NewBankAccount) =>
  callSignedIn('PUT', '/api/professional/iban', { body: asked });

/** Gives up a change of IBAN that is not effective yet. */
export const keepIban = () => callSignedIn('DELETE', '/api/professional/iban', {});

export const listIssuedInvoices = (after?: string) =>
  callSignedIn('GET', '/api/professional/invoices', { query: { after: after ?? null } });

// The file of an accepted professional.

export const readFile = () => callSignedIn('GET', '/api/professional/file', {});

/** Changes the file: at once, or once our team agrees. */
export const askChange = (change: AskedChange) =>
  callSignedIn('POST', '/api/professional/file/changes', { body: { change } });

export const answerComplement = (change: string, text: string) =>
  callSignedIn('POST', '/api/professional/file/changes/{change}/answer', {
    path: { change },
    body: { text },
  });

export const withdrawChange = (change: string) =>
  callSignedIn('DELETE', '/api/professional/file/changes/{change}', { path: { change } });

/** Several agents from a list; nobody is added while a line has a fault. */
export const importAgents = (csv: string) =>
  callSignedIn('POST', '/api/professional/file/agents', { body: { csv } });
