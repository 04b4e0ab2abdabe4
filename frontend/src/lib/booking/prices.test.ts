import { expect, it } from 'vitest';
import { ratesByClass, withVat } from './prices';

it('surcharges add up as in a quote', () => {
  expect(ratesByClass({ day: 2500, night: 2750, sunday: 2800, holiday: 5000 })).toEqual({
    day: 2500,
    night: 2750,
    sunday: 2800,
    sunday_night: 3050,
    holiday: 5000,
    holiday_night: 5000,
  });
  // A holiday's night is never cheaper than a night.
  expect(ratesByClass({ day: 2500, night: 2750, sunday: 2800, holiday: 2600 }).holiday_night).toBe(2750);
});

it('an hour is told with its VAT, to the cent', () => {
  expect([withVat(2500, 2000), withVat(2755, 850), withVat(2500, 0)]).toEqual([3000, 2989, 2500]);
});
