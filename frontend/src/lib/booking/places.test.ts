import { afterEach, describe, expect, test, vi } from 'vitest';
import { readSites } from '$lib/api/account';
import { listBookings } from '$lib/api/bookings';
import { NO_WISH } from '$lib/search/mission';
import { emptyOrder } from './order';
import { recallPlaces } from './places';

vi.mock('$lib/api/account', () => ({ readSites: vi.fn() }));
vi.mock('$lib/api/bookings', () => ({ listBookings: vi.fn() }));

const wish = { ...NO_WISH, place: 'Lyon (69)' };

describe('places that a client knows', () => {
  const kept = {
    name: 'Dépôt',
    address: '1 rue Neuve',
    postal_code: '69003',
    town: 'Lyon',
    context: { site: 'Entrepôt', public_road: false, public_expected: false, risks: '', instructions: '' },
  };
  afterEach(() => vi.resetAllMocks());

  test('fill in the order that may be about one of them', async () => {
    vi.mocked(listBookings).mockResolvedValue({ bookings: [], next: null });
    vi.mocked(readSites).mockResolvedValue({ sites: [kept] });
    const typed = emptyOrder(wish);
    expect(await recallPlaces(typed)).toHaveLength(1);
    expect(typed).toMatchObject({ address: '1 rue Neuve', postal_code: '69003', site: 'Entrepôt' });
  });

  test('are typed where they do not come', async () => {
    vi.mocked(listBookings).mockRejectedValue(new Error('away'));
    vi.mocked(readSites).mockRejectedValue(new Error('away'));
    const typed = emptyOrder(wish);
    expect(await recallPlaces(typed)).toEqual([]);
    expect(typed).toEqual(emptyOrder(wish));
  });
});
