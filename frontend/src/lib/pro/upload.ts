// A document of a registration on its way: announced, sent, confirmed.

import type { DocumentDetails, RegistrationView } from '$lib/api/schema';
import { announced, put } from '$lib/upload';
import { announceDocument, confirmDocument, removeDocument } from './api';

/** Deposits a document; answers the registration with it. What failed on the way leaves no trace. */
export async function deposit(
  details: DocumentDetails,
  file: File,
  progress: (percent: number) => void,
): Promise<RegistrationView> {
  const read = await announced(file);
  const { document, upload } = await announceDocument({ details, ...read.announced });
  try {
    await put(upload, read.bytes, progress);
    return await confirmDocument(document);
  } catch (error) {
    await removeDocument(document).catch(() => undefined);
    throw error;
  }
}
