// What the planning asks of the API: who goes where, and who in whose place.

import { callSignedIn } from '$lib/api/client';
import type { Absence, PlanningSpan } from '$lib/api/schema';

/** The week of a day, or the weeks of its month: shifts of each agent, and absences. */
export const readPlanning = (day: string, span: PlanningSpan) =>
  callSignedIn('GET', '/api/professional/planning', { query: { day, span } });

/** All absences; those that are missing are taken back. */
export const saveAbsences = (absences: Absence[]) =>
  callSignedIn('PUT', '/api/professional/absences', { body: { absences } });

/** Who goes, who else may, and who may not with the reason. */
export const readStaffing = (booking: string) =>
  callSignedIn('GET', '/api/bookings/{booking}/staffing', { path: { booking } });

/** Sends another agent; the client is told. */
export const replaceAgent = (booking: string, left: string, came: string) =>
  callSignedIn('POST', '/api/bookings/{booking}/replacements', { path: { booking }, body: { left, came } });
