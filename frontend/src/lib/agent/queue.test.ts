import { describe, expect, it } from 'vitest';
import { add, after, isLater, next, nothing, parse, read, waitingOf, type Item } from './queue';

const item = (agent: string, booking: string, minute: number): Item => ({
  agent,
  booking,
  told_at: `2026-11-20T19:${String(minute).padStart(2, '0')}:00.000Z`,
  at: `2026-11-20T20:${String(minute).padStart(2, '0')}:00.000Z`,
  told: { what: 'log', kind: 'note', text: `Ronde ${minute}` },
});

describe('what waits to be sent', () => {
  const [first, second, other] = [item('a', 'x', 1), item('a', 'y', 2), item('b', 'x', 3)];
  const kept = [first, second, other].reduce(add, nothing());

  it('goes out in the order in which it was told', () => {
    expect(next(kept, 'a')).toBe(first);
    const sent = after(kept, first, { done: true });
    expect(next(sent, 'a')).toBe(second);
    expect(next(after(sent, second, { done: true }), 'a')).toBeUndefined();
  });

  it('keeps its place while there is no network', () => {
    const waiting = after(kept, first, { done: false, later: true, why: '' });
    expect(waiting).toEqual(kept);
    expect(next(waiting, 'a')).toBe(first);
  });

  it('is lost to nobody when it is refused', () => {
    const refused = after(kept, first, { done: false, later: false, why: 'Trop tôt.' });
    expect(refused.refused).toEqual([{ ...first, why: 'Trop tôt.' }]);
    expect(next(refused, 'a')).toBe(second);
    const [shown] = refused.refused;
    expect(shown && read(refused, shown).refused).toEqual([]);
  });

  it('is sent by whoever told it alone', () => {
    expect(next(kept, 'c')).toBeUndefined();
    expect(waitingOf(kept, 'b', 'x')).toEqual([other]);
    expect(waitingOf(kept, 'a', 'x')).toEqual([first]);
  });

  it('is read again as it was kept, and what cannot be read is nothing', () => {
    expect(parse(JSON.stringify(kept))).toEqual(kept);
    for (const text of [null, '', 'x', '{}']) expect(parse(text)).toEqual(nothing());
  });

  it('waits for what may pass and for nothing else', () => {
    expect([0, 401, 403, 429, 500, 503].every(isLater)).toBe(true);
    expect([400, 404, 409, 410, 422].some(isLater)).toBe(false);
  });
});
