// A registration as it is typed, step by step, and what is wrong with each step.

import type { Address, DraftProfile, Missing, Profile } from '$lib/api/schema';
import {
  lengthFault,
  phoneFault,
  publicTextFault,
  sirenFault,
  siretFault,
  vatFault,
  type Fault,
} from '../checks';

export type TypedManager = { id: string | null; name: string };
export type TypedAgent = { id: string | null; first_name: string; last_name: string };

/** Every answer as text, so that half an answer is kept too. */
export type Typed = {
  kind: '' | 'natural' | 'legal';
  legal_form: string;
  denomination: string;
  siren: string;
  registry: '' | 'rcs' | 'rne';
  registry_town: string;
  phone: string;
  description: string;
  siret: string;
  street: string;
  postal_code: string;
  town: string;
  elsewhere: boolean;
  office_street: string;
  office_postal_code: string;
  office_town: string;
  vat_status: '' | 'registered' | 'franchise';
  vat_number: string;
  managers: TypedManager[];
  agents: TypedAgent[];
  mediator_name: string;
  mediator_website: string;
  accepts_terms: boolean;
  certifies_accuracy: boolean;
  follows_code_of_ethics: boolean;
  gives_billing_mandate: boolean;
};

export const STEPS = [
  { code: 'identite', label: 'Identité' },
  { code: 'etablissement', label: 'Établissement' },
  { code: 'tva', label: 'TVA' },
  { code: 'equipe', label: 'Dirigeants et agents' },
  { code: 'documents', label: 'Titres et documents' },
  { code: 'conditions', label: 'Conditions de vente' },
  { code: 'mediateur', label: 'Médiateur' },
  { code: 'declarations', label: 'Déclarations' },
  { code: 'recapitulatif', label: 'Récapitulatif' },
] as const;

export type StepCode = (typeof STEPS)[number]['code'];

/** The step that an address names; the first one when it names none. */
export function stepNamed(code: string | null): StepCode {
  return STEPS.find((step) => step.code === code)?.code ?? 'identite';
}

const FIRST_DOCUMENTS = 'document_';
const STEP_OF: Record<string, StepCode> = {
  kind: 'identite',
  legal_form: 'identite',
  denomination: 'identite',
  siren: 'identite',
  registry: 'identite',
  phone: 'identite',
  description: 'identite',
  siret: 'etablissement',
  establishment: 'etablissement',
  vat_status: 'tva',
  vat_number: 'tva',
  managers: 'equipe',
  agents: 'equipe',
  mediator: 'mediateur',
  document_conditions_of_sale: 'conditions',
  accepts_terms: 'declarations',
  certifies_accuracy: 'declarations',
  follows_code_of_ethics: 'declarations',
  gives_billing_mandate: 'declarations',
};

/** Where something that is missing is given; nothing for the e-mail, which a mail's link proves. */
export function stepOf(missing: Missing): StepCode | undefined {
  return STEP_OF[missing.code] ?? (missing.code.startsWith(FIRST_DOCUMENTS) ? 'documents' : undefined);
}

export function typedOf(profile: Profile): Typed {
  const { establishment, head_office, registry, mediator } = profile;
  return {
    kind: profile.kind ?? '',
    legal_form: profile.legal_form ?? '',
    denomination: profile.denomination ?? '',
    siren: profile.siren ?? '',
    registry: registry?.type ?? '',
    registry_town: registry?.type === 'rcs' ? registry.town : '',
    phone: profile.phone ?? '',
    description: profile.description ?? '',
    siret: profile.siret ?? '',
    street: establishment?.street ?? '',
    postal_code: establishment?.postal_code ?? '',
    town: establishment?.town ?? '',
    elsewhere: head_office != null,
    office_street: head_office?.street ?? '',
    office_postal_code: head_office?.postal_code ?? '',
    office_town: head_office?.town ?? '',
    vat_status: profile.vat_status ?? '',
    vat_number: profile.vat_number ?? '',
    ...typedPeople(profile),
    mediator_name: mediator?.name ?? '',
    mediator_website: mediator?.website ?? '',
    accepts_terms: false,
    certifies_accuracy: false,
    follows_code_of_ethics: false,
    gives_billing_mandate: false,
  };
}

