// The words of prices.

import type { components } from './api/schema';

export type HourClass = components['schemas']['HourClass'];

/** Kinds of hours, in the order in which breakdowns say them. */
export const hourClasses: Record<HourClass, string> = {
  day: 'Jour',
  night: 'Nuit (21 h – 6 h)',
  sunday: 'Dimanche',
  sunday_night: 'Nuit du dimanche (21 h – 6 h)',
  holiday: 'Jour férié',
  holiday_night: 'Nuit de jour férié (21 h – 6 h)',
};
