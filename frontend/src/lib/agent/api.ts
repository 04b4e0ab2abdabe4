// What an agent asks of the API: their own shifts, and what they tell of them.

import { callSignedIn } from '$lib/api/client';
import type { ContactAtEnd, EntryKind, OwnShift, Whereabouts } from '$lib/api/schema';

export const listShifts = () => callSignedIn('GET', '/api/agent/shifts', {});

/** A new address for one's own calendar application, or none; the one before stops working. */
export const renewFeed = (open: boolean) => callSignedIn('POST', '/api/agent/feed', { body: { open } });

/** Something that an agent tells of a shift, with the phone's own time. */
export type Told =
  | { what: 'arrival' | 'departure'; position: Whereabouts | null }
  | { what: 'log'; kind: EntryKind; text: string }
  | { what: 'report'; text: string; contact: ContactAtEnd };

/** Sends it; `told_at` names it, so that what is sent again is the same. */
export function tell(booking: string, told: Told, told_at: string): Promise<OwnShift> {
  const times = { told_at, sent_at: new Date().toISOString() };
  const path = { booking };
  switch (told.what) {
    case 'arrival':
      return callSignedIn('POST', '/api/agent/shifts/{booking}/arrival', {
        path,
        body: { times, position: told.position },
      });
    case 'departure':
      return callSignedIn('POST', '/api/agent/shifts/{booking}/departure', {
        path,
        body: { times, position: told.position },
      });
    case 'log':
      return callSignedIn('POST', '/api/agent/shifts/{booking}/log', {
        path,
        body: { times, kind: told.kind, text: told.text },
      });
    case 'report':
      return callSignedIn('POST', '/api/agent/shifts/{booking}/report', {
        path,
        body: { times, text: told.text, contact: told.contact },
      });
  }
}
