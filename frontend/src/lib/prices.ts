// The words of prices.

import type { components } from './api/schema';

export type HourClass = components['schemas']['HourClass'];

/** Kinds of hours, in the order in which breakdowns say them. */
export const hourClasses: Record<HourClass, string> = {
  day: 'Jour',
  night: 'Nuit (de 21 h à 6 h)',
  sunday: 'Dimanche',
  sunday_night: 'Nuit du dimanche (de 21 h à 6 h)',
  holiday: 'Jour férié',
  holiday_night: 'Nuit de jour férié (de 21 h à 6 h)',
};
