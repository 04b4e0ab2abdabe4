// How the agent's page names things.

import type { ContactAtEnd, EntryKind, OwnShift } from '$lib/api/schema';

export const KINDS: { value: EntryKind; label: string }[] = [
  { value: 'note', label: 'Note de main courante' },
  { value: 'intrusion', label: 'Incident : intrusion' },
  { value: 'theft', label: 'Incident : vol ou tentative' },
  { value: 'damage', label: 'Incident : dégradation' },
  { value: 'assault', label: 'Incident : agression ou menace' },
  { value: 'injury', label: 'Incident : blessure ou malaise' },
  { value: 'fire', label: 'Incident : feu, fumée ou alarme' },
  { value: 'other_incident', label: 'Autre incident' },
];

export const CONTACTS: { value: ContactAtEnd; label: string }[] = [
  { value: 'met', label: 'J’ai vu le contact du client' },
  { value: 'absent', label: 'Le contact était absent' },
];

/** Where a phone's maps lead to the place: each system has an address of its own. */
export function routeTo({ address, postal_code, town }: OwnShift, system: string): string {
  const place = encodeURIComponent(`${address}, ${postal_code} ${town}`);
  if (/iPhone|iPad|Macintosh/.test(system)) return `https://maps.apple.com/?daddr=${place}`;
  if (/Android/.test(system)) return `geo:0,0?q=${place}`;
  return `https://www.openstreetmap.org/search?query=${place}`;
}

/** The shift of the moment: the one that goes on or has no report, else the one that the agent rests after, else
 * the next. */
export function current(shifts: OwnShift[], now: number): OwnShift | undefined {
  const open = shifts.filter((shift) => !shift.report);
  const going = open.find(
    (shift) => Date.parse(shift.check_in_from) <= now && (now < Date.parse(shift.end) || shift.arrived),
  );
  const done = shifts.findLast(({ rest_until }) => rest_until && now < Date.parse(rest_until));
  return going ?? done ?? open.find((shift) => now < Date.parse(shift.end));
}
