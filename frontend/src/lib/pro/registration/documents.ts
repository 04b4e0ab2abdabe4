// The documents that a registration needs, one place for each, and what is typed beside the file.

import type { DocumentDetails, Profile, ShownDocument, TitleActivity } from '$lib/api/schema';
import { dateAfter } from '$lib/french/paris';
import { of } from '$lib/french/words';
import { cnapsFault, ibanFault, lengthFault, type CnapsKind, type Fault } from '../checks';

export type DocumentKind = DocumentDetails['kind'];

/** A place for a document: whose, and whether the registration can be handed in without it. */
export type Slot = {
  key: string;
  kind: DocumentKind;
  title: string;
  why: string;
  optional?: boolean;
  manager?: string;
  agent?: string;
  establishment?: string;
};

export function slotsOf(profile: Profile): Slot[] {
  return [
    {
      key: 'authorisation',
      kind: 'authorisation',
      title: 'Autorisation d’exercice (AUT)',
      why: 'Délivrée par le CNAPS à votre établissement. Son numéro sera public.',
    },
    ...(profile.establishments ?? []).map((one) => ({
      key: one.id,
      kind: 'authorisation' as const,
      title: `Autorisation d’exercice (AUT) de l’établissement ${of(one.address.town)}`,
      why: 'Chaque établissement a la sienne.',
      establishment: one.id,
    })),
    ...(profile.managers ?? []).map((manager) => ({
      key: manager.id,
      kind: 'manager_approval' as const,
      title: `Agrément dirigeant (AGD) ${of(manager.name)}`,
      why: 'Délivré par le CNAPS à chaque dirigeant inscrit au Kbis.',
      manager: manager.id,
    })),
    ...(profile.agents ?? []).map((agent) => ({
      key: agent.id,
      kind: 'professional_card' as const,
      title: `Carte professionnelle (CAR) ${of(`${agent.first_name} ${agent.last_name}`)}`,
      why: 'Sans carte valable le jour de la mission, l’agent ne peut pas être proposé.',
      agent: agent.id,
    })),
    ...(profile.agents ?? []).map((agent) => ({
      key: `ssiap-${agent.id}`,
      kind: 'fire_safety_diploma' as const,
      title: `Diplôme SSIAP ${of(`${agent.first_name} ${agent.last_name}`)}`,
      why: 'Pour les missions de sécurité incendie seulement : le diplôme, ou son dernier recyclage.',
      optional: true,
      agent: agent.id,
    })),
    {
      key: 'insurance',
      kind: 'insurance',
      title: 'Assurance responsabilité civile professionnelle',
      why: 'L’attestation en cours. L’assureur et la zone couverte seront publics.',
    },
    {
      key: 'bank_details',
      kind: 'bank_details',
      title: 'RIB',
      why: 'Le compte sur lequel vos missions vous seront versées.',
    },
    {
      key: 'photo',
      kind: 'photo',
      title: 'Photo ou logo',
      why: 'Votre page et les résultats la montrent une fois vérifiée ; sans elle, vos initiales.',
      optional: true,
    },
  ];
}

export const CONDITIONS_SLOT: Slot = {
  key: 'conditions_of_sale',
  kind: 'conditions_of_sale',
  title: 'Vos conditions générales de vente',
  why: 'Le client les accepte avant de commander : le contrat est conclu avec vous.',
};

/** The documents given for a place. */
export function givenFor(slot: Slot, documents: readonly ShownDocument[]): ShownDocument[] {
  return documents.filter(({ details }) => {
    if (details.kind !== slot.kind) return false;
    if (details.kind === 'manager_approval') return details.manager === slot.manager;
    if (details.kind === 'authorisation') return (details.establishment ?? undefined) === slot.establishment;
    if (details.kind === 'professional_card' || details.kind === 'fire_safety_diploma')
      return details.agent === slot.agent;
    return true;
  });
}

/** A title or an insurance that ends, by the latest verified document; `renewed`: the next one was given. */
export type Ending = { title: string; until: string; renewed: boolean };

/** What ends on `limit` or before, soonest first. Dates are ISO days. */
export function endingBy(
  limit: string,
  { profile, documents }: { profile: Profile; documents: readonly ShownDocument[] },
): Ending[] {
  return slotsOf(profile)
    .flatMap((slot) => {
      const given = givenFor(slot, documents);
      const verified = given.flatMap(({ status, expires_on }) =>
        status === 'verified' && expires_on ? [expires_on] : [],
      );
      const until = verified.sort().at(-1);
      if (!until || until > limit) return [];
      return [{ title: slot.title, until, renewed: given.some(({ status }) => status === 'deposited') }];
    })
    .sort((one, other) => one.until.localeCompare(other.until));
}

/** How a document looks that ends soon, or that ended. */
export const ENDING_WORDS = {
  soon: { label: 'Bientôt expiré', kind: 'warn' },
  over: { label: 'Expiré', kind: 'bad' },
} as const;

/** For how many days before its end a document in force is told to end soon. */
const SOON = 31;

type Look = { label: string; kind: 'info' | 'good' | 'warn' | 'bad' | 'none' };

/**
 * What a document's badge says on a day, among those given for the same place: that it is verified is not
 * all there is to know of one that ended, or of the last one when it ends soon.
 */
