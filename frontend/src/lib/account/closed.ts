// Which pages of the professional's space are closed to whom.

import type { Role } from '$lib/api/schema';
import { actsForProfessional } from './home';

/** What only the owner of an account opens: the file, the titles, the money. Applicants write theirs. */
const OWNERS = ['/pro/dossier', '/pro/versements', '/pro/pieces', '/pro/statut'];
const APPLICANTS = ['/pro/pieces', '/pro/statut'];
/** What says itself who may do what: to register, and to contest a decision. */
const OPEN = ['/pro/inscription', '/pro/decision'];

/**
 * Who may open a page of the professional's space that `role` may not; nothing where it may, or where nobody is
 * signed in, which the page says. The API decides; this spares a form that it would refuse.
 */
export function closedFor(role: Role | undefined, path: string): 'owner' | 'professional' | undefined {
  if (role === undefined || OPEN.includes(path)) return undefined;
  if (role === 'applicant' && APPLICANTS.includes(path)) return undefined;
  if (!actsForProfessional(role)) return 'professional';
  return role === 'manager' && OWNERS.includes(path) ? 'owner' : undefined;
}
