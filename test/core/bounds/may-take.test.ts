import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayTake } from '../../../src-main/core/bounds/may-take.ts';

/** Takes one at a time until no more is given. */
function fill(max: number, owns: number[], who: number): number {
  const taken = (): number => owns.reduce((sum, own) => sum + own, 0);
  while (mayTake({ max, taken: taken(), own: owns[who] ?? 0 }, 1) === 'yes') owns[who] = (owns[who] ?? 0) + 1;
  return owns[who] ?? 0;
}

describe('room that is shared', () => {
  it('[RT323] gives three quarters to one alone, and three quarters of what is left to each who comes later', () => {
    const owns: number[] = [];
    expect([0, 1, 2, 3].map((who) => fill(10_000, owns, who))).toEqual([7500, 1875, 468, 117]);
    expect(mayTake({ max: 10_000, taken: 9960, own: 7500 }, 1)).toBe('over-share');
    expect(mayTake({ max: 10_000, taken: 9960, own: 0 }, 40)).toBe('yes');
    expect(mayTake({ max: 10_000, taken: 9960, own: 0 }, 41)).toBe('full');
  });

  it('[RT323] never gives more than there is, and always something to who has nothing while something is left', () => {
    const taking = fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 20 }), fc.boolean());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(taking, { maxLength: 200 }), (max, steps) => {
        const owns = [0, 0, 0, 0, 0];
        for (const [who, more, isLeaving] of steps) {
          const taken = owns.reduce((sum, own) => sum + own, 0);
          const own = owns[who] ?? 0;
          if (isLeaving) owns[who] = 0;
          else {
            const answer = mayTake({ max, taken, own }, more);
            if (answer === 'yes') owns[who] = own + more;
            expect(answer === 'full').toBe(taken + more > max);
            if (own === 0) expect(answer).not.toBe('over-share');
            if (answer === 'over-share') expect(own + more).toBeGreaterThan(3 * (max - taken - more));
          }
          expect(owns.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
