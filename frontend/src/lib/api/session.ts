// One renewal of the session at a time, for all tabs. A refresh token that is used twice signs the
// device out, and two tabs would use the same one if they asked at the same moment.

import { BROKEN, Problem } from './problem';

const RENEWED = 'session-renouvelee';

/** Runs alone among the tabs of this site; among the calls of this page where there are no locks. */
let alone: Promise<unknown> = Promise.resolve();
function oneAtATime<Result>(work: () => Promise<Result>): Promise<Result> {
  if ('locks' in navigator) return navigator.locks.request('session', work) as Promise<Result>;
  const turn = alone.then(work, work);
  alone = turn.catch(() => undefined);
  return turn;
}

/**
 * Renews the session that a call begun at `since` found over, unless another tab or call has done so
 * meanwhile. False when there is nothing to renew: nobody is signed in any more.
 */
export function renew(since: number, refresh: () => Promise<Response>): Promise<boolean> {
  return oneAtATime(async () => {
    if (Number(localStorage.getItem(RENEWED)) > since) return true;
    const answer = await refresh();
    // An answer that nobody reads keeps its connection busy.
    await answer.body?.cancel();
    if (answer.status >= 500) throw new Problem(answer.status, 'unknown', BROKEN);
    if (!answer.ok) return false;
    localStorage.setItem(RENEWED, String(Date.now()));
    return true;
  });
}
