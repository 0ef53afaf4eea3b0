import { decode, encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bool, f32, f64, fromJson, nullValue, text, type Value } from '../../../src-main/contract/signal.ts';
import { decodeMsgpack, encodeMsgpack } from '../../../src-main/core/realtime/msgpack-value.ts';
import { hasRoom, valueBytesMax } from '../../../src-main/core/realtime/value-room.ts';
import { anyCharacter } from '../../any-character.ts';

const i64 = (value: bigint): Value => ({ type: 'i64', value });
const i32 = (value: number): Value => ({ type: 'i32', value });

/** Values as they come back: whole numbers are i32 or i64. */
const wholes = fc.oneof(
  fc.integer().map(i32),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .filter((value) => BigInt.asIntN(32, value) !== value)
    .map(i64),
);
const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant(nullValue),
    fc.boolean().map(bool),
    wholes,
    fc.double().map(f64),
    fc.float().map(f32),
    fc.string({ unit: anyCharacter }).map(text),
    fc.uint8Array().map((value): Value => ({ type: 'bytes', value })),
    fc.array(tie('value'), { maxLength: 20 }).map((value): Value => ({ type: 'array', value })),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 20 }).map((value): Value => ({ type: 'map', value })),
  ),
})).value;

describe('MessagePack', () => {
  it('[WJ2] comes back as it left: types, whole numbers, floats, order of maps', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeMsgpack(encodeMsgpack(value), 'written')).toEqual(value);
      }),
    );
  });

  it('[WJ2] is what the library @msgpack/msgpack reads and writes', () => {
    const whole = [0, 127, 128, 255, 256, 65_535, 65_536, 4_294_967_295, 2 ** 52, -1, -32, -33, -128, -129];
    for (const number of [...whole, -32_768, -32_769, -2_147_483_648, -2_147_483_649, 0.5]) {
      const value = Number.isInteger(number) ? i64(BigInt(number)) : f64(number);
      expect(decode(encodeMsgpack(value))).toBe(number);
      if (Math.abs(number) < 2 ** 31) expect(encodeMsgpack(value)).toEqual(encode(number));
    }
    for (const size of [0, 31, 32, 255, 256, 40_000]) {
      expect(encodeMsgpack(text('x'.repeat(size)))).toEqual(encode('x'.repeat(size)));
      expect(encodeMsgpack({ type: 'bytes', value: new Uint8Array(size) })).toEqual(encode(new Uint8Array(size)));
    }
    for (const size of [0, 15, 16, 20_000]) {
      const list = Array.from({ length: size }, () => true);
      expect(encodeMsgpack(fromJson(list))).toEqual(encode(list));
    }
    const map = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, null]));
    expect(encodeMsgpack(fromJson(map))).toEqual(encode(map));
    expect(decodeMsgpack(encode(2n ** 62n, { useBigInt64: true }), 'float')).toEqual(i64(2n ** 62n));
  });

  it('[WJ2] has whole numbers as floats where the setting says so, but for those past 2^53', () => {
    expect(decodeMsgpack(encode([1, -5, 0.5]), 'float')).toEqual(fromJson([1, -5, 0.5]));
    expect(decodeMsgpack(encode([1, 2 ** 40]), 'written')).toEqual({ type: 'array', value: [i32(1), i64(2n ** 40n)] });
    expect(decodeMsgpack(encodeMsgpack(i64(2n ** 53n + 1n)), 'float')).toEqual(i64(2n ** 53n + 1n));
  });

  it.each([
    [[], 'it is no whole MessagePack'],
    [[0xa2, 0x61], 'it is no whole MessagePack'],
    [[0xdd, 0xff, 0xff, 0xff, 0xff], 'it is no whole MessagePack'],
    [[0x01, 0x02], 'it has bytes behind its end'],
    [[0xd4, 0x01, 0x02], 'it holds an extension type, or a key that is no text'],
    [[0xc1], 'it holds an extension type, or a key that is no text'],
    [[0x81, 0x01, 0x02], 'it holds an extension type, or a key that is no text'],
    [[0xa1, 0xff], 'it holds a text that is no UTF-8'],
    [Array.from({ length: 40 }, () => 0x91), 'it nests deeper than 32'],
  ])('[WJ3] %j is refused in words', (bytes, why) => {
    expect(() => decodeMsgpack(Uint8Array.from(bytes), 'written')).toThrow(why);
  });

  it('[WJ3] random bytes are a value or refused, and change nothing for the next', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        let value: Value | undefined;
        try {
          value = decodeMsgpack(bytes, 'written');
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-value' });
        }
        if (value) expect(decodeMsgpack(encodeMsgpack(value), 'written')).toEqual(value);
        expect(decodeMsgpack(encode('after'), 'written')).toEqual(text('after'));
      }),
      { numRuns: 2000 },
    );
  });

  it('[WJ3] a value that no frame of CLASP has room for is told beforehand', () => {
    expect(hasRoom(text('x'.repeat(valueBytesMax - 3)))).toBe(true);
    expect(hasRoom(text('x'.repeat(valueBytesMax - 2)))).toBe(false);
    expect(() => encodeMsgpack(text('x'.repeat(70_000)))).toThrow();
    expect(encodeMsgpack(bool(true))).toEqual(Uint8Array.of(0xc3));
  });
});
