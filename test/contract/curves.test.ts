import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ease, fractionBetween, pointBetween, type Bezier } from '../../src-main/contract/curves.ts';
import { easings } from '../../src-main/contract/show.ts';

const seed = 20261121;
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const overshooting = fc.double({ min: -5, max: 5, noNaN: true });

describe('ease', () => {
  it('[CV1] is exactly 0 at 0 and exactly 1 at 1, and holds its ends beyond them, for every easing and any handles', () => {
    const handles = fc.tuple(unit, overshooting, unit, overshooting);
    const property = fc.property(
      fc.constantFrom(...easings),
      handles,
      fc.double({ min: 0, noNaN: true }),
      (easing, bezier, beyond) => {
        expect(ease(easing, 0, bezier)).toBe(0);
        expect(ease(easing, 1, bezier)).toBe(1);
        expect(ease(easing, -beyond, bezier)).toBe(0);
        expect(ease(easing, 1 + beyond, bezier)).toBe(1);
      },
    );
    fc.assert(property, { seed, numRuns: 2000 });
  });

  it('[CV2] follows the formulas of CLASP-WIRE §5', () => {
    const at = [0.1, 0.25, 0.5, 0.75, 0.9];
    expect(at.map((t) => ease('linear', t))).toEqual(at);
    expect(at.map((t) => ease('ease-in', t))).toEqual(at.map((t) => t ** 2));
    at.forEach((t) => expect(ease('ease-out', t)).toBeCloseTo(1 - (1 - t) ** 2, 12));
    at.forEach((t) => expect(ease('ease-in-out', t)).toBeCloseTo(t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2, 12));
    expect([0.001, 0.5, 0.999].map((t) => ease('step', t))).toEqual([0, 0, 0]);
    expect(ease('cubic-bezier', 0.3)).toBe(0.3);
  });

  it('[CV3] agrees with exact arithmetic on the named CSS curves', () => {
    // CSS `ease` and `ease-in` at one half, solved with Python fractions and 70 bisections.
    expect(ease('cubic-bezier', 0.5, [0.25, 0.1, 0.25, 1])).toBeCloseTo(0.802403387584857, 11);
    expect(ease('cubic-bezier', 0.5, [0.42, 0, 1, 1])).toBeCloseTo(0.3153568125725393, 11);
  });

  it('[CV4] puts the point of a Bézier curve where its x is the input, also where the curve stands upright', () => {
    const upright: Bezier[] = [
      [1, 0, 0, 1],
      [1, 1, 0, 0],
      [0, 0, 0, 1],
      [1, 0, 1, 1],
      [0.5, 0, 0.5, 1],
    ];
    const handles = fc.oneof(fc.constantFrom(...upright), fc.tuple(unit, overshooting, unit, overshooting));
    const property = fc.property(handles, fc.double({ min: 0.001, max: 0.999, noNaN: true }), ([x1, y1, x2, y2], s) => {
      const polynomial = (a: number, b: number): number => 3 * (1 - s) ** 2 * s * a + 3 * (1 - s) * s ** 2 * b + s ** 3;
      const derivative = 3 * (1 - s) ** 2 * x1 + 6 * (1 - s) * s * (x2 - x1) + 3 * s ** 2 * (1 - x2);
      fc.pre(derivative > 1e-3);
      expect(ease('cubic-bezier', polynomial(x1, x2), [x1, y1, x2, y2])).toBeCloseTo(polynomial(y1, y2), 6);
    });
    fc.assert(property, { seed, numRuns: 20_000 });
  });

  it('[CV5] never falls while its input rises when both handles lie within 0..1', () => {
    const handles = fc.oneof(
      fc.tuple(unit, unit, unit, unit),
      fc.constantFrom<Bezier>([1, 0, 0, 1], [1, 1, 0, 0], [0, 1, 1, 0]),
    );
    const property = fc.property(fc.constantFrom(...easings), handles, unit, unit, (easing, bezier, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(ease(easing, high, bezier) - ease(easing, low, bezier)).toBeGreaterThanOrEqual(-1e-8);
    });
    fc.assert(property, { seed, numRuns: 20_000 });
    const near = fc.property(handles, unit, fc.double({ min: 0, max: 1e-6, noNaN: true }), (bezier, a, gap) => {
      expect(ease('cubic-bezier', a + gap, bezier) - ease('cubic-bezier', a, bezier)).toBeGreaterThanOrEqual(-1e-8);
    });
    fc.assert(near, { seed, numRuns: 20_000 });
  });

  it('[CV6] answers NaN with NaN', () => {
    for (const easing of easings) expect(ease(easing, Number.NaN, [0.2, 0.3, 0.4, 0.5])).toBeNaN();
  });
});

describe('fractionBetween and pointBetween', () => {
  it('[CV7] are exact at both ends and undo each other', () => {
    const end = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const property = fc.property(end, end, unit, (from, to, fraction) => {
      expect(pointBetween(from, to, 0) === from).toBe(true);
      expect(pointBetween(from, to, 1) === to).toBe(true);
      fc.pre(Math.abs(to - from) > 1e-3);
      expect(fractionBetween(from, to, pointBetween(from, to, fraction))).toBeCloseTo(fraction, 3);
    });
    fc.assert(property, { seed, numRuns: 5000 });
  });

  it('[CV8] never divide by zero: a range without width is at its start', () => {
    expect(fractionBetween(3, 3, 99)).toBe(0);
    expect(pointBetween(3, 3, 0.7)).toBe(3);
  });
});
