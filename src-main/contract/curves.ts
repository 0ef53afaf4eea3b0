import type { Easing } from './show.ts';

/** The two handles of a cubic Bézier from (0,0) to (1,1): x1 y1 x2 y2. Each x lies within 0..1; a y may overshoot. */
export type Bezier = readonly [x1: number, y1: number, x2: number, y2: number];

/** How far an easing has come at `t`.
 *  @param t 0..1; beyond the ends it is held there
 *  @param bezier used by 'cubic-bezier' only; without it that easing is linear
 *  @returns exactly 0 at 0 and exactly 1 at 1; within 0..1 except where a handle overshoots; NaN for NaN
 *  @see CLASP-WIRE §5 */
export function ease(easing: Easing, t: number, bezier?: Bezier): number {
  if (Number.isNaN(t)) return t;
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  switch (easing) {
    case 'linear':
      return t;
    case 'ease-in':
      return t * t;
    case 'ease-out':
      return 1 - (1 - t) * (1 - t);
    case 'ease-in-out':
      return t < 0.5 ? 2 * t * t : 1 - ((2 - 2 * t) * (2 - 2 * t)) / 2;
    case 'step':
      return 0;
    case 'cubic-bezier':
      return bezier ? easeAlong(bezier, t) : t;
    default:
      return easing satisfies never;
  }
}

/** Where `value` stands between two ends, as 0..1 inside; 0 when they are the same. */
export function fractionBetween(from: number, to: number, value: number): number {
  return from === to ? 0 : (value - from) / (to - from);
}

/** The point at `fraction` of the way; exact at both ends. */
export function pointBetween(from: number, to: number, fraction: number): number {
  return fraction < 0.5 ? from + (to - from) * fraction : to - (to - from) * (1 - fraction);
}

const newtonIterations = 8;
const newtonTolerance = 1e-12;
/** Where x is flatter than this, a tiny error in x is a large one in y, so Newton's answer is not taken. */
const newtonSlopeMin = 1e-3;
/** Enough to halve 1 down to the last bit of a double. */
const bisections = 54;

function easeAlong([x1, y1, x2, y2]: Bezier, t: number): number {
  if (x1 === y1 && x2 === y2) return t;
  return coordinate(y1, y2, byNewton(x1, x2, t) ?? byBisection(x1, x2, t));
}

function coordinate(first: number, second: number, s: number): number {
  const rest = 1 - s;
  return 3 * rest * rest * s * first + 3 * rest * s * s * second + s * s * s;
}

function slope(first: number, second: number, s: number): number {
  const rest = 1 - s;
  return 3 * rest * rest * first + 6 * rest * s * (second - first) + 3 * s * s * (1 - second);
}

function byNewton(x1: number, x2: number, t: number): number | undefined {
  let s = t;
  for (let i = 0; i < newtonIterations; i++) {
    const steepness = slope(x1, x2, s);
    if (steepness < newtonSlopeMin) return undefined;
    const error = coordinate(x1, x2, s) - t;
    if (Math.abs(error) <= newtonTolerance) return s;
    s -= error / steepness;
    if (s < 0 || s > 1) return undefined;
  }
  return undefined;
}

/** Two inputs part at the same midpoint in the right order, so rounding can never turn a rising curve back. */
function byBisection(x1: number, x2: number, t: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < bisections; i++) {
    const middle = (low + high) / 2;
    if (coordinate(x1, x2, middle) <= t) low = middle;
    else high = middle;
  }
  return low;
}
