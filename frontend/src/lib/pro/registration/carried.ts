// The activities as the CNAPS writes them on authorisations and cards, in the words of the title.

import type { TitleActivity } from '$lib/api/schema';

export const CARRIED = [
  { code: 'surveillance', label: 'Surveillance humaine, par systèmes électroniques ou gardiennage' },
  { code: 'dog_handling', label: 'Agent cynophile' },
  { code: 'video_protection', label: 'Opérateur de vidéoprotection' },
  { code: 'cash_transport', label: 'Transport de fonds' },
  { code: 'close_protection', label: 'Protection physique des personnes' },
  { code: 'armed_surveillance', label: 'Surveillance armée' },
  { code: 'airport_security', label: 'Sûreté aéroportuaire' },
  { code: 'private_investigation', label: 'Recherches privées' },
] as const satisfies readonly { code: TitleActivity; label: string }[];

/** What one company exercises only alone (CSI, L612-2 and L622-2). */
const ALONE: readonly TitleActivity[] = [
  'close_protection',
  'armed_surveillance',
  'airport_security',
  'private_investigation',
];

/** What is told of an authorisation whose activities one company may not exercise together. */
export function mixedActivities(activities: readonly TitleActivity[]): string | undefined {
  return activities.length > 1 && activities.some((one) => ALONE.includes(one))
    ? 'Cette autorisation porte une activité qui ne se cumule avec aucune autre (CSI, art. L612-2) : vérifiez ce qui y est écrit.'
    : undefined;
}

/** The activities of a title, in a line. */
export function carriedLabels(activities: readonly TitleActivity[] | null | undefined): string {
  const labels = CARRIED.filter(({ code }) => activities?.includes(code)).map(({ label }) => label);
  return labels.join(', ');
}
