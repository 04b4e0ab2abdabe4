// Weeks and months as lists of dates.

import { dateAfter } from '$lib/french/paris';

/** 0 for Monday. */
export function rankOf(date: string): number {
  return (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  return dateAfter(date, -rankOf(date));
}

export function weekOf(monday: string): string[] {
  return Array.from({ length: 7 }, (_, rank) => dateAfter(monday, rank));
}

/** The weeks that a month touches, each from Monday to Sunday. */
export function monthOf(date: string): string[][] {
  const first = `${date.slice(0, 7)}-01`;
  const weeks: string[][] = [];
  for (let monday = mondayOf(first); monday.slice(0, 7) <= date.slice(0, 7); monday = dateAfter(monday, 7))
    weeks.push(weekOf(monday));
  return weeks;
}

/** The days of the month that a date is in. */
export function daysOfMonth(date: string): string[] {
  return monthOf(date)
    .flat()
    .filter((day) => day.slice(0, 7) === date.slice(0, 7));
}

/** The first day of the month before or after. */
export function monthAfter(date: string, months: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}
