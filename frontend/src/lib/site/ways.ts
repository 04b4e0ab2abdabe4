// Where one can go from the header: it depends on who signed in.

import type { Role } from '$lib/api/schema';

export type Way = { href: string; label: string };
/** Those on the line, and those that unfold on a wide screen; a phone lists all. */
export type Ways = { main: Way[]; more: Way[] };

export const MESSAGES = 'Messages';

const HELP: Way = { href: '/aide', label: 'Aide' };
const ACCOUNT: Way = { href: '/compte', label: 'Mon compte' };
const TEAM: Way = { href: '/pro/equipe', label: 'Équipe' };
/** What only the owner of a company reads. */
const PAYOUTS: Way = { href: '/pro/versements', label: 'Versements' };
const FILE: Way = { href: '/pro/dossier', label: 'Mon dossier' };

const visitor: Way[] = [
  { href: '/fonctionnement', label: 'Fonctionnement et frais' },
  { href: '/pro/inscription', label: 'Devenir professionnel' },
  HELP,
  { href: '/connexion', label: 'Se connecter' },
];
const client: Way[] = [
  { href: '/', label: 'Rechercher' },
  { href: '/reservations', label: 'Mes réservations' },
  { href: '/devis', label: 'Mes devis' },
  { href: '/messages', label: MESSAGES },
  ACCOUNT,
  HELP,
];
const agent: Way[] = [{ href: '/agent', label: 'Mes vacations' }, ACCOUNT, HELP];
const applicant: Way[] = [{ href: '/pro/inscription', label: 'Mon inscription' }, HELP];

/** Sixteen ways do not fit on a line: what is opened every day is on it. */
const professional: Ways = {
  main: [
    { href: '/pro', label: 'Tableau de bord' },
    { href: '/pro/commandes', label: 'Commandes' },
    { href: '/pro/devis', label: 'Devis' },
    { href: '/pro/messages', label: MESSAGES },
    { href: '/pro/planning', label: 'Planning' },
    TEAM,
    { href: '/pro/calendrier', label: 'Calendrier' },
    { href: '/pro/offres', label: 'Offres' },
  ],
  more: [
    { href: '/pro/page', label: 'Ma page' },
    FILE,
    PAYOUTS,
    { href: '/pro/avis', label: 'Avis' },
    { href: '/pro/statistiques', label: 'Statistiques' },
    ACCOUNT,
    HELP,
  ],
};

const without = ({ main, more }: Ways, ...left: Way[]): Ways => ({
  main: main.filter((way) => !left.includes(way)),
  more: more.filter((way) => !left.includes(way)),
});

/** The ways of who signed in; `hasTeam`: whether the professional acted for has a team. */
export function waysOf(role: Role | undefined, hasTeam: boolean | undefined): Ways {
  switch (role) {
    case 'professional':
      return hasTeam ? professional : without(professional, TEAM);
    case 'manager':
      return without(professional, PAYOUTS, FILE);
    case 'client':
      return { main: client, more: [] };
    case 'agent':
      return { main: agent, more: [] };
    case 'applicant':
      return { main: applicant, more: [] };
    case 'admin':
    case undefined:
      return { main: visitor, more: [] };
  }
}

/** A request is an order that waits for its answer, and so are several dates: with addresses of their own. */
const ALSO: Record<string, string[]> = {
  '/pro/commandes': ['/pro/demandes', '/pro/dates'],
  '/reservations': ['/commandes'],
};

/** Whether a page is where a way leads, or below. */
export function isHere({ href }: Way, path: string): boolean {
  if (href === '/' || href === '/pro') return path === href;
  const homes = [href, ...(ALSO[href] ?? [])];
  return homes.some((home) => path === home || path.startsWith(`${home}/`));
}
