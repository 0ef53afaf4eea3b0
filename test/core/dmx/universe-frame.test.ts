import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bool, f32, f64, nullValue, text, type Value } from '../../../src-main/contract/signal.ts';
import { tryLevel, UniverseFrame } from '../../../src-main/core/dmx/universe-frame.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';

describe('tryLevel', () => {
  it.each<[Value, number, number]>([
    [{ type: 'i32', value: 1 }, 1, 1],
    [{ type: 'i8', value: -1 }, 0, 0],
    [{ type: 'i16', value: 256 }, 255, 255],
    [{ type: 'i64', value: 2n ** 60n }, 255, 255],
    [f32(1), 255, 1],
    [f64(0.5), 128, 1],
    [f64(0.001), 0, 0],
    [f64(127.4), 255, 127],
    [f64(-Infinity), 0, 0],
    [f64(Infinity), 255, 255],
    [bool(true), 255, 255],
    [bool(false), 0, 0],
  ])('[SA2] makes %o the level %i as a unit and %i as a level', (value, unit, level) => {
    expect(tryLevel(value, 'unit')).toBe(unit);
    expect(tryLevel(value, 'level')).toBe(level);
  });

  it.each<[Value]>([
    [f64(NaN)],
    [text('255')],
    [nullValue],
    [{ type: 'map', value: [] }],
    [{ type: 'bytes', value: Uint8Array.of(1) }],
  ])('[SA2] refuses %o', (value) => expect(tryLevel(value, 'unit')).toBeUndefined());
});

describe('UniverseFrame', () => {
  it('[SA3] is dark at first, and sets one slot, or with an array the slots from there on', () => {
    const frame = new UniverseFrame(7);
    expect(frame.levels).toEqual(new Uint8Array(512));
    expect(frame.set(1, { type: 'i32', value: 9 }, 'unit')).toEqual({
      changed: true,
      clipped: 0,
      isBeyondFull: false,
      lastLit: 1,
    });
    expect(frame.set(3, { type: 'array', value: [f64(1), bool(false), f32(0.5)] }, 'unit')).toEqual({
      changed: true,
      clipped: 0,
      isBeyondFull: false,
      lastLit: 5,
    });
    expect([...frame.levels.subarray(0, 6)]).toEqual([9, 0, 255, 0, 128, 0]);
    expect(frame.set(1, { type: 'i64', value: 9n }, 'unit')).toEqual({
      changed: false,
      clipped: 0,
      isBeyondFull: false,
      lastLit: 1,
    });
  });

  it('[SA3] clips an array at slot 512 and says by how much', () => {
    const frame = new UniverseFrame(7);
    const three: Value = { type: 'array', value: [f64(1), f64(1), f64(1)] };
    expect(frame.set(511, three, 'unit')).toMatchObject({ changed: true, clipped: 1, lastLit: 512 });
    expect([...frame.levels.subarray(509)]).toEqual([0, 255, 255]);
  });

  it('[SA3] changes nothing when an array is empty or one of its values is no level', () => {
    const frame = new UniverseFrame(7);
    expect(frame.set(1, { type: 'array', value: [f64(1), text('x')] }, 'unit')).toBeUndefined();
    expect(frame.set(1, { type: 'array', value: [{ type: 'array', value: [f64(1)] }] }, 'unit')).toBeUndefined();
    expect(frame.set(1, { type: 'array', value: [] }, 'unit')).toBeUndefined();
    expect(frame.levels).toEqual(new Uint8Array(512));
  });

  it('[SA21] gives back what set it: levels as integers, floats as they came, up to the last slot that was set', () => {
    const frame = new UniverseFrame(1);
    expect(frame.given).toEqual([]);
    frame.set(1, f64(0.25), 'unit');
    frame.set(3, { type: 'array', value: [bool(true), f32(0.5), { type: 'i64', value: 300n }] }, 'unit');
    expect(frame.given).toEqual([f64(0.25), level(0), level(255), f64(0.5), level(255)]);
    frame.set(1, { type: 'i8', value: 5 }, 'unit');
    expect(frame.given[0]).toEqual(level(5));
  });

  it('[SA22] gives its floats another meaning, and leaves integers and bools alone', () => {
    const frame = new UniverseFrame(1);
    frame.set(1, { type: 'array', value: [f64(1), level(7), bool(true), f64(200)] }, 'unit');
    frame.reinterpret('level');
    expect([...frame.levels.subarray(0, 5)]).toEqual([1, 7, 255, 200, 0]);
    frame.reinterpret('unit');
    expect([...frame.levels.subarray(0, 5)]).toEqual([255, 7, 255, 255, 0]);
  });

  it('[SA21] makes another frame the same, whatever was set, under either meaning', () => {
    const step = fc.record({ slot: fc.integer({ min: 1, max: 512 }), value: arbitraryValue });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const [frame, next] = [new UniverseFrame(1), new UniverseFrame(1)];
        for (const { slot, value } of steps) frame.set(slot, value, 'unit');
        next.set(1, { type: 'array', value: frame.given }, 'unit');
        expect(next.levels).toEqual(frame.levels);
        frame.reinterpret('level');
        next.reinterpret('level');
        expect(next.levels).toEqual(frame.levels);
      }),
      { seed: 20261121 },
    );
  });

  it('[SA2] takes any value, and changes exactly when it says so', () => {
    const frame = new UniverseFrame(1);
    fc.assert(
      fc.property(arbitraryValue, fc.integer({ min: 1, max: 512 }), (value, slot) => {
        const before = Uint8Array.from(frame.levels);
        const change = frame.set(slot, value, 'unit');
        expect(Buffer.compare(before, frame.levels) !== 0).toBe(change?.changed ?? false);
      }),
    );
  });
});

function level(value: number): Value {
  return { type: 'i32', value };
}
