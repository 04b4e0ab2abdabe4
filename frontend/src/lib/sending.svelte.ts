// One thing being sent: that it is on its way, and what went wrong with it.

import { asProblem, type Problem } from '$lib/api/problem';

export class Sending {
  busy = $state(false);
  problem: Problem | undefined = $state();

  /** Runs `work` unless something is on its way already; whether it was done. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The problem's sentence when it is about one of these fields or codes. */
  about(...names: string[]): string | undefined {
    const { problem } = this;
    if (!problem) return undefined;
    return names.includes(problem.field ?? '') || names.includes(problem.code) ? problem.message : undefined;
  }
}
