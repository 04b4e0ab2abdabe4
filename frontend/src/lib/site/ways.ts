// Where one can go from the header, for whoever does not act for a professional.

import type { Role } from '$lib/api/schema';

/** `also`: other addresses that belong to it, with what is below them; `alone`: nothing below its own does. */
export type Way = { href: string; label: string; also?: string[]; alone?: boolean };

const HELP: Way = { href: '/aide', label: 'Aide' };
const ACCOUNT: Way = { href: '/compte', label: 'Mon compte' };

const visitor: Way[] = [
  { href: '/fonctionnement', label: 'Fonctionnement et frais' },
  { href: '/pro/inscription', label: 'Devenir professionnel' },
  HELP,
  { href: '/connexion', label: 'Se connecter' },
];
const client: Way[] = [
  { href: '/', label: 'Rechercher' },
  { href: '/reservations', label: 'Mes réservations', also: ['/commandes'] },
  { href: '/devis', label: 'Mes devis' },
  { href: '/messages', label: 'Messages' },
  ACCOUNT,
  HELP,
];
const agent: Way[] = [{ href: '/agent', label: 'Mes vacations' }, ACCOUNT, HELP];
const applicant: Way[] = [{ href: '/pro/inscription', label: 'Mon inscription' }, HELP];

const OWN: Partial<Record<Role, Way[]>> = { client, agent, applicant };

/** The ways of who signed in; of nobody, and of who has a space elsewhere, those of a visitor. */
export const waysOf = (role: Role | undefined): Way[] => (role && OWN[role]) ?? visitor;

/** Whether a page is where a way leads, or below. */
export const isHere = ({ href, also = [], alone }: Way, path: string): boolean =>
  [href, ...also].some((home) => path === home || (!alone && path.startsWith(`${home}/`)));
