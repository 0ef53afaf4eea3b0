import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timecodeRates } from '../../../src-main/contract/timecode.ts';
import {
  fullFrame,
  MtcReader,
  quarterFrame,
  tryFullFrame,
  type MtcPosition,
} from '../../../src-main/core/timecode/mtc.ts';
import { timecodeOf } from '../../../src-main/core/timecode/timecode.ts';
import { seededChance, wholeNumber } from '../../seeded-chance.ts';

const time = { timecode: { hours: 13, minutes: 45, seconds: 23, frames: 28 }, rate: '30' } as const;

function pieces(from: typeof time): number[] {
  return Array.from({ length: 8 }, (_, piece) => quarterFrame(from, piece));
}

describe('MTC', () => {
  it('[TC9] splits a time into the eight quarter frames of the specification, and joins them again', () => {
    // 13:45:23:28 at 30: frames 0x1c, seconds 0x17, minutes 0x2d, hours 0x0d with the rate 3 in bits 5 and 6
    expect(pieces(time)).toEqual([0x0c, 0x11, 0x27, 0x31, 0x4d, 0x52, 0x6d, 0x76]);
    fc.assert(
      fc.property(fc.constantFrom(...timecodeRates), fc.integer({ min: 0, max: 2_500_000 }), (rate, frame) => {
        const some = { timecode: timecodeOf(frame, rate), rate };
        const reader = new MtcReader();
        const told = Array.from({ length: 8 }, (_, piece) => reader.quarterFrame(quarterFrame(some, piece)));
        expect(told.slice(0, 7).every((each) => each === undefined)).toBe(true);
        expect(told[7]).toEqual({ time: some, pastFrames: 1.75, backwards: false });
        expect(tryFullFrame(fullFrame(some))).toEqual(some);
      }),
    );
  });

  it('[TC9] writes and reads the full message byte by byte', () => {
    const bytes = [0xf0, 0x7f, 0x7f, 0x01, 0x01, 0x6d, 0x2d, 0x17, 0x1c, 0xf7];
    expect([...fullFrame(time)]).toEqual(bytes);
    expect(tryFullFrame(Uint8Array.from(bytes))).toEqual(time);
    for (const [at, value] of [
      [0, 0xf1],
      [1, 0x7e],
      [3, 2],
      [4, 2],
      [6, 60],
      [8, 30],
      [9, 0],
    ] as const)
      expect(tryFullFrame(Uint8Array.from(bytes).with(at, value))).toBeUndefined();
    expect(tryFullFrame(Uint8Array.from(bytes.slice(0, 9)))).toBeUndefined();
    expect(tryFullFrame(new Uint8Array())).toBeUndefined();
  });

  it('[TC10] tells a time every two frames, forwards and backwards, with the frames that it took', () => {
    const reader = new MtcReader();
    const told: (MtcPosition | undefined)[] = [];
    const at = (frame: number) => ({ timecode: timecodeOf(frame, '25'), rate: '25' }) as const;
    for (let quarter = 0; quarter < 32; quarter++)
      told.push(reader.quarterFrame(quarterFrame(at(1000 + 2 * Math.floor(quarter / 8)), quarter % 8)));
    expect(
      told.flatMap((each, quarter) => (each ? [[quarter, each.time.timecode.frames, each.pastFrames]] : [])),
    ).toEqual([
      [7, 0, 1.75],
      [15, 2, 1.75],
      [23, 4, 1.75],
      [31, 6, 1.75],
    ]);
    const back: (MtcPosition | undefined)[] = [];
    for (let quarter = 31; quarter >= 0; quarter--)
      back.push(reader.quarterFrame(quarterFrame(at(1000 + 2 * Math.floor(quarter / 8)), quarter % 8)));
    expect(
      back.flatMap((each) => (each ? [[each.time.timecode.frames, each.pastFrames, each.backwards]] : [])),
    ).toEqual([
      [6, 0, true],
      [4, 0, true],
      [2, 0, true],
      [0, 0, true],
    ]);
  });

  it('[TC10] tells nothing of pieces that are missing, doubled or mixed up', () => {
    const reader = new MtcReader();
    const all = pieces(time);
    const feed = (order: readonly number[]): number =>
      order.filter((piece) => reader.quarterFrame(all[piece] ?? 0) !== undefined).length;
    expect(feed([0, 1, 2, 3, 5, 6, 7])).toBe(0);
    expect(feed([0, 1, 2, 3, 3, 4, 5, 6, 7])).toBe(0);
    expect(feed([4, 5, 6, 7])).toBe(0);
    expect(feed([0, 1, 2, 3, 4, 5, 6, 7])).toBe(1);
    reader.reset();
    expect(feed([1, 2, 3, 4, 5, 6, 7])).toBe(0);
    for (let seed = 1; seed <= 50; seed++) {
      const chance = seededChance(seed);
      const fuzzed = new MtcReader();
      for (let i = 0; i < 500; i++) fuzzed.quarterFrame(wholeNumber(chance, 0, 127));
    }
  });
});
