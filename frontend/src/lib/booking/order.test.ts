import { describe, expect, test } from 'vitest';
import type { BookingView, Quote } from '$lib/api/schema';
import { NO_WISH } from '$lib/search/mission';
import {
  agreementFaults,
  askedMission,
  emptyOrder,
  keyFor,
  missionFaults,
  orderAgain,
  orderOf,
  placeFaults,
  type TypedOrder,
} from './order';

const NOW = new Date('2026-11-20T10:00:00Z');
const wish = { ...NO_WISH, place: 'Lyon (69)', date: '2026-11-28', start: '20:00', end: '04:00' };
const whole: TypedOrder = {
  ...emptyOrder(wish),
  postal_code: '69003',
  address: ' 12 rue de la République ',
  site: 'Chantier',
  public_road: 'non',
  public_expected: 'oui',
};
const quote = { total: 30_778, conditions_of_sale: 'doc_1' } as Quote;

describe('an order', () => {
  test('begins with what was searched', () => {
    expect(emptyOrder(wish)).toMatchObject({ date: '2026-11-28', town: 'Lyon', postal_code: '' });
    expect(emptyOrder({ ...wish, place: 'Loire (42)' }).town).toBe('');
    expect(emptyOrder({ ...wish, place: 'Paris (75)' }).town).toBe('Paris');
    expect(emptyOrder({ ...wish, place: '69003' })).toMatchObject({ town: '', postal_code: '69003' });
  });

  test('says what is missing at each step', () => {
    expect(Object.keys(missionFaults(emptyOrder(wish), NOW))).toEqual(['postal_code']);
    expect(Object.keys(placeFaults(emptyOrder(wish)))).toEqual([
      'address',
      'site',
      'public_road',
      'public_expected',
    ]);
    expect(missionFaults(whole, NOW)).toEqual({});
    expect(placeFaults(whole)).toEqual({});
    expect(placeFaults({ ...whole, site: 'Autre' })).toHaveProperty('other_site');
  });

  test.each([
    [{ consumer: true, early: true }, ['conditions', 'withdrawal', 'early_start', 'loss']],
    [{ consumer: true, early: false }, ['conditions', 'withdrawal']],
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
    expect(mission && orderOf(whole, mission, quote)).toMatchObject({
      address: '12 rue de la République',
      expected_total: 30_778,
      conditions_of_sale: 'doc_1',
      context: { public_road: false, public_expected: true },
    });
  });

  test('sent again has the same key, changed has another', () => {
    const mission = askedMission('off_1', whole, NOW);
    if (!mission) throw new Error('the mission is whole');
    let made = 0;
    const fresh = () => `key-${(made += 1)}`;
    const first = keyFor(whole, orderOf(whole, mission, quote), fresh);
    const again = keyFor({ ...whole, sent: first }, orderOf(whole, mission, quote), fresh);
    const changed = keyFor(
      { ...whole, sent: first },
      orderOf({ ...whole, town: 'Bron' }, mission, quote),
      fresh,
    );
    expect([first.key, again.key, changed.key]).toEqual(['key-1', 'key-1', 'key-2']);
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
  const again = orderAgain(booking);
  expect(again).toMatchObject({ date: '2026-11-28', start: '20:00', end: '04:00', agents: '2' });
  expect(again).toMatchObject({ site: 'Autre', other_site: 'Péniche', instructions: 'Sonner.' });
  const there = { ...booking, zone: { name: 'Indian/Reunion', label: 'heure de La Réunion' } };
  expect(orderAgain(there)).toMatchObject({ date: '2026-11-28', start: '23:00', end: '07:00' });
  expect(missionFaults(again, NOW)).toEqual({});
  expect(placeFaults(again)).toEqual({});
  expect(agreementFaults(again, { consumer: true, early: true })).toHaveProperty('conditions');
});
