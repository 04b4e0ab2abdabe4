import { expect, test } from 'vitest';
import { offset, onMap, OUTLINE, reach } from './france';

const LYON = { latitude: 4575, longitude: 485 };
const MARSEILLE = { latitude: 4330, longitude: 538 };

test('towns are where a map has them', () => {
  const [lyon, marseille, brest, strasbourg] = [
    LYON,
    MARSEILLE,
    { latitude: 4839, longitude: -449 },
    { latitude: 4858, longitude: 775 },
  ].map(onMap);
  expect(lyon?.x).toBeGreaterThan(brest?.x ?? 0);
  expect(strasbourg?.x).toBeGreaterThan(lyon?.x ?? 0);
  expect(marseille?.y).toBeGreaterThan(lyon?.y ?? 0);
  // La Réunion.
  expect(onMap({ latitude: -2088, longitude: 5545 })).toBeUndefined();
});

test('the outline is two closed shores without a hole in it', () => {
  expect(OUTLINE.match(/M/g)).toHaveLength(2);
  expect(OUTLINE).not.toMatch(/NaN|undefined/);
});

test('Marseille is 278 km south of Lyon, a little to the east', () => {
  const { east, north } = offset(LYON, MARSEILLE);
  expect(Math.round(Math.hypot(east, north))).toBeGreaterThan(270);
  expect(Math.round(Math.hypot(east, north))).toBeLessThan(282);
  expect(north).toBeLessThan(0);
  expect(east).toBeGreaterThan(0);
});

test.each([
  [[], 10],
  [[3, 12], 20],
  [[41], 80],
])('%o km fit into %i', (distances, radius) => {
  expect(reach(distances)).toBe(radius);
});
