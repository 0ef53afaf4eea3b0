import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transform } from '../../../src-main/contract/show.ts';
import { KnownSteps } from '../../../src-renderer/patch/known-steps.svelte.ts';

const clamp = (max: number): Transform => ({ type: 'clamp', enabled: true, min: 0, max });
const invert = (max: number): Transform => ({ type: 'invert', enabled: true, min: 0, max });

function keysAfter(...chains: Transform[][]): number[][] {
  const known = new KnownSteps();
  return chains.map((chain) => known.follow(chain, 0).map(({ key }) => key));
}

describe('a step of a chain', () => {
  it('[UI131] is the same one wherever it is moved, and whatever its numbers become', () => {
    expect(keysAfter([clamp(1), invert(1)], [invert(1), clamp(1)], [invert(1), clamp(5)])).toEqual([
      [1, 2],
      [2, 1],
      [2, 1],
    ]);
    expect(keysAfter([clamp(1), clamp(2)], [clamp(2)], [clamp(3), clamp(2)])).toEqual([[1, 2], [2], [3, 2]]);
    expect(keysAfter([clamp(1), invert(1), clamp(1)], [invert(1), clamp(1)])).toEqual([
      [1, 2, 3],
      [2, 3],
    ]);
  });

  it('[UI131] is never taken for another when it cannot be known which is which', () => {
    expect(keysAfter([clamp(1), clamp(2)], [clamp(7)])).toEqual([[1, 2], [3]]);
    expect(keysAfter([clamp(1)], [invert(1)])).toEqual([[1], [2]]);
    expect(keysAfter([clamp(1), invert(1)], [invert(1), clamp(7)])).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it('[UI408] is known by its content alone after edits that nobody saw', () => {
    const known = new KnownSteps();
    const keys = (chain: Transform[], turn: number) => known.follow(chain, turn).map(({ key }) => key);
    expect(keys([clamp(1), invert(1)], 1)).toEqual([1, 2]);
    expect(keys([invert(1), clamp(1)], 2)).toEqual([2, 1]);
    expect(keys([invert(1), clamp(7)], 3)).toEqual([2, 3]);
    expect(keys([invert(1), clamp(8)], 3)).toEqual([2, 3]);
  });

  it('[UI131] keeps its key through any one change, and no two have the same', () => {
    const step = fc.oneof(fc.integer({ min: 1, max: 3 }).map(clamp), fc.integer({ min: 1, max: 3 }).map(invert));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.nat(), step, (chain, nth, other) => {
        const at = nth % chain.length;
        const known = new KnownSteps();
        const keys = known.follow(chain, 0).map(({ key }) => key);
        const changed = known.follow(chain.with(at, { ...(chain[at] as Transform), enabled: false }), 0);
        expect(changed.map(({ key }) => key)).toEqual(keys);
        known.follow(chain, 0);
        const more = known.follow(chain.toSpliced(at, 0, other), 0);
        expect(new Set(more.map(({ key }) => key)).size).toBe(chain.length + 1);
        expect(known.follow(chain, 0)).toHaveLength(chain.length);
      }),
      { seed: 11 },
    );
  });
});
