import { describe, expect, it } from 'vitest';
import { SlotMoves } from '../../../../src-main/core/dmx/desk/slot-moves.ts';

const move = (universe: number, slot: number, count: number, ...to: [number, number][]) => ({
  ...{ id: `${universe}-${slot}`, bridgeId: 'b', universe, slot, count },
  to: to.map(([toUniverse, toSlot]) => ({ universe: toUniverse, slot: toSlot })),
});

describe('SlotMoves', () => {
  it('[DK8] leads slots to one or several outputs, and leaves the others where they are unless something was moved there', () => {
    const moves = new SlotMoves([move(1, 1, 2, [1, 11], [2, 1]), move(1, 20, 1)]);
    const from = (universe: number, slot: number) => {
      const origin = moves.originOf(universe, slot);
      return origin && [origin.universe, origin.slot];
    };
    expect([from(1, 11), from(1, 12), from(2, 1), from(2, 2)]).toEqual([
      [1, 1],
      [1, 2],
      [1, 1],
      [1, 2],
    ]);
    // Moved away, switched off, and left in place.
    expect([from(1, 1), from(1, 20), from(1, 13), from(2, 3)]).toEqual([undefined, undefined, [1, 13], [2, 3]]);
    expect([moves.leavesAsItIs(1), moves.leavesAsItIs(2), moves.leavesAsItIs(3)]).toEqual([false, false, true]);
    expect([moves.reach(1), moves.reach(2)]).toEqual([[1, 2], [2]]);
  });
});
