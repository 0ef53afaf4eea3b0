import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src-main/contract/errors.ts';
import { sameValue, type Value } from '../../../src-main/contract/signal.ts';
import { ByteReader } from '../../../src-main/core/protocol/byte-reader.ts';
import { readMsgpack } from '../../../src-main/core/protocol/msgpack-reader.ts';
import { fromHex } from './plain-message.ts';

describe('MessagePack', () => {
  it('[PR15] reads what the library @msgpack/msgpack packs, every length form of it', () => {
    const packable = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.double({ noNaN: true }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.array(tie('value'), { maxLength: 20 }),
        fc.dictionary(
          fc.string({ minLength: 1 }).map((key) => `k${key}`),
          tie('value'),
          { maxKeys: 20 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(packable, (value) => {
        expect(sameValue(read(encode(value, { useBigInt64: true })), expected(value))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Value]>([
    ['07', { type: 'i64', value: 7n }],
    ['e0', { type: 'i64', value: -32n }],
    ['cb3ff0000000000000', { type: 'f64', value: 1 }],
    ['ca3f000000', { type: 'f32', value: 0.5 }],
    ['cc80', { type: 'i64', value: 128n }],
    ['d3ffffffffffffffff', { type: 'i64', value: -1n }],
    ['cf7fffffffffffffff', { type: 'i64', value: 2n ** 63n - 1n }],
    ['cfffffffffffffffff', { type: 'f64', value: 2 ** 64 }],
    ['db0000000161', { type: 'string', value: 'a' }],
    ['da000161', { type: 'string', value: 'a' }],
    ['c50001ff', { type: 'bytes', value: new Uint8Array([255]) }],
    ['dd00000001c0', { type: 'array', value: [{ type: 'null' }] }],
    [
      '82a132c0a131c3',
      {
        type: 'map',
        value: [
          ['2', { type: 'null' }],
          ['1', { type: 'bool', value: true }],
        ],
      },
    ],
  ])('[PR15] reads %s and keeps whether a number is whole and the order of a map', (hex, value) => {
    expect(sameValue(read(fromHex(hex)), value)).toBe(true);
  });

  it.each(['c1', 'd40100', 'c70100', '8107c0', 'a2c328', 'dcffff', 'c6ffffffff', ''])('[PR10] refuses %j', (hex) => {
    expect(() => read(fromHex(hex))).toThrow(ProtocolError);
  });

  it('[PR8] refuses nesting past the cap', () => {
    expect(read(fromHex(`${'91'.repeat(40)}c0`)).type).toBe('array');
    expect(() => read(fromHex(`${'91'.repeat(41)}c0`))).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });
});

function read(bytes: Uint8Array): Value {
  const reader = new ByteReader();
  reader.open(bytes, 0, bytes.length);
  const value = readMsgpack(reader);
  expect(reader.remaining).toBe(0);
  return value;
}

function expected(value: unknown): Value {
  if (value === null) return { type: 'null' };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'bigint') return { type: 'i64', value };
  if (typeof value === 'number') {
    // The library packs whole numbers beyond 32 bits as floats.
    const isPackedWhole = Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32;
    return isPackedWhole ? { type: 'i64', value: BigInt(value) } : { type: 'f64', value };
  }
  if (typeof value === 'string') return { type: 'string', value };
  if (value instanceof Uint8Array) return { type: 'bytes', value };
  if (Array.isArray(value)) return { type: 'array', value: value.map(expected) };
  return {
    type: 'map',
    value: Object.entries(value as Record<string, unknown>).map(([key, item]) => [key, expected(item)] as const),
  };
}
