// How the parties of a conversation are named.

import type { ConversationView } from '$lib/api/schema';

/** A professional learns who a client is from the first contract on. */
export const correspondent = ({ with: name }: Pick<ConversationView, 'with'>): string =>
  name ?? 'Un client du site';
