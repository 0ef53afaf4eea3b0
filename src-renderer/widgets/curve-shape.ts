import { ease, type Bezier } from '../../src-main/contract/curves.ts';
import type { Easing } from '../../src-main/contract/show.ts';

/** Handles that follow a preset as closely as a cubic can, so that dragging one begins from what is seen. */
const presetHandles: Record<Exclude<Easing, 'cubic-bezier'>, Bezier> = {
  linear: [1 / 3, 1 / 3, 2 / 3, 2 / 3],
  'ease-in': [1 / 3, 0, 2 / 3, 1 / 3],
  'ease-out': [1 / 3, 2 / 3, 2 / 3, 1],
  'ease-in-out': [0.45, 0.03, 0.55, 0.97],
  step: [1, 0, 1, 0],
};

export function handlesOf(easing: Easing, bezier: Bezier): Bezier {
  return easing === 'cubic-bezier' ? bezier : presetHandles[easing];
}

/** The curve as an SVG path in a box; y grows downwards there. */
export function curvePath(easing: Easing, bezier: Bezier, box: { width: number; height: number }): string {
  const at = (x: number, y: number): string => `${round(x * box.width)} ${round((1 - y) * box.height)}`;
  if (easing === 'cubic-bezier') {
    const [x1, y1, x2, y2] = bezier;
    return `M${at(0, 0)}C${at(x1, y1)} ${at(x2, y2)} ${at(1, 1)}`;
  }
  if (easing === 'step') return `M${at(0, 0)}L${at(1, 0)}L${at(1, 1)}`;
  const points = Array.from({ length: 33 }, (_, i) => at(i / 32, ease(easing, i / 32)));
  return `M${points.join('L')}`;
}

/** One handle moved to a place, kept where the show allows it: x within 0..1, y a little beyond the box. */
export function moveHandle(bezier: Bezier, which: 0 | 1, to: { x: number; y: number }): Bezier {
  const fit = (value: number, low: number, high: number): number =>
    Math.round(Math.min(high, Math.max(low, value)) * 1000) / 1000;
  const [x1, y1, x2, y2] = bezier;
  const [x, y] = [fit(to.x, 0, 1), fit(to.y, -0.5, 1.5)];
  return which === 0 ? [x, y, x2, y2] : [x1, y1, x, y];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
