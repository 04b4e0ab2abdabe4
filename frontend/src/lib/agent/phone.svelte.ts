// The agent's phone: the shifts as they were read last, and what waits to be sent. Both are kept on it, so that
// the page works without network; signing out takes the shifts away.

import type { OwnShift, OwnShifts, Whereabouts } from '$lib/api/schema';
import { heard, now, recallClock } from '$lib/clock';
import { asProblem, type Problem } from '$lib/api/problem';
import { listShifts, tell, type Told } from './api';
import { forgetShifts, SHIFTS } from './forget';
import { add, after, isLater, next, nothing, parse, read, waitingOf, type Kept, type Refused } from './queue';

const QUEUE = 'agent:envois';
const CLOCK = 'agent:avance';

class Phone {
  shifts: OwnShifts | undefined = $state.raw();
  kept: Kept = $state.raw(nothing());
  problem: Problem | undefined = $state();
  #sending = false;

  /** What is kept on the phone. */
  recall(): void {
    this.kept = parse(localStorage.getItem(QUEUE));
    recallClock(Number(localStorage.getItem(CLOCK)));
    try {
      this.shifts = JSON.parse(localStorage.getItem(SHIFTS) ?? 'null') ?? undefined;
    } catch {
      this.shifts = undefined;
    }
  }

  /** Sends what waits, then reads the shifts again. */
  async refresh(): Promise<void> {
    await this.send();
    try {
      this.#show(await listShifts());
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
      // Whoever is not signed in any more, or in no team, reads nothing of clients; what was told waits on.
      if ([401, 403].includes(this.problem.status)) {
        forgetShifts();
        this.shifts = undefined;
      }
    }
    await this.send();
  }

  /** Keeps something that was told, and sends it as soon as it goes. */
  async tell(booking: string, told: Told): Promise<void> {
    const agent = this.shifts?.agent;
    if (!agent) return;
    const [told_at, at] = [Date.now(), now()].map((moment) => new Date(moment).toISOString()) as [
      string,
      string,
    ];
    this.#keep(add(this.kept, { agent, booking, told_at, at, told }));
    await this.send();
  }

  /** One after the other: what waits behind something is told after it. */
  async send(): Promise<void> {
    const agent = this.shifts?.agent;
    if (this.#sending || !agent) return;
    this.#sending = true;
    try {
      for (let item = next(this.kept, agent); item; item = next(this.kept, agent)) {
        try {
          const shift = await tell(item.booking, item.told, item.told_at);
          this.#keep(after(this.kept, item, { done: true }));
          this.#replace(shift);
        } catch (error) {
          const problem = asProblem(error);
          const later = isLater(problem.status);
          this.#keep(after(this.kept, item, { done: false, later, why: problem.message }));
          if (later) {
            if (problem.status !== 0) this.problem = problem;
            return;
          }
        }
      }
    } finally {
      this.#sending = false;
    }
  }

  /** What of a shift waits to be sent. */
  waiting(booking: string): Told[] {
    return waitingOf(this.kept, this.shifts?.agent ?? '', booking).map(({ told }) => told);
  }

  /** When something that waits was told. */
  toldAt(booking: string, what: Told['what']): string | undefined {
    const items = waitingOf(this.kept, this.shifts?.agent ?? '', booking);
    return items.find(({ told }) => told.what === what)?.at;
  }

  dismiss(refused: Refused): void {
    this.#keep(read(this.kept, refused));
  }

  #show(shifts: OwnShifts): void {
    this.shifts = shifts;
    localStorage.setItem(SHIFTS, JSON.stringify(shifts));
    localStorage.setItem(CLOCK, String(heard()));
  }

  #replace(shift: OwnShift): void {
    if (!this.shifts) return;
    const shifts = this.shifts.shifts.map((one) => (one.booking === shift.booking ? shift : one));
    this.#show({ ...this.shifts, shifts });
  }

  #keep(kept: Kept): void {
    this.kept = kept;
    localStorage.setItem(QUEUE, JSON.stringify(kept));
  }
}

export const phone = new Phone();

/** Where the phone is, when its holder lets the page know; nothing when that takes long. */
export function whereabouts(): Promise<Whereabouts | null> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          latitude: Math.round(coords.latitude * 1e6),
          longitude: Math.round(coords.longitude * 1e6),
          accuracy: Math.round(coords.accuracy),
        }),
      () => resolve(null),
      { enableHighAccuracy: true, maximumAge: 60_000, timeout: 8_000 },
    );
  });
}
