// Why a browser would not send a field, in the page's words: the browser's own are in its own language,
// which need not be the reader's.

type Constrained = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What is wrong with a field that its form refuses to send; the least it may be given is named. */
export function refusalOf(field: Constrained): string {
  const { validity } = field;
  const limit = (name: string) => field.getAttribute(name) ?? '';
  if (validity.valueMissing) return missing(field);
  if (validity.typeMismatch) {
    return field.type === 'email'
      ? 'Indiquez une adresse électronique, comme nom@exemple.fr.'
      : 'Indiquez une adresse complète, comme https://exemple.fr.';
  }
  if (validity.tooShort) return `Écrivez au moins ${limit('minlength')}\u00a0caractères.`;
  if (validity.tooLong) return `Écrivez au plus ${limit('maxlength')}\u00a0caractères.`;
  if (validity.rangeUnderflow) return tooLittle(field.type, limit('min'));
  if (validity.rangeOverflow) return tooMuch(field.type, limit('max'));
  if (validity.badInput) return 'Cette valeur n’est pas complète.';
  return 'Cette valeur ne convient pas.';
}

function missing(field: Constrained): string {
  if (field.type === 'checkbox') return 'Cochez cette case pour continuer.';
  if (field.type === 'radio') return 'Choisissez une réponse.';
  return field.tagName === 'SELECT' ? 'Choisissez dans la liste.' : 'Remplissez ce champ.';
}

function dated(limit: string): string {
  return limit.split('-').toReversed().join('/');
}

function tooLittle(type: string, limit: string): string {
  return type === 'date' ? `Choisissez une date à partir du ${dated(limit)}.` : `Indiquez au moins ${limit}.`;
}

function tooMuch(type: string, limit: string): string {
  return type === 'date' ? `Choisissez une date jusqu’au ${dated(limit)}.` : `Indiquez au plus ${limit}.`;
}
