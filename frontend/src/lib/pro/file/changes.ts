// The changes of a file, by what they are about.

import type { ChangeView, FileView, ShownDocument } from '$lib/api/schema';
import type { Slot } from '$lib/pro/registration/documents';

/** What waits about these things. */
export const waitingFor = (file: FileView, ...what: string[]): ChangeView[] =>
  file.waiting.filter((change) => what.includes(change.what));

/** Where the document of who, or what, is to come is deposited. */
export function slotOf(change: ChangeView): Slot | undefined {
  if (change.agent)
    return {
      key: change.agent,
      kind: 'professional_card',
      title: 'Carte professionnelle (CAR)',
      why: 'Déposez la copie de la carte : sans elle, l’agent ne peut pas rejoindre l’équipe.',
      agent: change.agent,
    };
  if (change.manager)
    return {
      key: change.manager,
      kind: 'manager_approval',
      title: 'Agrément dirigeant (AGD)',
      why: 'Déposez l’agrément : sans lui, le dirigeant ne peut pas être ajouté.',
      manager: change.manager,
    };
  if (change.establishment)
    return {
      key: change.establishment,
      kind: 'authorisation',
      title: 'Autorisation d’exercice (AUT) de l’établissement',
      why: 'Chaque établissement a la sienne.',
      establishment: change.establishment,
    };
  return undefined;
}

/** The last day of the card in force of an agent, or of the approval of a manager; ISO. */
export function titleUntil(documents: readonly ShownDocument[], id: string): string | undefined {
  const verified = documents.filter(({ status, details }) => {
    if (status !== 'verified') return false;
    if (details.kind === 'professional_card') return details.agent === id;
    if (details.kind === 'manager_approval') return details.manager === id;
    return details.kind === 'authorisation' && details.establishment === id;
  });
  const days = verified.flatMap(({ expires_on }) => (expires_on ? [expires_on] : []));
  return days.sort().at(-1);
}

/** The text of a list, whatever the spreadsheet wrote it in. */
export function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export const STATES: Record<
  ChangeView['state'],
  { label: string; kind: 'info' | 'good' | 'warn' | 'bad' | 'none' }
> = {
  applied: { label: 'Fait aussitôt', kind: 'good' },
  waiting: { label: 'En attente', kind: 'info' },
  complement_asked: { label: 'Complément demandé', kind: 'warn' },
  accepted: { label: 'Accepté', kind: 'good' },
  refused: { label: 'Refusé', kind: 'bad' },
  withdrawn: { label: 'Retiré', kind: 'none' },
  replaced: { label: 'Remplacé', kind: 'none' },
};
