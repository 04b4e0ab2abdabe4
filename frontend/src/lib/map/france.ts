// France as it is drawn here: an outline of our own, and where a point is on it. Positions are
// hundredths of a degree, as the API has them.

import type { Position } from '$lib/api/schema';

/** The mainland and Corsica, as latitude and longitude in hundredths of a degree. */
const SHORES: readonly (readonly (readonly [number, number])[])[] = [
  [
    [5108, 255],
    [5075, 315],
    [5050, 330],
    [5030, 400],
    [5015, 483],
    [4995, 485],
    [4960, 530],
    [4953, 580],
    [4945, 640],
    [4920, 675],
    [4905, 750],
    [4897, 823],
    [4858, 780],
    [4810, 757],
    [4758, 758],
    [4745, 700],
    [4730, 695],
    [4690, 645],
    [4655, 610],
    [4625, 605],
    [4620, 630],
    [4640, 678],
    [4595, 700],
    [4580, 685],
    [4540, 710],
    [4515, 695],
    [4500, 665],
    [4470, 700],
    [4430, 690],
    [4415, 740],
    [4410, 760],
    [4378, 752],
    [4368, 725],
    [4353, 700],
    [4320, 668],
    [4308, 595],
    [4325, 535],
    [4340, 490],
    [4337, 455],
    [4352, 395],
    [4338, 365],
    [4325, 320],
    [4300, 307],
    [4270, 304],
    [4243, 317],
    [4235, 270],
    [4243, 195],
    [4260, 170],
    [4270, 135],
    [4283, 80],
    [4270, 65],
    [4269, 0],
    [4285, -55],
    [4300, -100],
    [4305, -145],
    [4337, -178],
    [4353, -152],
    [4460, -125],
    [4557, -110],
    [4515, -75],
    [4560, -95],
    [4615, -120],
    [4650, -180],
    [4700, -215],
    [4725, -220],
    [4730, -255],
    [4750, -285],
    [4750, -310],
    [4770, -340],
    [4780, -435],
    [4804, -473],
    [4825, -455],
    [4835, -475],
    [4855, -475],
    [4872, -400],
    [4883, -345],
    [4880, -300],
    [4853, -272],
    [4868, -232],
    [4865, -200],
    [4863, -150],
    [4885, -160],
    [4937, -180],
    [4972, -194],
    [4966, -160],
    [4968, -127],
    [4935, -115],
    [4935, -60],
    [4928, -20],
    [4942, 20],
    [4950, 10],
    [4977, 37],
    [4993, 108],
    [5007, 137],
    [5022, 155],
    [5073, 158],
    [5097, 185],
  ],
  [
    [4300, 940],
    [4270, 945],
    [4210, 955],
    [4160, 930],
    [4138, 920],
    [4155, 880],
    [4190, 860],
    [4225, 855],
    [4257, 875],
    [4270, 930],
  ],
];

export const WIDTH = 350;
export const HEIGHT = 345;

const SCALE = 0.34;
/** How much shorter a degree of longitude is in the middle of the country. */
const NARROW = 0.69;

/** Where a point is on the drawing; nothing when it is not on it (overseas). */
export function onMap({ latitude, longitude }: Position): { x: number; y: number } | undefined {
  const x = (longitude + 520) * NARROW * SCALE;
  const y = (5130 - latitude) * SCALE;
  return x < 0 || x > WIDTH || y < 0 || y > HEIGHT ? undefined : { x: Math.round(x), y: Math.round(y) };
}

/** The outline as an SVG path. */
export const OUTLINE = SHORES.map(
  (shore) =>
    `M${shore
      .map(([latitude, longitude]) => onMap({ latitude, longitude }))
      .map((point) => `${point?.x ?? 0} ${point?.y ?? 0}`)
      .join('L')}Z`,
).join('');

const KILOMETRES = 1.112;

/** How far a point is to the east and to the north of another, in kilometres. */
export function offset(from: Position, to: Position): { east: number; north: number } {
  const narrow = Math.cos((((from.latitude + to.latitude) / 200) * Math.PI) / 180);
  return {
    east: (to.longitude - from.longitude) * KILOMETRES * narrow,
    north: (to.latitude - from.latitude) * KILOMETRES,
  };
}

/** The radius of rings around a place that hold these distances: round numbers of kilometres. */
export function reach(distances: readonly number[]): number {
  const furthest = Math.max(5, ...distances);
  return [10, 20, 40, 80, 160, 320, 640].find((radius) => radius >= furthest) ?? 1280;
}
