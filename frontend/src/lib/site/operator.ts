// How the operator is reached, as the site says it: one place for the pages and the help. A telephone or
// hours that are empty are not shown.

export const OPERATOR = {
  email: 'contact@monagentdesecu.com',
  /** From the terms, article 22. */
  phone: '01 75 00 17 47',
  /** When somebody answers the telephone, as people read it; the terms do not say. */
  hours: '',
};

/** A number as a telephone dials it. */
export const dialled = (phone: string) => `tel:+33${phone.replace(/\D/g, '').slice(1)}`;
