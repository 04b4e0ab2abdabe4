import { error } from '@sveltejs/kit';
import { situationOf, situations } from '$lib/guide/situations';
import type { EntryGenerator, PageLoad } from './$types';

export const entries: EntryGenerator = () => situations.map(({ slug }) => ({ besoin: slug }));

export const load: PageLoad = ({ params }) => {
  const situation = situationOf(params.besoin);
  if (!situation) error(404, 'Cette page n’existe pas');
  return { situation };
};
