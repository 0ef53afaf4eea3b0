import { describe, expect, it } from 'vitest';
import { FrameGate } from '../../../src-main/core/dmx/frame-gate.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('FrameGate', () => {
  it('[SA26] lets universes of one turn leave together, the newest levels of each, and says so once', () => {
    const { put, gate, clock, left } = bench();
    put(1, 1);
    put(2, 1);
    put(1, 2);
    expect(left).toEqual([]);
    clock.advance(0);
    expect(left).toEqual([['1=2', '2=1']]);
    gate.drop([1]);
    clock.advance(60_000);
    expect([left.length, clock.waiting]).toEqual([1, 0]);
  });

  it('[SA26] opens no sooner than a DMX frame later', () => {
    const { put, clock, left } = bench();
    put(1, 1);
    clock.advance(0);
    clock.advance(5);
    put(2, 1);
    clock.advance(10);
    put(3, 1);
    clock.advance(7);
    expect(left).toHaveLength(1);
    clock.advance(1);
    expect(left).toEqual([['1=1'], ['2=1', '3=1']]);
  });

  it('[SA26] drops what is left out, and lets the rest leave at once when it is closed', () => {
    const { put, gate, clock, left } = bench();
    put(1, 1);
    put(2, 1);
    gate.drop([1]);
    gate.close();
    expect(left).toEqual([['2=1']]);
    put(1, 3);
    gate.drop([1]);
    clock.advance(1000);
    expect([left.length, clock.waiting]).toEqual([1, 0]);
  });
});

function bench() {
  const clock = new SimulatedClock();
  const left: string[][] = [];
  let now: string[] = [];
  const gate = new FrameGate({
    clock,
    send: ({ universe, levels }) => now.push(`${universe}=${levels[0]}`),
    sent: () => {
      left.push(now);
      now = [];
    },
  });
  return {
    clock,
    gate,
    left,
    put: (universe: number, level: number) => gate.put({ universe, levels: new Uint8Array(512).fill(level) }),
  };
}
