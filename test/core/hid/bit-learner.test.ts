import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hidControlSchema } from '../../../src-main/contract/hid-control.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import { BitLearner } from '../../../src-main/core/hid/bit-learner.ts';
import { ByteHistory, guessOf } from '../../../src-main/core/hid/byte-history.ts';
import { ChangedBits } from '../../../src-main/core/hid/changed-bits.ts';
import { hex } from '../../fixtures/hid/descriptors.ts';

const resting = micros(1_000_000);
const later = micros(3_000_000);

describe('learning by pressing', () => {
  it('[HI19] finds the bit of a button, newest first, and not what moves by itself', () => {
    const learner = new BitLearner([], true);
    // Byte 2 counts; bit 7 of byte 1 does too.
    for (let at = 0; at < 40; at++) learner.take(Uint8Array.of(1, (at % 2) * 128, at), resting);
    expect(learner.heard).toMatchObject({ heard: [], resting: true, reports: 40 });
    learner.take(hex('01 81 55'), later);
    learner.take(hex('01 04 56'), later);
    const { heard, resting: rests } = learner.heard;
    expect(rests).toBe(false);
    expect(
      heard.map(({ control: { name, kind, report, byte, bit }, raw }) => [name, kind, report, byte, bit, raw]),
    ).toEqual([
      ['r1-b1-0', 'button', 1, 1, 0, 0],
      ['r1-b1-2', 'button', 1, 1, 2, 1],
    ]);
  });

  it('[HI19] takes what a device says first, after it was silent, for a press', () => {
    const learner = new BitLearner([], false);
    learner.look(resting);
    for (const report of ['01 00', '00 00', '01 00', '00 00']) learner.take(hex(report), later);
    expect(learner.heard.heard).toHaveLength(1);
    expect(learner.heard.heard[0]).toMatchObject({
      control: { kind: 'button', byte: 0, bit: 0, invert: false },
      changes: 3,
    });
  });

  it('[HI19] knows sticks, triggers, wide axes, hats, shuttles and jogs by how they move', () => {
    expect(learned(128, sweep(128, 255, 9), 1)).toMatchObject({ kind: 'axis', bits: 8, centre: 128 });
    expect(learned(0, sweep(0, 255, 9), 1)).toMatchObject({ kind: 'axis', bits: 8, centre: null });
    expect(learned(0, sweep(0, 60_000, 97), 2)).toMatchObject({ kind: 'axis', bits: 16, signed: false, centre: null });
    expect(learned(32_768, sweep(32_768, 65_000, 90), 2)).toMatchObject({ kind: 'axis', bits: 16, centre: 32_768 });
    expect(learned(0, [...sweep(0, 350, 9), ...sweep(350, -350, -9)], 2)).toMatchObject({
      kind: 'axis',
      bits: 16,
      signed: true,
      centre: 0,
    });
    expect(learned(8, [0, 1, 2, 3, 4, 5, 6, 7, 8], 1)).toMatchObject({ kind: 'hat', bits: 4 });
    expect(learned(0, [...sweep(0, 7, 1), ...sweep(7, -7, -1), 0], 1)).toMatchObject({
      kind: 'shuttle',
      signed: true,
      min: -7,
      max: 7,
      centre: 0,
    });
    expect(learned(250, sweep(250, 350, 1), 1)).toMatchObject({ kind: 'jog', bits: 8 });
    expect(learned(0, [1, 0, 4, 0, 1], 1)).toMatchObject({ kind: 'button' });
  });

  it('[HI19] tells what a layout knows already by its name, and does not guess at its bits', () => {
    const known = [
      hidControlSchema.parse({ name: 'go', byte: 0 }),
      hidControlSchema.parse({ name: 'key', kind: 'buttons', byte: 1, bits: 8, count: 2 }),
    ];
    const learner = new BitLearner(known, false);
    learner.look(resting);
    for (const report of ['00 00 00', '01 00 00', '01 00 01', '03 00 01']) learner.take(hex(report), later);
    expect(learner.heard.heard.map(({ control, known: isKnown }) => [control.name, isKnown])).toEqual([
      ['b0-1', false],
      ['key/2', true],
      ['go', true],
    ]);
  });

  it('[HI19] stays bounded and says something valid, whatever the reports', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 60 }),
        fc.boolean(),
        (reports, isNumbered) => {
          const learner = new BitLearner([], isNumbered);
          let now: Micros = resting;
          for (const report of reports) learner.take(report, (now = micros(now + 50_000)));
          expect(learner.heard.heard.length).toBeLessThanOrEqual(24);
          for (const { control } of learner.heard.heard) expect(hidControlSchema.safeParse(control).success).toBe(true);
        },
      ),
    );
    expect(guessOf([undefined, new ByteHistory(1, true)], () => false)).toEqual([]);
  });

  it('[HI20] shows a person the bits that changed, without those that do so by themselves', () => {
    const bits = new ChangedBits(true);
    bits.take(hex('01 00 00'), true);
    bits.take(hex('01 80 00'), true);
    expect(bits.take(hex('01 00 03'), false)).toEqual([
      { byte: 2, bit: 0, on: true },
      { byte: 2, bit: 1, on: true },
    ]);
    expect(bits.take(hex('02 01'), false)).toEqual([{ byte: 1, bit: 0, on: true }]);
    expect(bits.take(hex('01 80 02'), false)).toEqual([{ byte: 2, bit: 0, on: false }]);
  });
});

/** @param size bytes of the number */
function learned(rest: number, values: readonly number[], size: number) {
  const learner = new BitLearner([], false);
  const report = (value: number): Uint8Array => {
    const bytes = Buffer.alloc(size + 1);
    bytes.writeUIntLE(value & (2 ** (8 * size) - 1), 0, size);
    return bytes;
  };
  learner.take(report(rest), resting);
  for (const value of values) learner.take(report(value), later);
  expect(learner.heard.heard).toHaveLength(
    values.includes(4) && size === 1 && rest === 0 && values.length === 5 ? 2 : 1,
  );
  return learner.heard.heard[0]?.control;
}

function sweep(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor(Math.abs((to - from) / step)) + 1 }, (_, at) => from + at * step);
}
