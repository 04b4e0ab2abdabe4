// The words of prices.

import type { components } from '$lib/api/schema';

export type HourClass = components['schemas']['HourClass'];

export type NightHours = components['schemas']['NightHours'];

/** Kinds of hours, in the order in which breakdowns say them. */
export const hourClasses: readonly HourClass[] = [
  'day',
  'night',
  'sunday',
  'sunday_night',
  'holiday',
  'holiday_night',
];

const words: Record<HourClass, string> = {
  day: 'Jour',
  night: 'Nuit',
  sunday: 'Dimanche',
  sunday_night: 'Nuit du dimanche',
  holiday: 'Jour férié',
  holiday_night: 'Nuit de jour férié',
};

/** A kind of hours, with the nights that a price was counted with. */
export function hourClass(kind: HourClass, night: NightHours | undefined): string {
  if (!night) return words[kind];
  const hours = ` (de ${night.from}\u00a0h à ${night.until}\u00a0h)`;
  return kind.endsWith('night') ? words[kind] + hours : words[kind];
}
