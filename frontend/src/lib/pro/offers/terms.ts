// An offer as it is typed, what is wrong with it, and what should be thought about.

import { activities, type ActivityCode } from '$lib/search/activities';
import { euros } from '$lib/french/format';
import { ratesByClass, type HourClass } from '$lib/booking/prices';
import type { OfferTerms } from '$lib/api/schema';
import { lengthFault, publicTextFault, type Fault } from '../checks';

export type TypedTerms = {
  title: string;
  activity: ActivityCode | '';
  description: string;
  modalities: string[];
  departments: string[];
  minimum_hours: string;
  notice_hours: string;
  takes_urgent: boolean;
  maximum_agents: string;
  day: string;
  night: string;
  sunday: string;
  holiday: string;
  travel: string;
  cancellation: OfferTerms['cancellation'];
};

export const NEW_TERMS: TypedTerms = {
  title: '',
  activity: '',
  description: '',
  modalities: [],
  departments: [],
  minimum_hours: '4',
  notice_hours: '24',
  takes_urgent: false,
  maximum_agents: '1',
  day: '',
  night: '',
  sunday: '',
  holiday: '',
  travel: '0',
  cancellation: 'moderate',
};

export const MODALITIES = [
  'Poste fixe',
  'Rondes',
  'Contrôle d’accès',
  'Accueil et filtrage',
  'Intervention sur alarme',
  'Main courante électronique',
];

export const POLICIES = [
  {
    value: 'flexible',
    label: 'Souple',
    hint: 'Remboursement intégral jusqu’à 24 h avant le début.',
  },
  {
    value: 'moderate',
    label: 'Modérée',
    hint: 'Remboursement intégral jusqu’à 48 h avant le début, de moitié ensuite.',
  },
  {
    value: 'strict',
    label: 'Stricte',
    hint: 'Remboursement de moitié jusqu’à 7 jours avant le début, aucun ensuite.',
  },
] as const;

/** "26,50" or "26.5 €" as 2650 cents; nothing when it is not an amount. */
export function parseEuros(text: string): number | undefined {
  const found = /^(\d{1,6})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s€]/g, ''));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0') || 0) : undefined;
}

/** 2650 cents as "26,50", to type over. */
export function writeEuros(cents: number): string {
  return cents % 100 === 0
    ? String(cents / 100)
    : `${Math.trunc(cents / 100)},${String(cents % 100).padStart(2, '0')}`;
}

/** The trade's usual surcharges (IDCC 1351): night and Sunday +10 %, public holidays +100 %. */
export function usualRates(day: number): { night: number; sunday: number; holiday: number } {
  const plus = (percent: number) => day + Math.round((day * percent) / 100);
  return { night: plus(10), sunday: plus(10), holiday: plus(100) };
}

export function typedTerms(terms: OfferTerms): TypedTerms {
  const { rates } = terms;
  return {
    title: terms.title,
    activity: activities.find(({ code }) => code === terms.activity)?.code ?? '',
    description: terms.description,
    modalities: [...terms.modalities],
    departments: [...terms.departments],
    minimum_hours: String(terms.minimum_hours),
    notice_hours: String(terms.notice_hours),
    takes_urgent: terms.takes_urgent ?? false,
    maximum_agents: String(terms.maximum_agents),
    day: writeEuros(rates.day),
    night: writeEuros(rates.night),
    sunday: writeEuros(rates.sunday),
    holiday: writeEuros(rates.holiday),
    travel: writeEuros(terms.travel ?? 0),
    cancellation: terms.cancellation,
  };
}

export type TermsFaults = Partial<Record<keyof TypedTerms, Fault>>;