/** People as the API knows them, with one empty line where there is nobody yet. */
export function typedPeople(profile: Profile): Pick<Typed, 'managers' | 'agents'> {
  const managers = (profile.managers ?? []).map(({ id, name }) => ({ id, name }));
  const agents = (profile.agents ?? []).map(({ id, first_name, last_name }) => ({
    id,
    first_name,
    last_name,
  }));
  return {
    managers: managers.length > 0 ? managers : [{ id: null, name: '' }],
    agents: agents.length > 0 ? agents : [{ id: null, first_name: '', last_name: '' }],
  };
}

const orNull = (text: string) => text.trim() || null;

/** The profile to send: what the API knows, with this step's answers in place of its own. */
export function profileWith(known: Profile, typed: Typed, step: StepCode): DraftProfile {
  const base: DraftProfile = { ...known };
  switch (step) {
    case 'identite':
      return {
        ...base,
        kind: typed.kind || null,
        legal_form: orNull(typed.legal_form),
        denomination: orNull(typed.denomination),
        siren: orNull(typed.siren),
        registry: registryOf(typed),
        phone: orNull(typed.phone),
        description: orNull(typed.description),
        ...withoutStrangers(known, typed.siren),
      };
    case 'etablissement':
      return {
        ...base,
        siret: orNull(typed.siret),
        establishment: addressOf(typed.street, typed.postal_code, typed.town),
        head_office: typed.elsewhere
          ? addressOf(typed.office_street, typed.office_postal_code, typed.office_town)
          : null,
      };
    case 'tva':
      return {
        ...base,
        vat_status: typed.vat_status || null,
        vat_number: typed.vat_status === 'registered' ? orNull(typed.vat_number) : null,
      };
    case 'equipe':
      return {
        ...base,
        managers: typed.managers.filter(({ name }) => name.trim()).map((one) => ({ ...one })),
        agents: typed.agents
          .filter(({ first_name, last_name }) => first_name.trim() || last_name.trim())
          .map((one) => ({ ...one })),
      };
    case 'mediateur':
      return {
        ...base,
        mediator:
          orNull(typed.mediator_name) || orNull(typed.mediator_website)
            ? { name: typed.mediator_name.trim(), website: typed.mediator_website.trim() }
            : null,
      };
    case 'documents':
    case 'conditions':
    case 'declarations':
    case 'recapitulatif':
      return base;
  }
}

/** Numbers of another enterprise go when the SIREN changes: the API refuses them together. */
function withoutStrangers(known: Profile, siren: string): Partial<DraftProfile> {
  const changed = siren.replace(/\s/g, '') !== (known.siren ?? '');
  return changed ? { siret: null, vat_number: null } : {};
}

function registryOf(typed: Typed): NonNullable<DraftProfile['registry']> | null {
  if (typed.registry === 'rcs') return { type: 'rcs', town: typed.registry_town.trim() };
  return typed.registry === 'rne' ? { type: 'rne' } : null;
}

function addressOf(street: string, postal_code: string, town: string): Address | null {
  const given = [street, postal_code, town].map((part) => part.trim());
  return given.some(Boolean)
    ? { street: street.trim(), postal_code: postal_code.trim(), town: town.trim() }
    : null;
}

export type Faults = Record<string, Fault>;

