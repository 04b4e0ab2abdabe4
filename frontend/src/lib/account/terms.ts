// The platform's terms.

import { call, callSignedIn } from '$lib/api/client';
import type { Audience } from '$lib/api/schema';

export const readTerms = (audience: Audience, version?: string) =>
  call('GET', '/api/terms/{audience}', { path: { audience }, query: version ? { version } : {} });

export const acceptTerms = (version: string) =>
  callSignedIn('POST', '/api/account/terms', { body: { version } });

/** Where a version can be read for good. */
export const termsAddress = (audience: Audience, version: string) =>
  `/cgu/${audience}?version=${encodeURIComponent(version)}`;
