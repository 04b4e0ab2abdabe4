// The bodies that shared/adapters/src/stripe/payouts.rs sends, checked by the SDK's own types.

import type Stripe from 'stripe';

export const account: Stripe.V2.Core.AccountCreateParams = {
  contact_email: 'agent@exemple.fr',
  display_name: 'Vigie',
  identity: { country: 'fr' },
  configuration: {
    recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } },
  },
  defaults: { responsibilities: { fees_collector: 'application', losses_collector: 'application' } },
  dashboard: 'none',
  metadata: { professional: 'pro_1' },
  include: ['configuration.recipient', 'requirements'],
};

export const link: Stripe.V2.Core.AccountLinkCreateParams = {
  account: 'acct_1',
  use_case: {
    type: 'account_onboarding',
    account_onboarding: {
      configurations: ['recipient'],
      return_url: 'https://exemple.fr/retour',
      refresh_url: 'https://exemple.fr/lien',
    },
  },
};
