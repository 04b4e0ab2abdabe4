// What is wrong with what was typed, said when somebody wanted to go on.

/** Of the faults that were said, those that are still there, in the words of now. */
export function stillSaid<Faults extends Record<string, string | undefined>>(
  said: Faults,
  now: Faults,
): Faults {
  const left = Object.keys(said).filter((field) => said[field] !== undefined && now[field] !== undefined);
  return Object.fromEntries(left.map((field) => [field, now[field]])) as Faults;
}

/**
 * Whether nothing is wrong; otherwise the first field that is, in the order of `ids` (field to element), has the
 * focus.
 */
export function faultless<Field extends string>(
  faults: Partial<Record<Field, string | undefined>>,
  ids: Record<Field, string>,
): boolean {
  const first = (Object.keys(ids) as Field[]).find((field) => faults[field] !== undefined);
  if (first !== undefined) document.getElementById(ids[first])?.focus();
  return first === undefined;
}
