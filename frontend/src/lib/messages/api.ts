// What clients and professionals write to each other.

import { callSignedIn } from '$lib/api/client';
import { Problem } from '$lib/api/problem';
import type { Addressed } from '$lib/api/schema';
import { announced, put } from '$lib/upload';

const CONVERSATION = '/api/conversations/{conversation}';

export const listConversations = (after?: string) =>
  callSignedIn('GET', '/api/conversations', { query: { after: after ?? null } });

/** The conversation that a message to `to` would go to, if it has begun. */
export async function findConversation(to: Addressed): Promise<string | undefined> {
  if (to.type === 'conversation') return to.conversation;
  const query = to.type === 'booking' ? { booking: to.booking } : { slug: to.slug };
  return (await callSignedIn('GET', '/api/conversations', { query })).conversations[0]?.id;
}

export const readConversation = (conversation: string, after?: string) =>
  callSignedIn('GET', CONVERSATION, { path: { conversation }, query: { after: after ?? null } });

/** Marks a conversation as read, as it was when it had `messages` messages. */
export const markRead = (conversation: string, messages: number) =>
  callSignedIn('PUT', `${CONVERSATION}/read`, { path: { conversation }, body: { messages } });

/** Sends a message. `once` is kept with what was typed, so that asking again never sends twice. */
export const send = (to: Addressed, text: string, attachments: string[], once: string) =>
  callSignedIn('POST', '/api/messages', { body: { to, text, attachments }, once });

/** How often a message is sent again while its files are being scanned, and for how long, in milliseconds. */
const AGAIN = { every: 1500, most: 60_000 };

/** Sends a message whose files are being scanned: again, until they are known to be clean. */
export async function sendOnceScanned(...message: Parameters<typeof send>): ReturnType<typeof send> {
  const begun = Date.now();
  for (;;) {
    try {
      return await send(...message);
    } catch (error) {
      const waits = error instanceof Problem && error.code === 'attachment_being_scanned';
      if (!waits || Date.now() - begun > AGAIN.most) throw error;
      await new Promise((over) => setTimeout(over, AGAIN.every));
    }
  }
}

/** A link to a file, good for a minute. */
export const openAttachment = (conversation: string, message: string, attachment: string) =>
  callSignedIn('GET', `${CONVERSATION}/messages/{message}/attachments/{attachment}`, {
    path: { conversation, message, attachment },
  });

/** Uploads a file for a message; answers what to name in it. */
export async function attach(file: File, progress: (percent: number) => void): Promise<string> {
  const read = await announced(file);
  const { attachment, upload } = await callSignedIn('POST', '/api/attachments', {
    body: { name: file.name, ...read.announced },
  });
  await put(upload, read.bytes, progress);
  return attachment;
}
