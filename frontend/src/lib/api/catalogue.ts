// What anybody may read: places, offers, professionals, prices.

import { call, redirecting } from './client';
import type { AskedMission, ReportedContent, Sort } from './schema';

export type Mission = { start: string; end: string; agents: number };

export type Question = Mission & {
  activity: import('./schema').Activity;
  place: string;
  sort: Sort;
  after?: string | undefined;
};

export const suggestPlaces = (q: string, signal: AbortSignal) =>
  call('GET', '/api/places', { query: { q }, signal });

/** What holds for a mission that is ordered now: fees, hours, delays. */
export const readRules = async () => (await call('GET', '/api/health', {})).rules;

export const search = ({ after, ...asked }: Question, signal: AbortSignal) =>
  call('GET', '/api/search', { query: { ...asked, after: after ?? null }, signal });

export const compare = (offers: string[], place: string, mission: Mission, signal: AbortSignal) =>
  call('GET', '/api/compare', { query: { offers: offers.join(','), place, ...mission }, signal });

export const readOffer = (offer: string, signal: AbortSignal) =>
  call('GET', '/api/offers/{offer}', { path: { offer }, signal });

export const quote = (mission: AskedMission, signal: AbortSignal) =>
  call('POST', '/api/quotes', { body: mission, signal });

export const readProfessional = (slug: string, signal: AbortSignal) =>
  call('GET', '/api/professionals/{slug}', { path: { slug }, signal });

export const readReviews = (slug: string, after: string | undefined, signal?: AbortSignal) =>
  call('GET', '/api/professionals/{slug}/reviews', {
    path: { slug },
    query: { after: after ?? null },
    ...(signal ? { signal } : {}),
  });

/** Where a professional's conditions of sale are. */
export const openConditions = (slug: string) =>
  redirecting(`/api/professionals/${encodeURIComponent(slug)}/conditions`);

export const revealPhone = (slug: string) =>
  call('POST', '/api/professionals/{slug}/phone', { path: { slug } });

/** Reports something illegal or false on a professional's page. */
export const reportContent = (asked: ReportedContent) => call('POST', '/api/reports', { body: asked });