/** What is wrong with a step, by the identifier of the field. What is absent may come later. */
export function faultsOf(typed: Typed, step: StepCode): Faults {
  const given = (text: string, fault: () => Fault) => (text.trim() ? fault() : undefined);
  switch (step) {
    case 'identite':
      return {
        legal_form: given(typed.legal_form, () => lengthFault(typed.legal_form, 2, 40, 'La forme juridique')),
        denomination: given(typed.denomination, () => lengthFault(typed.denomination, 2, 120, 'Le nom')),
        siren: given(typed.siren, () => sirenFault(typed.siren)),
        registry_town:
          typed.registry === 'rcs' && !typed.registry_town.trim()
            ? 'Indiquez la ville du greffe, comme sur l’extrait Kbis.'
            : undefined,
        phone: given(typed.phone, () => phoneFault(typed.phone)),
        description: given(
          typed.description,
          () =>
            publicTextFault(typed.description) ?? lengthFault(typed.description, 50, 2000, 'Le descriptif'),
        ),
      };
    case 'etablissement':
      return {
        siret: given(typed.siret, () => siretFault(typed.siret, typed.siren)),
        ...addressFaults('', typed.street, typed.postal_code, typed.town),
        ...(typed.elsewhere
          ? addressFaults('office_', typed.office_street, typed.office_postal_code, typed.office_town)
          : {}),
      };
    case 'tva':
      return {
        vat_number:
          typed.vat_status === 'registered'
            ? given(typed.vat_number, () => vatFault(typed.vat_number, typed.siren))
            : undefined,
      };
    case 'equipe':
      return peopleFaults(typed);
    case 'mediateur':
      return mediatorFaults(typed);
    case 'documents':
    case 'conditions':
    case 'declarations':
    case 'recapitulatif':
      return {};
  }
}

function addressFaults(prefix: string, street: string, postalCode: string, town: string): Faults {
  if (![street, postalCode, town].some((part) => part.trim())) return {};
  return {
    [`${prefix}street`]: lengthFault(street, 3, 120, 'La rue'),
    [`${prefix}postal_code`]: /^\d{5}$/.test(postalCode.trim())
      ? undefined
      : 'Un code postal français compte 5 chiffres.',
    [`${prefix}town`]: lengthFault(town, 1, 80, 'La commune'),
  };
}

function peopleFaults({ kind, managers, agents }: Typed): Faults {
  const faults: Faults = {};
  managers.forEach(({ name }, rank) => {
    if (name.trim()) faults[`manager-${rank}`] = lengthFault(name, 2, 120, 'Le nom d’un dirigeant');
  });
  agents.forEach(({ first_name, last_name }, rank) => {
    if (!first_name.trim() && !last_name.trim()) return;
    faults[`agent-${rank}-first`] = lengthFault(first_name, 1, 80, 'Le prénom d’un agent');
    faults[`agent-${rank}-last`] = lengthFault(last_name, 1, 80, 'Le nom d’un agent');
  });
  if (kind === 'natural' && (managers.length > 1 || agents.length > 1))
    faults['people'] = 'Une personne physique exerce seule : un seul dirigeant et un seul agent, elle-même.';
  return faults;
}

function mediatorFaults({ mediator_name: name, mediator_website: website }: Typed): Faults {
  if (!name.trim() && !website.trim()) return {};
  return {
    mediator_name: lengthFault(name, 2, 120, 'Le nom du médiateur'),
    mediator_website: /^https:\/\/./.test(website.trim())
      ? undefined
      : 'Le site du médiateur doit commencer par https://.',
  };
}

const FIELD_OF_CODE: Record<string, string> = {
  siret_of_another: 'siret',
  vat_number_of_another: 'vat_number',
  description_refused: 'description',
  natural_person_acts_alone: 'people',
  siren_taken: 'siren',
};

/** The field that a refusal of the API is about, if the page shows it. */
export function fieldOf(code: string, field: string | undefined): string | undefined {
  const named = field?.replace(/^profile\./, '').replace(/^establishment\./, '');
  return (
    FIELD_OF_CODE[code] ?? named?.replace(/^head_office\./, 'office_').replace(/^registry\./, 'registry_')
  );
}
