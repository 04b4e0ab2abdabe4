// A shift that is taken from one row and put on another: what is dragged, where it was dropped, and what
// the rules say of it. Nothing changes before it is confirmed, since the client is told at once.

import type { StaffingView } from '$lib/api/schema';
import { Sending } from '$lib/sending.svelte';
import { readStaffing, replaceAgent } from './api';
import type { Placed } from './planning';

type Dropped = { placed: Placed; agent: string; name: string };

export class Moving {
  /** What is in the hand. */
  dragged: Placed | undefined = $state.raw();
  /** Over whose row. */
  over: string | undefined = $state();
  /** What was dropped on whose row, to be confirmed or refused. */
  dropped: Dropped | undefined = $state.raw();
  /** Why it may not go there. */
  refusal: string | undefined = $state();
  readonly asking = new Sending();
  readonly sending = new Sending();

  #staffing: Promise<StaffingView> | undefined;

  take(placed: Placed): void {
    this.forget();
    this.dragged = placed;
    // Read while it is on its way, so that the answer is there when it is dropped.
    this.#staffing = readStaffing(placed.shift.booking);
    this.#staffing.catch(() => undefined);
  }

  letGo(): void {
    this.dragged = undefined;
    this.over = undefined;
  }

  forget(): void {
    this.dropped = undefined;
    this.refusal = undefined;
    this.sending.problem = undefined;
    this.asking.problem = undefined;
  }

  mayDropOn(agent: string): boolean {
    return this.dragged !== undefined && this.dragged.agent.agent !== agent;
  }

  async drop(agent: string, name: string): Promise<void> {
    const placed = this.dragged;
    const asked = this.#staffing;
    this.letGo();
    if (!placed || !asked || placed.agent.agent === agent) return;
    this.forget();
    await this.asking.run(async () => {
      const { agents } = await asked;
      const candidate = agents.find((one) => one.agent === agent);
      const hard = candidate?.broken.filter((one) => one.weight === 'hard') ?? [];
      if (candidate?.sent) this.refusal = 'déjà sur cette mission';
      else if (!candidate?.may_go) this.refusal = hard.map((one) => one.sentence).join(' ; ');
    });
    this.dropped = { placed, agent, name };
  }

  /** Whether it was done: the client is told. */
  confirm(): Promise<boolean> {
    const dropped = this.dropped;
    return this.sending.run(async () => {
      if (!dropped) return;
      const { placed, agent } = dropped;
      await replaceAgent(placed.shift.booking, placed.agent.agent, agent);
    });
  }
}
