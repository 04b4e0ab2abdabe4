// The booking that the pages under /reservations/{booking} are about: read once, shown by all of
// them, and replaced by what each command answers.

import { createContext } from 'svelte';
import { readBooking } from '$lib/api/bookings';
import type { Booking } from '$lib/api/views';
import { asProblem, type Problem } from '$lib/api/problem';

export class CurrentBooking {
  booking: Booking | undefined = $state();
  problem: Problem | undefined = $state();

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    this.problem = undefined;
    try {
      this.booking = await readBooking(this.id);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}

export const [currentBooking, setCurrentBooking] = createContext<() => CurrentBooking>();
