// How pages call the API: typed by its description, problems as exceptions, and a session that ran
// out renewed once without the page noticing.

import { goto } from '$app/navigation';
import { listen } from '$lib/clock';
import { actsForProfessional } from '$lib/account/home';
import { reminder } from '$lib/account/session.svelte';
import { BROKEN, Problem, UNREACHABLE } from './problem';
import type { Answer, Asked, Method, PathOf } from './routes';
import { renew } from './session';

type Loose = {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
  once?: string;
};

/** Why a professional may do no more than read and answer what is theirs. */
const BARRED = ['account_suspended', 'account_closed'];

async function send(method: Method, template: string, asked: Loose = {}): Promise<Response> {
  const { path, query, body, signal, once } = asked;
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(path?.[name] ?? '')),
  );
  const given = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const begun = Date.now();
  try {
    const answer = await fetch(search ? `${address}?${search}` : address, {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(once === undefined ? {} : { 'idempotency-key': once }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    listen(answer, begun);
    return answer;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem(0, 'unreachable', UNREACHABLE);
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => {
    throw new Problem(0, 'unreachable', UNREACHABLE);
  });
  let value: unknown;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Problem(response.status, 'unreadable', BROKEN);
  }
  if (response.ok) return value;
  const said = (value ?? {}) as Partial<Problem> & { detail?: string };
  throw new Problem(response.status, said.code ?? 'unknown', said.detail ?? BROKEN, said.field, said.missing);
}

/** Calls what needs nobody signed in. */
export async function call<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  asked: Asked<M, P>,
): Promise<Answer<M, P>> {
  return (await read(await send(method, path, asked as Loose))) as Answer<M, P>;
}

/** An address that answers with a redirect to a file. Asked once before a tab goes there: what it refuses is a
 * problem here, and not a page of JSON in that tab. */
export async function redirecting(address: string): Promise<{ url: string }> {
  const answer = await fetch(address, { redirect: 'manual' }).catch(() => {
    throw new Problem(0, 'unreachable', UNREACHABLE);
  });
  if (answer.type !== 'opaqueredirect') await read(answer);
  return { url: address };
}

/** Calls what needs a session; throws a problem that is `signedOut` when there is none any more. */
export async function callSignedIn<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  asked: Asked<M, P>,
): Promise<Answer<M, P>> {
  const since = Date.now();
  let answer = await send(method, path, asked as Loose);
  if (answer.status === 401) {
    if (await renew(since, () => send('POST', '/api/session/refresh'))) {
      await answer.body?.cancel();
      answer = await send(method, path, asked as Loose);
    }
    if (answer.status === 401) reminder.end();
  }
  try {
    return (await read(answer)) as Answer<M, P>;
  } catch (error) {
    // New terms hold: nothing else works until they are accepted.
    if (error instanceof Problem && error.code === 'terms_not_accepted') {
      const back = encodeURIComponent(location.pathname + location.search);
      await goto(`/conditions?suite=${back}`, { replaceState: true });
    }
    // A measure took effect: the decision and the appeal are theirs to read and write, nothing else is.
    if (error instanceof Problem && BARRED.includes(error.code) && actsForProfessional(reminder.role)) {
      await goto('/pro/decision', { replaceState: true });
    }
    throw error;
  }
}