export function termsFaults(typed: TypedTerms): TermsFaults {
  const whole = (text: string, least: number, most: number, sentence: string): Fault =>
    /^\d{1,4}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most ? undefined : sentence;
  const day = parseEuros(typed.day);
  const surcharged = (text: string): Fault => {
    const cents = parseEuros(text);
    if (cents === undefined) return 'Indiquez un montant en euros, par exemple 26,50.';
    if (cents > 150_000) return 'Ce tarif ne peut pas dépasser 1 500 €.';
    return day !== undefined && cents < day ? 'Une majoration n’abaisse pas le tarif de jour.' : undefined;
  };
  const travel = parseEuros(typed.travel);
  return {
    title: publicTextFault(typed.title) ?? lengthFault(typed.title, 5, 100, 'Le titre'),
    activity: typed.activity ? undefined : 'Choisissez l’activité.',
    description:
      publicTextFault(typed.description) ?? lengthFault(typed.description, 20, 3000, 'La description'),
    modalities: typed.modalities.length > 0 ? undefined : 'Indiquez au moins une modalité d’intervention.',
    departments:
      typed.departments.length >= 1 && typed.departments.length <= 20
        ? undefined
        : 'Indiquez de 1 à 20 départements d’intervention.',
    minimum_hours: whole(typed.minimum_hours, 1, 12, 'La durée minimale est de 1 à 12 heures.'),
    notice_hours: whole(typed.notice_hours, 4, 720, 'Le préavis est de 4 heures à 30 jours (720 heures).'),
    maximum_agents: whole(typed.maximum_agents, 1, 20, 'Le nombre d’agents est de 1 à 20.'),
    day:
      day !== undefined && day >= 100 && day <= 50_000
        ? undefined
        : 'Le tarif de jour est de 1 € à 500 € de l’heure, par exemple 26,50.',
    night: surcharged(typed.night),
    sunday: surcharged(typed.sunday),
    holiday: surcharged(typed.holiday),
    travel:
      travel !== undefined && travel <= 100_000
        ? undefined
        : 'Les frais de déplacement sont de 0 € à 1 000 €.',
  };
}

/** What each kind of hours costs with the rates that were typed; nothing until all of them are. */
export function computedRates(typed: TypedTerms): Record<HourClass, number> | undefined {
  const [day, night, sunday, holiday] = [typed.day, typed.night, typed.sunday, typed.holiday].map(parseEuros);
  if (day === undefined || night === undefined || sunday === undefined || holiday === undefined)
    return undefined;
  return ratesByClass({ day, night, sunday, holiday });
}

/** What is allowed and should be thought about, in the API's words. */
export function termsWarnings(typed: TypedTerms): { hours?: string; price?: string; holiday?: string } {
  const day = parseEuros(typed.day);
  const [sunday, holiday] = [parseEuros(typed.sunday), parseEuros(typed.holiday)];
  return {
    ...(sunday !== undefined && holiday !== undefined && holiday < sunday
      ? {
          holiday:
            'Votre tarif de jour férié est inférieur à celui du dimanche : un jour férié qui tombe un dimanche coûtera moins qu’un dimanche ordinaire.',
        }
      : {}),
    ...(/^[1-3]$/.test(typed.minimum_hours.trim())
      ? {
          hours:
            'Votre durée minimale est inférieure à la vacation minimale de 4 heures de la branche (IDCC 1351, art. 7.13).',
        }
      : {}),
    ...(day !== undefined && day < 2067
      ? {
          price: `Votre tarif de jour est inférieur au coût de revient moyen d’un agent (${euros(2067)} de l’heure fin 2023).`,
        }
      : {}),
  };
}

/** The terms to send. Only what has no fault can be sent. */
export function termsOf(typed: TypedTerms): OfferTerms {
  const cents = (text: string) => parseEuros(text) ?? 0;
  return {
    title: typed.title.trim(),
    activity: typed.activity || 'human_surveillance',
    description: typed.description.trim(),
    modalities: [...typed.modalities],
    departments: [...typed.departments],
    minimum_hours: Number(typed.minimum_hours),
    notice_hours: Number(typed.notice_hours),
    takes_urgent: typed.takes_urgent,
    maximum_agents: Number(typed.maximum_agents),
    rates: {
      day: cents(typed.day),
      night: cents(typed.night),
      sunday: cents(typed.sunday),
      holiday: cents(typed.holiday),
    },
    travel: cents(typed.travel),
    cancellation: typed.cancellation,
  };
}
