// Where a professional can go: fetched for them alone, since no visitor's page has room for it. Nothing but types
// is shared with the other ways, which stay in the file that every page loads.

import type { Way } from './ways';

/** Those on the line, and those that unfold on a wide screen; a phone lists all. */
export type Ways = { main: Way[]; more: Way[] };

const TEAM: Way = { href: '/pro/equipe', label: 'Équipe' };
/** What only the owner of a company reads. */
const PAYOUTS: Way = { href: '/pro/versements', label: 'Versements' };
const FILE: Way = { href: '/pro/dossier', label: 'Mon dossier' };

/** Sixteen ways do not fit on a line: what is opened every day is on it. */
const ALL: Ways = {
  main: [
    { href: '/pro', label: 'Tableau de bord', alone: true },
    // A request is an order that waits for its answer, and so are several dates.
    { href: '/pro/commandes', label: 'Commandes', also: ['/pro/demandes', '/pro/dates'] },
    { href: '/pro/devis', label: 'Devis' },
    { href: '/pro/messages', label: 'Messages' },
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
    { href: '/compte', label: 'Mon compte' },
    { href: '/aide', label: 'Aide' },
  ],
};

/** The ways of an owner or a manager; `hasTeam`: whether the professional acted for has a team. */
export function professionalWays(isManager: boolean, hasTeam: boolean): Ways {
  const left = [...(isManager ? [PAYOUTS, FILE] : []), ...(hasTeam ? [] : [TEAM])];
  const kept = (way: Way) => !left.includes(way);
  return { main: ALL.main.filter(kept), more: ALL.more.filter(kept) };
}
