// Which guard a situation calls for: what to search, how many are usual, and what the law says. Prices
// are never here: they are those of the offers that are published.

import type { ActivityCode } from '$lib/search/activities';

export type Situation = {
  /** The end of its page's address. */
  slug: string;
  title: string;
  /** In a sentence, for the list and for search engines. */
  lead: string;
  activity: ActivityCode;
  /** Why this activity, and what the guard does. */
  does: string;
  /** How many are usual, and what it depends on. */
  guards: string;
  /** What the law asks for, each with its source. */
  duties: readonly { says: string; source: string }[];
  /** A usual mission, by the clocks of the place, from which prices are asked. */
  usual: { start: string; end: string; agents: number; weekday: number };
};

const PUBLIC_ROAD = {
  says: 'Un agent privé ne travaille pas sur la voie publique, sauf autorisation exceptionnelle du préfet.',
  source: 'Code de la sécurité intérieure, L613-1',
};
const TITLES = {
  says: 'L’entreprise a une autorisation d’exercer, chaque agent une carte professionnelle en cours de validité.',
  source: 'Code de la sécurité intérieure, L612-9 et L612-20',
};
const BAGS = {
  says: 'Un agent peut regarder dans un sac, et le fouiller seulement si son propriétaire l’accepte expressément.',
  source: 'Code de la sécurité intérieure, L613-2',
};

