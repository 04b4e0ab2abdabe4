// Who opens a client's account: what is typed, what is wrong with it, and what is sent.

import type { SignUp } from '$lib/api/schema';
import type { Problem } from '$lib/api/problem';

export type Newcomer = {
  kind: 'consumer' | 'business' | '';
  company: string;
  siren: string;
  first_name: string;
  last_name: string;
  email: string;
  phone: string;
  newsletter: boolean;
};

/** One draft for the page that opens an account and for the order that does. */
export const NEWCOMER_DRAFT = 'compte-client';

export const NOBODY: Newcomer = {
  kind: 'consumer',
  company: '',
  siren: '',
  first_name: '',
  last_name: '',
  email: '',
  phone: '',
  newsletter: false,
};

export type NewcomerFaults = Partial<Record<keyof Newcomer | 'password' | 'accepts', string>>;

export function newcomerFaults(typed: Newcomer, accepts: boolean): NewcomerFaults {
  const faults: NewcomerFaults = {};
  if (typed.kind === 'business') {
    if (typed.company.trim().length < 2) faults.company = 'Indiquez le nom de l’organisme.';
    if (!/^\d{9}$/.test(typed.siren.replace(/\s/g, ''))) faults.siren = 'Le SIREN compte neuf chiffres.';
  }
  if (typed.first_name.trim() === '') faults.first_name = 'Indiquez votre prénom.';
  if (typed.last_name.trim() === '') faults.last_name = 'Indiquez votre nom.';
  if (!/^\S+@\S+\.\S+$/.test(typed.email.trim())) {
    faults.email = 'Indiquez une adresse comme nom@exemple.fr.';
  }
  if (typed.phone.trim() === '') faults.phone = 'Indiquez un numéro de téléphone.';
  if (!accepts) faults.accepts = 'Acceptez les conditions d’utilisation pour ouvrir un compte.';
  return faults;
}

/** The fault that a refusal of the server is, beside its field; nothing when it is about none. */
export function faultOf(refused: Problem): NewcomerFaults | undefined {
  const fields: Record<string, keyof NewcomerFaults> = {
    email: 'email',
    password: 'password',
    'profile.phone': 'phone',
    'profile.kind': 'siren',
    'profile.first_name': 'first_name',
    'profile.last_name': 'last_name',
  };
  const field = refused.field && fields[refused.field];
  return field ? { [field]: refused.message } : undefined;
}

/** What is sent; without a password, the code of the mail is what signs in. */
export function signUpOf(typed: Newcomer, accepts: boolean, password?: string): SignUp {
  return {
    email: typed.email.trim(),
    ...(password === undefined ? {} : { password }),
    accepts_terms: accepts,
    profile: {
      kind:
        typed.kind === 'business'
          ? { type: 'business', company: typed.company.trim(), siren: typed.siren.replace(/\s/g, '') }
          : { type: 'consumer' },
      first_name: typed.first_name.trim(),
      last_name: typed.last_name.trim(),
      phone: typed.phone.trim(),
      newsletter: typed.newsletter,
    },
  };
}
