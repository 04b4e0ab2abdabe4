import { describe, expect, test } from 'vitest';
import type { BookingView, Quote } from '$lib/api/schema';
import { NO_WISH } from '$lib/search/mission';
import {
  agreementFaults,
  askedMission,
  emptyOrder,
  keyFor,
  knownSites,
  likelySite,
  missionFaults,
  orderAgain,
  orderOf,
  placeFaults,
  placeOf,
  takenAlong,
  wishNow,
  type TypedOrder,
} from './order';

const NOW = new Date('2026-11-20T10:00:00Z');
const wish = { ...NO_WISH, place: 'Lyon (69)', date: '2026-11-28', start: '20:00', end: '04:00' };
const whole: TypedOrder = {
  ...emptyOrder(wish),
  postal_code: '69003',
  address: ' 12 rue de la République ',
  site: 'Chantier',
  public_expected: true,
};
const quote = { total: 30_778, conditions_of_sale: 'doc_1' } as Quote;

describe('an order', () => {
  test('begins with what was searched', () => {
    expect(emptyOrder(wish)).toMatchObject({ date: '2026-11-28', town: 'Lyon', postal_code: '' });
    expect(emptyOrder({ ...wish, place: 'Loire (42)' }).town).toBe('');
    expect(emptyOrder({ ...wish, place: 'Paris (75)' }).town).toBe('Paris');
    expect(emptyOrder({ ...wish, place: '69003' })).toMatchObject({ town: '', postal_code: '69003' });
    expect(placeOf('69003 Lyon')).toEqual({ postal_code: '69003', town: 'Lyon' });
    expect(placeOf('42110 Chambéon')).toEqual({ postal_code: '42110', town: 'Chambéon' });
  });

  test('says what is missing at each step', () => {
    expect(Object.keys(missionFaults(emptyOrder(wish), NOW))).toEqual(['postal_code']);
    expect(Object.keys(placeFaults(emptyOrder(wish)))).toEqual(['address', 'site']);
    expect(missionFaults(whole, NOW)).toEqual({});
    expect(placeFaults(whole)).toEqual({});
    expect(placeFaults({ ...whole, site: 'Autre' })).toHaveProperty('other_site');
  });

  test.each([
    [{ consumer: true, early: true }, ['conditions', 'early_start', 'loss']],
    [{ consumer: true, early: false }, ['conditions']],
    [{ consumer: false, early: true }, ['conditions']],
  ])('asks %o to agree to %o', (needs, asked) => {
    expect(Object.keys(agreementFaults(whole, needs))).toEqual(asked);
  });

  test('is sent for the total that was shown', () => {
    const mission = askedMission('off_1', whole, NOW);
    expect(mission).toEqual({
      offer: 'off_1',
      postal_code: '69003',
      start: '2026-11-28T20:00',
      end: '2026-11-29T04:00',
      agents: 1,
    });
    expect(mission && orderOf(whole, mission, quote, true)).toMatchObject({
      address: '12 rue de la République',
      expected_total: 30_778,
      conditions_of_sale: 'doc_1',
      withdrawal_information: true,
      context: { public_road: false, public_expected: true },
    });
  });

  test('sent again has the same key, changed has another', () => {
    const mission = askedMission('off_1', whole, NOW);
    if (!mission) throw new Error('the mission is whole');
    let made = 0;
    const fresh = () => `key-${(made += 1)}`;
    const first = keyFor(whole, orderOf(whole, mission, quote, true), fresh);
    const again = keyFor({ ...whole, sent: first }, orderOf(whole, mission, quote, true), fresh);
    const changed = keyFor(
      { ...whole, sent: first },
      orderOf({ ...whole, town: 'Bron' }, mission, quote, true),
      fresh,
    );
    expect([first.key, again.key, changed.key]).toEqual(['key-1', 'key-1', 'key-2']);
  });
});