export const situations: readonly Situation[] = [
  {
    slug: 'commerce',
    title: 'Surveiller un commerce',
    lead: 'Dissuader le vol et accueillir, aux heures d’ouverture ou pendant les soldes.',
    activity: 'human_surveillance',
    does: 'Un agent de surveillance se tient à l’entrée ou circule dans le magasin, prévient le vol et appelle la police quand il le faut.',
    guards:
      'Un agent par entrée ouverte au public est l’usage ; deux dès que la surface a plusieurs niveaux ou que l’affluence est forte.',
    duties: [TITLES, BAGS],
    usual: { start: '10:00', end: '19:00', agents: 1, weekday: 6 },
  },
  {
    slug: 'chantier',
    title: 'Garder un chantier',
    lead: 'Protéger les matériaux et les engins la nuit et le week-end.',
    activity: 'human_surveillance',
    does: 'Un agent fait des rondes et tient l’entrée hors des heures de travail, note ce qu’il voit et alerte.',
    guards:
      'Un agent suffit à un chantier clos et éclairé ; deux, ou un agent cynophile, quand il est étendu ou isolé.',
    duties: [TITLES, PUBLIC_ROAD],
    usual: { start: '19:00', end: '06:00', agents: 1, weekday: 5 },
  },
  {
    slug: 'soiree-privee',
    title: 'Sécuriser une soirée privée',
    lead: 'Tenir l’entrée d’un mariage, d’un anniversaire ou d’une fête, et apaiser.',
    activity: 'event_security',
    does: 'Un agent événementiel contrôle les invitations, veille au calme et prévient les débordements.',
    guards:
      'L’usage est d’un agent pour une centaine d’invités, deux au moins quand de l’alcool est servi tard.',
    duties: [TITLES, BAGS],
    usual: { start: '20:00', end: '02:00', agents: 1, weekday: 6 },
  },
  {
    slug: 'concert-evenement',
    title: 'Sécuriser un concert ou un événement',
    lead: 'Filtrer, orienter et protéger un public nombreux.',
    activity: 'event_security',
    does: 'Des agents événementiels tiennent les entrées, les issues et la scène, et orientent le public.',
    guards:
      'L’usage est d’un agent pour cent à cent cinquante personnes, plus ceux des entrées ; la mairie ou la préfecture peut en demander davantage.',
    duties: [
      TITLES,
      {
        says: 'Au-delà de 1 500 personnes, l’organisateur d’une manifestation à but lucratif la déclare au moins un mois avant, avec le service d’ordre prévu.',
        source: 'Code de la sécurité intérieure, R211-22 et suivants',
      },
      {
        says: 'Au-delà de 300 spectateurs, une palpation est possible si la personne l’accepte, par un agent du même sexe habilité pour cela.',
        source: 'Code de la sécurité intérieure, L613-3',
      },
    ],
    usual: { start: '18:00', end: '00:00', agents: 2, weekday: 6 },
  },
  {
    slug: 'bureaux',
    title: 'Accueillir et surveiller des bureaux',
    lead: 'Contrôler les accès le jour, fermer et faire des rondes le soir.',
    activity: 'human_surveillance',
    does: 'Un agent contrôle les accès, tient le registre des visiteurs, ferme le bâtiment et répond aux alarmes.',
    guards: 'Un agent par entrée surveillée.',
    duties: [TITLES],
    usual: { start: '08:00', end: '18:00', agents: 1, weekday: 1 },
  },
  {
    slug: 'entrepot',
    title: 'Protéger un entrepôt',
    lead: 'Surveiller quais et clôtures, la nuit surtout.',
    activity: 'human_surveillance',
    does: 'Un agent contrôle les camions et les quais, fait des rondes et vérifie les issues.',
    guards: 'Un agent aux quais ; un second, ou un chien, pour des rondes extérieures sur un grand terrain.',
    duties: [TITLES, PUBLIC_ROAD],
    usual: { start: '20:00', end: '06:00', agents: 1, weekday: 3 },
  },
  {
    slug: 'nuit',
    title: 'Faire veiller un lieu la nuit',
    lead: 'Après une effraction, une vitrine brisée ou pendant une absence.',
    activity: 'human_surveillance',
    does: 'Un agent reste sur place, fait des rondes et donne l’alerte ; cela s’organise parfois le jour même.',
    guards: 'Un agent, dans un lieu dont il peut voir les accès.',
    duties: [TITLES, PUBLIC_ROAD],
    usual: { start: '21:00', end: '06:00', agents: 1, weekday: 4 },
  },
  {
    slug: 'agent-cynophile',
    title: 'Faire appel à un agent cynophile',
    lead: 'Un agent et son chien pour un lieu étendu, sombre ou isolé.',
    activity: 'dog_handling',
    does: 'L’agent et son chien font des rondes ensemble : le chien sent et dissuade, là où un agent seul ne voit pas.',
    guards: 'Un binôme couvre ce que deux agents feraient à pied sur un terrain étendu.',
    duties: [
      TITLES,
      {
        says: 'La carte de l’agent porte l’activité cynophile : tous les agents ne l’ont pas.',
        source: 'Code de la sécurité intérieure, L613-7',
      },
      PUBLIC_ROAD,
    ],
    usual: { start: '20:00', end: '04:00', agents: 1, weekday: 6 },
  },
  {
    slug: 'securite-incendie',
    title: 'Assurer la sécurité incendie (SSIAP)',
    lead: 'Un agent qualifié pour un établissement qui reçoit du public.',
    activity: 'fire_safety',
    does: 'Un agent SSIAP veille aux issues et aux alarmes, fait évacuer et accueille les pompiers.',
    guards:
      'Le nombre dépend du type et de la catégorie de l’établissement : son registre de sécurité ou la commission de sécurité le dit.',
    duties: [
      {
        says: 'L’agent a le diplôme SSIAP, à jour de ses recyclages ; c’est une autre qualification que la carte professionnelle.',
        source: 'Arrêté du 2 mai 2005 relatif aux missions et à la qualification des agents SSIAP',
      },
      {
        says: 'Le service de sécurité incendie d’un établissement recevant du public suit son règlement de sécurité.',
        source: 'Arrêté du 25 juin 1980',
      },
    ],
    usual: { start: '18:00', end: '23:00', agents: 1, weekday: 6 },
  },
];

export const situationOf = (slug: string) => situations.find((one) => one.slug === slug);
