// Where each role is at home, and who acts for a professional.

import type { Role } from '$lib/api/schema';

/** Owners and managers: the professional's space is theirs. */
export const actsForProfessional = (role: Role | undefined): boolean =>
  role === 'professional' || role === 'manager';

export function homeOf(role: Role | undefined): string {
  if (actsForProfessional(role)) return '/pro';
  if (role === 'applicant') return '/pro/inscription';
  return role === 'agent' ? '/agent' : '/reservations';
}
