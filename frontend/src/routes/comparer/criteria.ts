// What offers are compared by, in the order in which it is shown.

import type { ComparedDetails, ComparedOffer } from '$lib/api/schema';
import { hourClass, hourClasses, partsWithVat, withVat, type HourClass } from '$lib/booking/prices';
import { count, date, dayAndClock, duration, euros, PARIS } from '$lib/french/format';

/** An offer that is still public. */
export type Offered = ComparedOffer & { details: ComparedDetails };

export type Compared = { text: string; hint?: string | undefined };
export type Criterion = { label: string; of: (details: ComparedDetails) => Compared };

const NOTHING = '–';

const words =
  (of: (details: ComparedDetails) => string | null | undefined) => (details: ComparedDetails) => ({
    text: of(details) ?? NOTHING,
  });

const amount = (of: (details: ComparedDetails) => number | undefined) =>
  words((details) => {
    const cents = of(details);
    return cents === undefined ? undefined : euros(cents);
  });

/** `excluded` says whether without VAT. */
function hours(kind: HourClass, { price }: ComparedDetails, excluded: boolean): Compared {
  const rank = price?.lines.findIndex((line) => line.class === kind) ?? -1;
  const line = price?.lines[rank];
  if (!price || !line) return { text: NOTHING };
  const part = excluded ? line.amount : (partsWithVat(price).lines[rank] ?? line.amount);
  const hourly = excluded ? line.hourly_rate : withVat(line.hourly_rate, price.vat_rate);
  const suffix = price.vat_rate === 0 ? '' : excluded ? '\u00a0HT' : '\u00a0TTC';
  return {
    text: euros(part) + suffix,
    hint: `${duration(line.minutes)} à ${euros(hourly)}${suffix}`,
  };
}

/** What tells offers apart in one or two words: the professional, or the title where one has several. */
export function shortNames(offers: readonly Offered[]): Map<string, string> {
  const names = offers.map(({ details }) => details.name);
  return new Map(
    offers.map(({ offer, details }) => {
      const alone = names.filter((name) => name === details.name).length === 1;
      return [offer, alone ? details.name : details.title];
    }),
  );
}

/** The criteria of these offers: hours are only named if at least one of the prices has some. */
export function criteriaOf(offers: readonly ComparedDetails[], zone = PARIS, excluded = false): Criterion[] {
  const kinds = hourClasses.filter((kind) =>
    offers.some(({ price }) => price?.lines.some((line) => line.class === kind)),
  );
  // One configuration holds for all prices of one moment.
  const night = offers.find(({ price }) => price)?.price?.night;
  return [
    ...kinds.map((kind) => ({
      label: hourClass(kind, night),
      of: (details: ComparedDetails) => hours(kind, details, excluded),
    })),
    {
      label: 'Déplacement',
      of: amount(({ price }) => (excluded || !price ? price?.travel : partsWithVat(price).travel)),
    },
    {
      label: 'Taxe CNAPS',
      of: amount(({ price }) => (excluded || !price ? price?.cnaps_tax : partsWithVat(price).cnaps)),
    },
    {
      label: excluded ? 'TVA' : 'TVA comprise',
      of: words(({ price, vat_mention }) =>
        price && price.vat_rate > 0 ? euros(price.vat) : (vat_mention ?? 'non applicable'),
      ),
    },
    { label: 'Frais de service TTC', of: amount(({ price }) => price?.commission) },
    { label: 'Avis des clients', of: words(({ rating_label }) => rating_label) },
    {
      label: 'Délai de réponse moyen',
      of: words(({ answer_minutes }) =>
        answer_minutes == null ? 'Pas encore connu' : duration(answer_minutes),
      ),
    },
    {
      label: 'Premier début possible',
      of: words(({ first_possible_start: at }) => (at ? dayAndClock(new Date(at), zone) : undefined)),
    },
    { label: 'Annulation', of: words(({ cancellation_label }) => cancellation_label) },
    { label: 'Mission minimum', of: words(({ minimum_hours }) => count(minimum_hours, 'heure', 'heures')) },
    { label: 'Agents au plus', of: words(({ maximum_agents }) => String(maximum_agents)) },
    { label: 'Modalités', of: words(({ modalities }) => modalities.join(', ')) },
    { label: 'Assurance', of: words(({ insurance }) => insurance?.insurer) },
    {
      label: 'Titres valables jusqu’au',
      of: words(({ titles_valid_until: day }) => (day ? date(new Date(day)) : undefined)),
    },
    { label: 'Autorisation CNAPS', of: words(({ authorisation_number }) => authorisation_number) },
  ];
}