export function badgeOf(
  { status, expires_on }: ShownDocument,
  given: readonly ShownDocument[],
  today: string,
): Look {
  if (status !== 'verified' || !expires_on || expires_on > dateAfter(today, SOON))
    return STATUS_WORDS[status];
  const replaced = given.some(
    (other) => other.status === 'verified' && (other.expires_on ?? '') > expires_on,
  );
  if (expires_on < today) return { ...ENDING_WORDS.over, ...(replaced ? { kind: 'none' } : {}) };
  return replaced ? STATUS_WORDS.verified : ENDING_WORDS.soon;
}

export const TITLE_KIND: Partial<Record<DocumentKind, CnapsKind>> = {
  authorisation: 'AUT',
  manager_approval: 'AGD',
  professional_card: 'CAR',
};

export type TypedDetails = {
  number: string;
  activities: TitleActivity[];
  expires_on: string;
  insurer: string;
  insurer_contact: string;
  policy_number: string;
  coverage: string;
  valid_from: string;
  holder: string;
  iban: string;
  version: string;
  nature: boolean;
  prices: boolean;
  execution: boolean;
  withdrawal: boolean;
};

export const NO_DETAILS: TypedDetails = {
  number: '',
  activities: [],
  expires_on: '',
  insurer: '',
  insurer_contact: '',
  policy_number: '',
  coverage: 'France métropolitaine',
  valid_from: '',
  holder: '',
  iban: '',
  version: '',
  nature: false,
  prices: false,
  execution: false,
  withdrawal: false,
};

export function detailsFor(slot: Slot, typed: TypedDetails): DocumentDetails {
  const { number, expires_on, activities } = typed;
  switch (slot.kind) {
    case 'authorisation':
      return {
        kind: 'authorisation',
        number,
        expires_on,
        activities,
        establishment: slot.establishment ?? null,
      };
    case 'manager_approval':
      return { kind: 'manager_approval', manager: slot.manager ?? '', number, expires_on };
    case 'professional_card':
      return { kind: 'professional_card', agent: slot.agent ?? '', number, expires_on, activities };
    case 'fire_safety_diploma':
      return { kind: 'fire_safety_diploma', agent: slot.agent ?? '', number, expires_on };
    case 'insurance': {
      const { insurer, insurer_contact, policy_number, coverage, valid_from } = typed;
      return {
        kind: 'insurance',
        insurer,
        insurer_contact,
        policy_number,
        coverage,
        valid_from,
        expires_on,
      };
    }
    case 'bank_details':
      return { kind: 'bank_details', holder: typed.holder, iban: typed.iban };
    case 'conditions_of_sale': {
      const { version, nature, prices, execution, withdrawal } = typed;
      return { kind: 'conditions_of_sale', version, contents: { nature, prices, execution, withdrawal } };
    }
    case 'photo':
      return { kind: 'photo' };
  }
}

/** What is wrong with what was typed beside a document, by field. */
export function detailsFaults(
  kind: DocumentKind,
  typed: TypedDetails,
  today: string,
): Partial<Record<keyof TypedDetails, Fault>> {
  switch (kind) {
    case 'manager_approval':
      return { number: cnapsFault(typed.number), expires_on: endFault(typed.expires_on, today) };
    case 'authorisation':
    case 'professional_card':
      return {
        number: cnapsFault(typed.number),
        expires_on: endFault(typed.expires_on, today),
        activities: typed.activities.length ? undefined : 'Cochez les activités inscrites sur ce titre.',
      };
    case 'fire_safety_diploma':
      return {
        number: lengthFault(typed.number, 2, 60, 'Le numéro du diplôme'),
        expires_on: endFault(typed.expires_on, today),
      };
    case 'insurance':
      return {
        insurer: lengthFault(typed.insurer, 2, 120, 'Le nom de l’assureur'),
        insurer_contact: lengthFault(typed.insurer_contact, 5, 200, 'Les coordonnées de l’assureur'),
        policy_number: lengthFault(typed.policy_number, 2, 60, 'Le numéro de contrat'),
        coverage: lengthFault(typed.coverage, 2, 120, 'La zone couverte'),
        valid_from: typed.valid_from ? undefined : 'Indiquez le premier jour de validité.',
        expires_on:
          endFault(typed.expires_on, today) ??
          (typed.expires_on < typed.valid_from ? 'La fin précède le début.' : undefined),
      };
    case 'bank_details':
      return {
        holder: lengthFault(typed.holder, 2, 120, 'Le nom du titulaire'),
        iban: ibanFault(typed.iban),
      };
    case 'conditions_of_sale':
      return {
        version: lengthFault(typed.version, 1, 40, 'La version'),
        nature:
          typed.nature && typed.prices && typed.execution && typed.withdrawal
            ? undefined
            : 'Vos conditions doivent contenir ces quatre mentions : complétez-les avant de les déposer.',
      };
    case 'photo':
      return {};
  }
}

function endFault(day: string, today: string): Fault {
  if (!day) return 'Indiquez le dernier jour de validité.';
  return day < today ? 'Ce document est déjà expiré.' : undefined;
}

export const STATUS_WORDS: Record<
  ShownDocument['status'],
  { label: string; kind: 'info' | 'good' | 'warn' | 'bad' }
> = {
  prepared: { label: 'Envoi inachevé', kind: 'warn' },
  scanning: { label: 'En cours d’analyse', kind: 'info' },
  deposited: { label: 'Déposé', kind: 'info' },
  verified: { label: 'Vérifié', kind: 'good' },
  rejected: { label: 'Refusé', kind: 'bad' },
};
