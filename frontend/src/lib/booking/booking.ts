// What a client may do with a booking, and how its states look.

import type { Booking, BookingState, ClaimReason } from '$lib/api/views';

type Look = 'info' | 'good' | 'warn' | 'bad' | 'none';

export const stateLooks: Record<BookingState, Look> = {
  awaiting_payment: 'warn',
  requested: 'info',
  accepted: 'good',
  completed: 'warn',
  validated: 'good',
  under_claim: 'warn',
  settled: 'none',
  refused: 'bad',
  expired: 'bad',
  cancelled: 'none',
  cancelled_by_professional: 'bad',
  cancelled_by_platform: 'bad',
  withdrawn: 'none',
  payment_failed: 'bad',
  abandoned: 'none',
};

/** The drawing beside a state: what is done, what one waits for, what went another way. */
export function sceneOf(state: BookingState): 'done' | 'waiting' | 'trouble' | 'empty' {
  if (state === 'settled') return 'done';
  switch (stateLooks[state]) {
    case 'good':
      return 'done';
    case 'bad':
      return 'trouble';
    case 'none':
      return 'empty';
    default:
      return 'waiting';
  }
}

/** Bookings that are over, and need nothing from the client any more. */
export function isOver(state: BookingState): boolean {
  return !['awaiting_payment', 'requested', 'accepted', 'completed', 'under_claim'].includes(state);
}

/** Whether a mission may still take place after `now` (milliseconds). */
export const isAhead = ({ state, end }: Booking, now: number) => !isOver(state) && Date.parse(end) > now;

/** What a booking costs its client: its price while it goes on, then what was debited and not given back. */
export function paidFor({ state, price, money }: Booking): number {
  return isOver(state) ? money.captured - money.refunded : price.total;
}

export const claimReasons: { value: ClaimReason; label: string }[] = [
  { value: 'not_performed', label: 'La mission n’a pas eu lieu' },
  { value: 'partly_performed', label: 'La mission n’a été faite qu’en partie' },
  { value: 'late', label: 'Les agents sont arrivés en retard' },
  { value: 'behaviour', label: 'Le comportement des agents' },
  { value: 'other', label: 'Un autre problème' },
];

export const canValidate = (booking: Booking) =>
  booking.state === 'completed' || booking.state === 'under_claim';

/** A claim is made from the start of the mission until it is validated. */
export const canClaim = (booking: Booking, now: Date) =>
  booking.state === 'completed' || (booking.state === 'accepted' && new Date(booking.start) <= now);

export const canReview = (booking: Booking) =>
  (booking.state === 'validated' || booking.state === 'settled') && !booking.reviewed;

/** Whether a mission that is over was paid, so that invoices are made for it. */
export const hasInvoices = (booking: Booking) => booking.money.captured > 0;

/** What happens next, for the client; where the money is, the API says itself. */
export function nextFor(booking: Booking, written: (moment: string) => string): string {
  const until = (moment: string | null | undefined) => (moment ? written(moment) : '');
  switch (booking.state) {
    case 'awaiting_payment':
      return booking.quote
        ? `Les agents vous sont réservés jusqu’au ${until(booking.hold_until)}. Dès que votre carte est autorisée, le contrat est conclu au prix du devis et la somme est débitée.`
        : `Les agents vous sont réservés jusqu’au ${until(booking.hold_until)}. Autorisez votre carte pour envoyer la demande ; elle n’est pas débitée.`;
    case 'requested':
      return `Le professionnel a jusqu’au ${until(booking.respond_by)} pour répondre. Sans réponse, la demande expire et rien n’est débité.`;
    case 'accepted':
      return booking.payment !== 'captured'
        ? 'Le professionnel a accepté. La mission est confirmée une fois votre carte débitée.'
        : 'La mission est confirmée. À son issue, vous validerez son exécution et le professionnel sera payé.';
    case 'completed':
      return `Le professionnel déclare la mission terminée. Validez-la, ou ouvrez une réclamation. Sans réponse de votre part, elle est validée le ${until(booking.validates_itself_at)}.`;
    case 'validated':
      return booking.validated_automatically
        ? 'La mission a été validée d’office, le délai étant passé.'
        : 'Vous avez validé la mission. Merci de votre confiance.';
    case 'under_claim':
      return 'Votre réclamation est ouverte. La validation d’office est suspendue : l’argent ne bouge pas.';
    case 'settled':
      return booking.claim
        ? 'La réclamation est réglée.'
        : 'MonAgentDeSecu a décidé de ce qui revient à chacun pour cette mission.';
    case 'refused':
      return booking.quote
        ? 'Cette commande n’a pas pu être conclue : rien n’est débité.'
        : 'Le professionnel a refusé la demande.';
    case 'expired':
      return 'Le professionnel n’a pas répondu à temps.';
    case 'cancelled':
      return 'Vous avez annulé cette réservation.';
    case 'cancelled_by_professional':
      return 'Le professionnel a annulé la mission.';
    case 'cancelled_by_platform':
      return 'La plateforme a annulé la mission.';
    case 'withdrawn':
      return 'Vous vous êtes rétracté. Le contrat a pris fin.';
    case 'payment_failed':
      return 'Le paiement n’a pas pu aboutir : la réservation a pris fin.';
    case 'abandoned':
      return 'Le paiement n’a pas été terminé à temps : les agents ne sont plus réservés et rien n’est débité.';
  }
}
