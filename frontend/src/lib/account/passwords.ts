// What is said of passwords wherever one is chosen.

export const PASSWORD_RULE =
  'Au moins 12 caractères de quatre sortes (minuscules, majuscules, chiffres, signes), 14 de trois sortes, ou une phrase de sept mots.';
