import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { MergeSource } from '../../../../src-main/core/dmx/merge/merge-source.ts';

describe('MergeSource', () => {
  it('[UM10] names the slots whose level changed, and says when all have to be looked at', () => {
    const { source, hear } = bench();
    expect(hear([1, 2, 3])).toEqual({ all: true, touched: [] });
    expect(hear([1, 5, 3])).toEqual({ all: false, touched: [1] });
    expect(hear([1, 5, 3], 7)).toEqual({ all: true, touched: [] });
    expect(hear([1, 5], 7)).toEqual({ all: true, touched: [] });
    expect([...source.ranks.subarray(0, 4)]).toEqual([8, 8, 0, 0]);
  });

  it('[UM4] ranks by per-slot priorities, those above 200 as 200, and by its own once they are forgotten', () => {
    const { source, hear } = bench();
    hear([1, 2, 3, 4], 0);
    expect(source.hearPriorities(Uint8Array.of(0, 1, 255), micros(5))).toBe(true);
    expect([...source.ranks.subarray(0, 5)]).toEqual([0, 2, 201, 0, 0]);
    expect(source.hearPriorities(Uint8Array.of(0, 1, 255), micros(6))).toBe(false);
    expect(source.prioritiesAt).toBe(6);
    source.forgetPriorities();
    expect([[...source.ranks.subarray(0, 5)], source.prioritiesAt]).toEqual([[1, 1, 1, 1, 0], undefined]);
  });
});

function bench() {
  const source = new MergeSource('a', micros(0));
  let stamp = 0;
  return {
    source,
    hear: (levels: readonly number[], priority = 100) => {
      const touched: number[] = [];
      const frame = { id: 'a', name: '', address: '', priority, levels: Uint8Array.from(levels) };
      const all = source.hear(frame, ++stamp, (index) => touched.push(index));
      return { all, touched };
    },
  };
}
