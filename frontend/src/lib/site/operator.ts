// How the operator is reached, as the site says it: one place for the pages and the help. A telephone or
// hours that are empty are not shown.

import { phoneNumber } from '$lib/french/format';
import { platform } from './platform';

export const OPERATOR = {
  email: platform.email,
  /** As the platform's one record has it, from the terms, article 22. */
  phone: platform.phone ? phoneNumber(platform.phone) : '',
  /** When somebody answers the telephone, as people read it; the terms do not say. */
  hours: '',
};

/** A number as a telephone dials it. */
export const dialled = (phone: string) => `tel:+33${phone.replace(/\D/g, '').slice(1)}`;
