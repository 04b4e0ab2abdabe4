// The regulated activities that can be booked, most asked first.

export const activities = [
  { code: 'human_surveillance', label: 'Surveillance humaine' },
  { code: 'event_security', label: 'Sécurité événementielle' },
  { code: 'dog_handling', label: 'Agent cynophile' },
  { code: 'fire_safety', label: 'Sécurité incendie (SSIAP)' },
  { code: 'close_protection', label: 'Protection rapprochée' },
  { code: 'video_protection', label: 'Vidéoprotection' },
  { code: 'electronic_surveillance', label: 'Télésurveillance' },
  { code: 'armed_surveillance', label: 'Surveillance armée' },
  { code: 'airport_security', label: 'Sûreté aéroportuaire' },
  { code: 'cash_transport', label: 'Transport de fonds' },
  { code: 'private_investigation', label: 'Recherches privées' },
] as const;

export type ActivityCode = (typeof activities)[number]['code'];

/** The word that people read. */
export function activityLabel(code: string): string {
  return activities.find((activity) => activity.code === code)?.label ?? code;
}