describe('what was typed is taken along', () => {
  const agreed: TypedOrder = {
    ...whole,
    offer: 'off_1',
    conditions: true,
    loss: true,
    sent: { key: 'key', said: 'said' },
  };

  test('to a reload', () => {
    expect(takenAlong(agreed, wish, 'off_1')).toEqual(agreed);
    const moved = { ...agreed, start: '21:00' };
    expect(takenAlong(moved, wish, 'off_1').start).toBe('21:00');
  });

  test('to another offer, but for what was agreed to with the first', () => {
    expect(takenAlong(agreed, wish, 'off_2')).toEqual({
      ...whole,
      offer: 'off_2',
      conditions: false,
      loss: false,
      sent: null,
    });
  });

  test('to another day at the same place', () => {
    const later = takenAlong(agreed, { ...wish, date: '2026-12-05' }, 'off_1');
    expect(later).toMatchObject({ date: '2026-12-05', address: whole.address, postal_code: '69003' });
    expect(later.conditions).toBe(false);
  });

  test('but not to another town', () => {
    const away = takenAlong(agreed, { ...wish, place: '13002 Marseille' }, 'off_1');
    expect(away).toMatchObject({ town: 'Marseille', postal_code: '13002', address: '', site: '' });
  });
});

test('the wish of an order is as it was typed last', () => {
  const typed = { ...emptyOrder(wish), date: '2026-12-05', postal_code: '69007', town: 'Lyon' };
  expect(wishNow({ ...wish, activity: 'dog_handling' }, typed)).toEqual({
    ...wish,
    activity: 'dog_handling',
    date: '2026-12-05',
    place: '69007 Lyon',
  });
  expect(wishNow(wish, emptyOrder(wish))).toEqual(wish);
});

describe('places of earlier bookings', () => {
  const at = (address: string, postal_code: string, town: string) =>
    ({
      place: { postal_code, town, department: postal_code.slice(0, 2) },
      coordinates: { address },
      context: { site: 'Commerce', public_road: false, public_expected: true, risks: '', instructions: '' },
    }) as BookingView;
  const known = knownSites([
    at('1 rue Neuve', '69003', 'Lyon'),
    at('1 Rue Neuve', '69003', 'Lyon'),
    at('5 quai Sud', '13002', 'Marseille'),
  ]);

  test('are each there once', () => {
    expect(known.map(({ address }) => address)).toEqual(['1 rue Neuve', '5 quai Sud']);
  });

  test.each([
    ['Lyon (69)', '1 rue Neuve'],
    ['69003', '1 rue Neuve'],
    ['69007 Lyon', undefined],
    ['13002 Marseille', '5 quai Sud'],
    ['Rhône (69)', undefined],
  ])('%s is %s', (place, address) => {
    expect(likelySite(emptyOrder({ ...wish, place }), known)?.address).toBe(address);
  });

  test('never replace what was typed', () => {
    expect(likelySite({ ...emptyOrder(wish), address: '3 rue Basse' }, known)).toBeUndefined();
  });
});

test('an order placed again is whole but for what must be agreed to anew', () => {
  const booking = {
    activity: 'dog_handling',
    start: '2026-11-28T19:00:00Z',
    end: '2026-11-29T03:00:00Z',
    zone: { name: 'Europe/Paris', label: 'heure de Paris' },
    agents: 2,
    place: { postal_code: '69003', town: 'Lyon', department: '69' },
    coordinates: { address: '12 rue de la République' },
    context: {
      site: 'Péniche',
      public_road: false,
      public_expected: true,
      risks: '',
      instructions: 'Sonner.',
    },
  } as BookingView;
  const again = orderAgain(booking, 'off_1');
  expect(again).toMatchObject({ date: '2026-11-28', start: '20:00', end: '04:00', agents: '2' });
  expect(again).toMatchObject({ site: 'Autre', other_site: 'Péniche', instructions: 'Sonner.' });
  const there = { ...booking, zone: { name: 'Indian/Reunion', label: 'heure de La Réunion' } };
  expect(orderAgain(there, 'off_1')).toMatchObject({ date: '2026-11-28', start: '23:00', end: '07:00' });
  expect(missionFaults(again, NOW)).toEqual({});
  expect(placeFaults(again)).toEqual({});
  expect(agreementFaults(again, { consumer: true, early: true })).toHaveProperty('conditions');
});
