// What goes wrong between a page and the API.

import type { Missing } from './schema';

/** A refusal or a failure, with a sentence for people. `status` is 0 when nothing was answered. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** The field that is wrong, as the API names it. */
    readonly field?: string,
    /** What is still to be given, when that is why it was refused. */
    readonly missing: Missing[] = [],
  ) {
    super(detail);
  }

  /** Nobody is signed in, or not any more. */
  get signedOut(): boolean {
    return this.status === 401;
  }

  /** The network or the server is away, or asked for a pause: trying again later makes sense. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === 'unreadable';
  }
}

export const UNREACHABLE =
  'Le service ne répond pas. Vérifiez votre connexion, puis réessayez : rien n’a été perdu.';
export const BROKEN = 'Une erreur est survenue de notre côté. Réessayez dans un instant.';

/** What went wrong, as a problem to show. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'unexpected', BROKEN);
}
