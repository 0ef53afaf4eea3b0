import { describe, expect, it } from 'vitest';
import { SyncedFrames } from '../../../src-main/bridges/sacn/synced-frames.ts';
import { readSacnPacket } from '../../../src-main/core/dmx/sacn-packet.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const cid = '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab';

describe('SyncedFrames', () => {
  it('[SA26] lets each frame leave by itself without a sync universe, and all before one sync packet with one', () => {
    const { frames, left, clock, sync } = bench();
    frames.send({ universe: 1, levels: new Uint8Array(512) });
    expect(left.splice(0)).toEqual(['1']);
    sync.syncUniverse = 9;
    for (let frame = 0; frame < 3; frame++) {
      for (const universe of [1, 2]) frames.send({ universe, levels: new Uint8Array(512) });
      clock.advance(23);
    }
    expect(left.splice(0)).toEqual([0, 1, 2].flatMap((sequence) => ['1', '2', `sync 9 ${sequence}`]));
    for (const universe of [1, 2]) frames.send({ universe, levels: new Uint8Array(512) });
    frames.drop([2]);
    frames.flush();
    expect([left, clock.waiting]).toEqual([['1', 'sync 9 3'], 0]);
  });

  it('[SA26] goes on in the sequence of the output before it, and around its end', () => {
    const { frames, left, clock } = bench(9);
    const counts = new Map([[9, 77]]);
    counts.set(-9, 255);
    frames.countFrom(counts);
    for (let frame = 0; frame < 2; frame++) {
      frames.send({ universe: 1, levels: new Uint8Array(512) });
      clock.advance(23);
    }
    expect(left).toEqual(['1', 'sync 9 255', '1', 'sync 9 0']);
    expect([...counts]).toEqual([
      [9, 77],
      [-9, 1],
    ]);
  });
});

function bench(syncUniverse = 0) {
  const clock = new SimulatedClock();
  const left: string[] = [];
  const sync = { cid, syncUniverse };
  const frames = new SyncedFrames({
    clock,
    sync: () => sync,
    sendFrame: ({ universe }) => left.push(String(universe)),
    sendSync: (universe, bytes) => {
      const packet = readSacnPacket(bytes);
      left.push(typeof packet === 'string' ? packet : `${packet.kind} ${universe} ${packet.sequence}`);
    },
  });
  return { frames, left, clock, sync };
}
