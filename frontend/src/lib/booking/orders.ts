// How the states of an order of several missions look, and what comes next.

import type { OrderState, OrderView } from '$lib/api/schema';

type Look = 'info' | 'good' | 'warn' | 'bad' | 'none';

export const orderLooks: Record<OrderState, Look> = {
  awaiting_payment: 'warn',
  requested: 'info',
  answered: 'good',
  refused: 'bad',
  expired: 'bad',
  cancelled: 'none',
  abandoned: 'none',
  payment_failed: 'bad',
};

/** Whether the card is, or is to be, authorised or debited. */
export const asksMoney = (state: OrderState): boolean =>
  ['awaiting_payment', 'requested', 'answered'].includes(state);

/** What happens next, for the client. */
export function nextForOrder(order: OrderView, written: (moment: string) => string): string {
  const until = (moment: string | null | undefined) => (moment ? written(moment) : '');
  switch (order.state) {
    case 'awaiting_payment':
      return order.hold_until
        ? `Les agents vous sont réservés jusqu’au ${until(order.hold_until)}. Autorisez votre carte pour envoyer la commande ; elle n’est pas débitée.`
        : 'Le délai de paiement est dépassé : la commande va être close, et rien n’est débité.';
    case 'requested':
      return `Le professionnel a jusqu’au ${until(order.respond_by)} pour répondre, date par date. Sans réponse, la commande expire et rien n’est débité.`;
    case 'answered':
      return order.payment === 'captured'
        ? 'Chaque date acceptée est une mission : elle se valide, s’annule ou se conteste sans les autres.'
        : 'Le professionnel a répondu. Les dates acceptées sont confirmées une fois votre carte débitée.';
    case 'refused':
      return 'Le professionnel n’a accepté aucune date.';
    case 'expired':
      return 'Le professionnel n’a pas répondu à temps.';
    case 'cancelled':
      return 'Vous avez annulé cette commande avant la réponse du professionnel.';
    case 'abandoned':
      return 'Le paiement n’a pas été terminé à temps : les agents ne sont plus réservés et rien n’est débité.';
    case 'payment_failed':
      return 'Le paiement n’a pas pu aboutir : la commande a pris fin.';
  }
}
