// A document of a registration on its way: announced, sent, confirmed.

import type { DocumentDetails, RegistrationView } from '$lib/api/schema';
import { announced, put } from '$lib/upload';
import { announceDocument, confirmDocument, readRegistration, removeDocument } from './api';

/** How often is asked whether the scan is over, in milliseconds. */
const ASK_EVERY = 1500;

const pause = (milliseconds: number) => new Promise((over) => setTimeout(over, milliseconds));

/** Whether a document of the registration is being scanned for malware. */
export const isScanned = ({ documents }: RegistrationView) =>
  documents.some(({ status }) => status === 'scanning');

/** Asks again until nothing is being scanned any more, or `over` says that nobody waits. */
export async function awaitScans(
  registration: RegistrationView,
  changed: (registration: RegistrationView) => void,
  over: () => boolean,
): Promise<void> {
  let now = registration;
  while (isScanned(now) && !over()) {
    await pause(ASK_EVERY);
    if (over()) return;
    now = await readRegistration();
    changed(now);
  }
}

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
