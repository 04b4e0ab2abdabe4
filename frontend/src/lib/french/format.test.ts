import { expect, it } from 'vitest';
import {
  clock,
  count,
  date,
  day,
  dayAndClock,
  dayOfYear,
  duration,
  euros,
  phoneNumber,
  rating,
  span,
} from './format';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

it('amounts are cents, written with spaces that do not break', () => {
  expect(plain(euros(123456))).toBe('1 234,56 €');
  expect(plain(euros(0))).toBe('0,00 €');
  expect(euros(123456)).not.toContain(' ');
});

it('moments are in Paris time', () => {
  expect(plain(dayAndClock(new Date('2026-11-14T19:00:00Z')))).toBe('samedi 14 novembre 2026 à 20 h');
  expect(plain(clock(new Date('2026-07-14T03:05:00Z')))).toBe('5 h 05');
});

it('a span names the second day only when there is one', () => {
  const start = new Date('2026-11-14T19:00:00Z');
  expect(plain(span(start, new Date('2026-11-14T21:30:00Z')))).toBe(
    'samedi 14 novembre 2026 de 20 h à 22 h 30',
  );
  expect(plain(span(start, new Date('2026-11-15T03:00:00Z')))).toBe(
    'du samedi 14 novembre 2026 à 20 h au dimanche 15 novembre 2026 à 4 h',
  );
  const zone = { name: 'Indian/Reunion', label: 'heure de La Réunion' };
  expect(plain(span(start, new Date('2026-11-14T20:30:00Z'), zone))).toBe(
    'du samedi 14 novembre 2026 à 23 h au dimanche 15 novembre 2026 à 0 h 30 (heure de La Réunion)',
  );
  expect(plain(dayAndClock(start, zone))).toBe('samedi 14 novembre 2026 à 23 h (heure de La Réunion)');
});

it('durations, ratings and counts', () => {
  expect(plain(duration(480))).toBe('8 h');
  expect(plain(duration(425))).toBe('7 h 05');
  expect(plain(duration(45))).toBe('45 min');
  expect(plain(duration(0))).toBe('0 min');
  expect(plain(duration(60))).toBe('1 h');
  expect(rating(4.25)).toMatch(/^4,[23]$/);
  expect(plain(count(1, 'agent', 'agents'))).toBe('1 agent');
  expect(plain(count(3, 'agent', 'agents'))).toBe('3 agents');
});

it('the first of a month is an ordinal, whatever else has a 1', () => {
  expect(plain(day(new Date('2026-12-01T11:00:00Z')))).toBe('mardi 1er décembre 2026');
  expect(plain(date(new Date('2026-12-01T11:00:00Z')))).toBe('1er décembre 2026');
  expect(plain(day(new Date('2026-12-11T11:00:00Z')))).toBe('vendredi 11 décembre 2026');
  expect(plain(dayOfYear(new Date('2026-12-21T11:00:00Z')))).toBe('lundi 21 décembre');
});

it('a day of the month is not left behind at the end of a line', () => {
  expect(day(new Date('2026-12-01T11:00:00Z'))).toContain('1er\u00a0décembre');
  expect(date(new Date('2026-12-11T11:00:00Z'))).toContain('11\u00a0décembre');
});

it('a French number is written by pairs, another as it is', () => {
  expect(plain(phoneNumber('+33612345678'))).toBe('06 12 34 56 78');
  expect(phoneNumber('+3212345678')).toBe('+3212345678');
});
