import { expect, it } from 'vitest';
import { NO_WISH, faultsOf, missionOf, resultsAddress, searchAddress, sortOf, wishOf } from './mission';

const night = {
  activity: 'dog_handling',
  place: 'Lyon (69001)',
  date: '2026-11-14',
  start: '20:00',
  end: '04:00',
  agents: '2',
};
const now = new Date('2026-11-10T12:00:00Z');

it('a wish survives its address', () => {
  const address = new URL(resultsAddress(night, { tri: 'prix' }), 'https://example.fr');
  expect(wishOf(address.searchParams)).toEqual(night);
  expect(sortOf(address.searchParams)).toBe('prix');
});

it('somebody else is searched for with what is known of the mission', () => {
  expect(searchAddress(night)).toBe(resultsAddress(night));
  const { searchParams } = new URL(searchAddress({ ...NO_WISH, place: '69003 Lyon' }), 'https://example.fr');
  expect(wishOf(searchParams)).toEqual({ ...NO_WISH, place: '69003 Lyon' });
  expect(searchAddress(NO_WISH)).toBe('/');
});

it('an unknown sort is the default one', () => {
  expect(sortOf(new URLSearchParams('tri=hasard'))).toBe('conseilles');
});

it('an end before the start is the next day', () => {
  expect(missionOf(night)).toEqual({
    start: '2026-11-14T20:00',
    end: '2026-11-15T04:00',
    agents: 2,
  });
  expect(missionOf({ ...night, end: '23:00' })?.end).toBe('2026-11-14T23:00');
  expect(missionOf({ ...night, end: '25:00' })).toBeUndefined();
});

it('every field that is missing is named', () => {
  expect(Object.keys(faultsOf({ ...NO_WISH, agents: '' }, now)).sort()).toEqual([
    'activity',
    'agents',
    'date',
    'end',
    'place',
    'start',
  ]);
  expect(faultsOf(night, now)).toEqual({});
  expect(faultsOf({ ...night, date: '2026-11-09' }, now).date).toBe('Cette date est passée.');
  expect(faultsOf({ ...night, agents: '21' }, now).agents).toBeDefined();
});
