// What signing out does on an agent's phone. Apart from the phone itself, which only agents load.

/** Under which name the shifts are kept on the phone. */
export const SHIFTS = 'agent:vacations';

/** Takes the shifts off the phone; what was not sent waits for who told it. */
export function forgetShifts(): void {
  localStorage.removeItem(SHIFTS);
}
