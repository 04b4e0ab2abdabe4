// A file on its way to the private bucket: looked at, announced, sent with its progress.

import { Problem, UNREACHABLE } from '$lib/api/problem';
import type { FileType, UploadRequest } from '$lib/api/schema';

/** 10 MB, the API's limit. */
export const LARGEST_FILE = 10 * 1024 * 1024;

const WRONG_TYPE = 'Ce fichier n’est pas un PDF, un JPEG ou un PNG.';

/** What a file is by its first bytes, whatever its name says. */
export function typeOf(first: Uint8Array): FileType | undefined {
  const begins = (...bytes: number[]) => bytes.every((byte, rank) => first[rank] === byte);
  if (begins(0x25, 0x50, 0x44, 0x46)) return 'application/pdf';
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  return undefined;
}

/** What is wrong with a chosen file, before anything is sent. */
export async function fileFault(file: File, picture: boolean): Promise<string | undefined> {
  if (file.size === 0) return 'Ce fichier est vide.';
  if (file.size > LARGEST_FILE) return 'Un fichier pèse 10 Mo au plus.';
  const type = typeOf(new Uint8Array(await file.slice(0, 8).arrayBuffer()));
  if (!type) return WRONG_TYPE;
  if (picture && type === 'application/pdf') return 'Une photo est un JPEG ou un PNG.';
  return undefined;
}

async function digest(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A file as it is announced, and its bytes. */
export type Announced = { file_type: FileType; size: number; sha256: string };

export async function announced(file: File): Promise<{ bytes: ArrayBuffer; announced: Announced }> {
  const bytes = await file.arrayBuffer();
  const type = typeOf(new Uint8Array(bytes.slice(0, 8)));
  if (!type) throw new Problem(422, 'file_type_refused', WRONG_TYPE);
  return { bytes, announced: { file_type: type, size: file.size, sha256: await digest(bytes) } };
}

/** Sends exactly what was announced. `fetch` does not say how far an upload is; this does. */
export function put(
  { url, headers }: UploadRequest,
  body: ArrayBuffer,
  progress: (percent: number) => void,
): Promise<void> {
  return new Promise((sent, failed) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      // These two are the browser's to write, and it writes the same.
      if (!['host', 'content-length'].includes(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => progress(Math.round((100 * loaded) / total));
    request.onload = () =>
      request.status < 300
        ? sent()
        : failed(new Problem(request.status, 'upload_refused', 'L’envoi a échoué : réessayez.'));
    request.onerror = () => failed(new Problem(0, 'unreachable', UNREACHABLE));
    request.send(body);
  });
}
