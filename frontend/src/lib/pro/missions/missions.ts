// Bookings as a professional sorts them, and what each state asks of them.

import type { BookingState } from '$lib/api/schema';
import { dayAndClock, euros } from '$lib/french/format';
import type { Mission } from '../api';

export type View = 'a-repondre' | 'a-venir' | 'en-attente' | 'terminees' | 'toutes' | 'archivees';

export const VIEWS: { view: View; label: string; states: readonly BookingState[] }[] = [
  { view: 'toutes', label: 'Toutes', states: [] },
  { view: 'a-repondre', label: 'À répondre', states: ['requested'] },
  { view: 'a-venir', label: 'À venir', states: ['accepted'] },
  { view: 'en-attente', label: 'À valider ou en réclamation', states: ['completed', 'under_claim'] },
  {
    view: 'terminees',
    label: 'Terminées',
    states: [
      'validated',
      'settled',
      'refused',
      'expired',
      'cancelled',
      'cancelled_by_professional',
      'cancelled_by_platform',
      'withdrawn',
      'abandoned',
      'payment_failed',
    ],
  },
  { view: 'archivees', label: 'Archivées', states: [] },
];

/** The view that an address names: everything when it names none. */
export function viewNamed(name: string | null): View {
  return VIEWS.find(({ view }) => view === name)?.view ?? 'toutes';
}

/** The bookings of a view; archived ones have their own. What must be answered or done first comes first; the past is newest first. */
export function inView(missions: readonly Mission[], view: View): Mission[] {
  const states = VIEWS.find((known) => known.view === view)?.states ?? [];
  const chosen = missions.filter(
    ({ state, archived }) =>
      archived === (view === 'archivees') && (states.length === 0 || states.includes(state)),
  );
  if (view === 'a-repondre') return chosen.sort(by((one) => one.respond_by ?? one.start));
  if (view === 'a-venir') return chosen.sort(by((one) => one.start));
  return chosen;
}

function by(key: (mission: Mission) => string): (one: Mission, other: Mission) => number {
  return (one, other) => Date.parse(key(one)) - Date.parse(key(other));
}

type Kind = 'info' | 'good' | 'warn' | 'bad' | 'none';

export function stateKind(state: BookingState): Kind {
  switch (state) {
    case 'requested':
    case 'under_claim':
      return 'warn';
    case 'accepted':
    case 'completed':
      return 'info';
    case 'validated':
    case 'settled':
      return 'good';
    case 'cancelled_by_professional':
    case 'cancelled_by_platform':
    case 'payment_failed':
      return 'bad';
    case 'awaiting_payment':
    case 'refused':
    case 'expired':
    case 'cancelled':
    case 'withdrawn':
    case 'abandoned':
      return 'none';
  }
}

const at = (moment: string | null | undefined, { zone }: Mission) =>
  moment ? dayAndClock(new Date(moment), zone) : '';

/** What a mission under contract asks for, by where `now` stands in it (milliseconds). */
function toPerform({ start, end }: Mission, now: number): string {
  if (now >= Date.parse(end))
    return 'L’heure de fin est passée : déclarez la mission terminée. Sans déclaration de votre part, elle l’est d’elle-même une heure après sa fin.';
  return now >= Date.parse(start)
    ? 'La mission est en cours. Déclarez-la terminée à son issue.'
    : 'Le contrat est conclu : la mission vous attend. Déclarez-la terminée à son issue.';
}

/** What happens next, and where the money is, for the professional at `now` (milliseconds). */
export function whatNext(mission: Mission, now: number): string {
  switch (mission.state) {
    case 'awaiting_payment':
      return 'Le client n’a pas encore autorisé sa carte.';
    case 'requested':
      return `Répondez avant le ${at(mission.respond_by, mission)}. Sans réponse, la demande expire et rien n’est débité. La carte du client est autorisée : elle sera débitée si vous acceptez.`;
    case 'accepted':
      return mission.payment === 'captured'
        ? toPerform(mission, now)
        : 'Vous avez accepté : la carte du client est en cours de débit. La mission est confirmée une fois débitée ; un courriel vous le dit.';
    case 'completed':
      return `Le client peut valider la mission ou la contester. Sans réponse de sa part, elle est validée le ${at(mission.validates_itself_at, mission)} et vous êtes payé.`;
    case 'validated':
      return mission.money.transferred > 0
        ? `La mission est validée : ${euros(mission.money.transferred)} ont été transférés sur votre compte de paiement.`
        : waiting(mission);
    case 'under_claim':
      return 'Le client conteste la mission. Le versement est suspendu le temps de vous entendre.';
    case 'settled':
      return mission.claim
        ? 'La réclamation est réglée.'
        : 'MonAgentDeSecu a décidé de ce qui revient à chacun pour cette mission.';
    case 'refused':
      return 'Vous avez refusé cette demande. Rien n’a été débité.';
    case 'expired':
      return 'Vous n’avez pas répondu à temps. Rien n’a été débité.';
    case 'cancelled':
      return 'Le client a annulé.';
    case 'cancelled_by_professional':
      return `Vous avez annulé cette mission. ${givenBack(mission)}`;
    case 'cancelled_by_platform':
      return `La plateforme a annulé cette mission. ${givenBack(mission)}`;
    case 'withdrawn':
      return 'Le client s’est rétracté dans le délai que la loi lui donne.';
    case 'abandoned':
      return 'Le client n’a pas terminé son paiement.';
    case 'payment_failed':
      return 'Le débit de la carte a échoué : la mission n’a pas lieu.';
  }
}

const givenBack = (mission: Mission) =>
  mission.payment === 'captured'
    ? 'Le client est remboursé en totalité.'
    : 'La carte du client n’est pas débitée.';

function waiting(mission: Mission): string {
  switch (mission.payout_wait) {
    case 'not_active':
      return 'La mission est validée. La somme vous sera transférée dès que vos versements seront actifs.';
    case 'bank_details_changed':
      return 'La mission est validée. Le transfert attend la fin du délai de 24 h qui suit un changement d’IBAN.';
    case 'contested':
      return 'La mission est validée, mais le client a contesté le paiement auprès de sa banque : le transfert attend la décision.';
    case 'title_missing':
      return 'La mission est validée, mais un titre manquait pendant celle-ci : le versement attend une décision de MonAgentDeSecu.';
    case 'being_sent':
    default:
      return 'La mission est validée. Le transfert vers votre compte de paiement est en cours.';
  }
}

/** Whether the mission took, or will take, place: what was given up has no money on its way. */
export function takesPlace(state: BookingState): boolean {
  return ['accepted', 'completed', 'validated', 'under_claim', 'settled'].includes(state);
}
