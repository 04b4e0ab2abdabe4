// The places of a client, asked for: apart from orders as they are typed, which more pages than these load.

import { readSites } from '$lib/api/account';
import { listBookings } from '$lib/api/bookings';
import { knownSites, likelySite, type KnownSite, type TypedOrder } from './order';

/**
 * The places that a client knows; those that do not come are typed. The order is filled in with the one that it
 * may be about.
 */
export async function recallPlaces(typed: TypedOrder): Promise<KnownSite[]> {
  const [listed, kept] = await Promise.all([
    listBookings().catch(() => ({ bookings: [] })),
    readSites().catch(() => ({ sites: [] })),
  ]);
  const known = knownSites(listed.bookings, kept.sites);
  const likely = likelySite(typed, known);
  if (likely) Object.assign(typed, { ...likely, name: undefined });
  return known;
}
