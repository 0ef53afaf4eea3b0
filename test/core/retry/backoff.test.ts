import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { createBackoff } from '../../../src-main/core/retry/backoff.ts';

const seed = 20261121;
const always = (fraction: number): { fraction: () => number; uuid: () => string } => ({
  fraction: () => fraction,
  uuid: () => '',
});

describe('createBackoff', () => {
  it('[RY1] doubles up to the cap and then stays there for ever', () => {
    const backoff = createBackoff({ random: always(0), first: millis(500), cap: millis(3000) });
    expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([500, 1000, 2000, 3000, 3000, 3000]);
    for (let i = 0; i < 5000; i++) backoff.next();
    expect(backoff.next()).toBe(3000);
  });

  it('[RY2] begins again after a reset', () => {
    const backoff = createBackoff({ random: always(0), first: millis(500), cap: millis(3000) });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });

  it('[RY3] takes away at most its share of chance, and never waits longer than the cap', () => {
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const property = fc.property(fraction, fc.integer({ min: 0, max: 60 }), (chance, tries) => {
      const backoff = createBackoff({ random: always(chance), first: millis(100), cap: millis(10_000), jitter: 0.5 });
      for (let i = 0; i < tries; i++) backoff.next();
      const whole = Math.min(100 * 2 ** tries, 10_000);
      expect(backoff.next()).toBeCloseTo(whole * (1 - 0.5 * chance), 6);
    });
    fc.assert(property, { seed, numRuns: 1000 });
  });
});
