import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { SequenceGate } from '../../../../src-main/core/dmx/artnet/sequence-gate.ts';

describe('SequenceGate', () => {
  const pass = (gate: SequenceGate, sequences: readonly number[], at = 1_000_000) =>
    sequences.filter((sequence) => gate.passes(sequence, micros(at)));

  it('[AN10] keeps packets out that were overtaken, also around the end of the count', () => {
    expect(pass(new SequenceGate(), [1, 2, 4, 3, 5, 5, 4])).toEqual([1, 2, 4, 5, 5]);
    expect(pass(new SequenceGate(), [254, 255, 1, 255, 2, 254, 3])).toEqual([254, 255, 1, 2, 3]);
  });

  it('[AN10] lets a sender pass that does not count, that began anew, or that rested', () => {
    expect(pass(new SequenceGate(), [9, 0, 8, 0, 0])).toEqual([9, 0, 8, 0, 0]);
    expect(pass(new SequenceGate(), [200, 1, 2, 230, 211])).toEqual([200, 1, 2, 230]);
    const gate = new SequenceGate();
    expect(pass(gate, [10, 9])).toEqual([10]);
    expect(pass(gate, [9], 1_500_000)).toEqual([9]);
  });
});
