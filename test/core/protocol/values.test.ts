import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, LimitError, ProtocolError } from '../../../src-main/contract/errors.ts';
import { sameValue, valueDepthMax, type Value } from '../../../src-main/contract/signal.ts';
import { ByteReader } from '../../../src-main/core/protocol/byte-reader.ts';
import { decodeValue, encodedSize, encodeValue, skipValueData } from '../../../src-main/core/protocol/values.ts';
import { values } from './arbitraries.ts';
import { fromHex, toHex } from './plain-message.ts';

describe('values', () => {
  it('[PR3] come back in their wire type, with their order and every bit', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeValue(value);
        const back = decodeValue(bytes[0] ?? 0xff, bytes.subarray(1));
        expect(sameValue(back, value)).toBe(true);
        expect(bytes).toHaveLength(encodedSize(value));
        expect(toHex(encodeValue(back))).toBe(toHex(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('[PR10] are refused by the walk exactly when they cannot be built', () => {
    const code = fc.integer({ min: 0, max: 13 });
    const tail = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 8, 10, 11), fc.integer({ min: 0, max: 255 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(code, tail, (type, list) => {
        const bytes = Uint8Array.from(list);
        const size = walked(type, bytes);
        if (size === undefined) expect(() => decodeValue(type, bytes)).toThrow(ProtocolError);
        else expect(encodedSize(decodeValue(type, bytes.subarray(0, size)))).toBe(size + 1);
      }),
      { numRuns: 20_000 },
    );
  });

  it('[PR3] use every byte', () => {
    expect(() => decodeValue(0x01, fromHex('0100'))).toThrow(ProtocolError);
    expect(() => decodeValue(0x00, fromHex('00'))).toThrow(ProtocolError);
    expect(decodeValue(0x01, fromHex('02'))).toEqual({ type: 'bool', value: true });
  });

  it('[PR3] do not share the bytes they were decoded from, even from a Node Buffer', () => {
    const bytes = Buffer.from('0002aabb', 'hex');
    const value = decodeValue(0x09, bytes);
    bytes.fill(0);
    expect(value).toEqual({ type: 'bytes', value: fromHex('aabb') });
  });

  it('[PR8] nest at most 32 deep, in both directions', () => {
    expect(decodeValue(0x0a, encodeValue(nest(valueDepthMax)).subarray(1)).type).toBe('array');
    expect(() => encodeValue(nest(valueDepthMax + 1))).toThrow(LimitError);
    const tooDeep = fromHex(`${'00010a'.repeat(valueDepthMax)}000100`);
    expect(() => decodeValue(0x0a, tooDeep)).toThrow(expect.objectContaining({ code: 'too-deep' }));
    expect(() => walk(0x0a, tooDeep)).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });

  it('[PR9] are refused when no frame can carry them, never cut', () => {
    const nulls = (count: number): Value => ({ type: 'array', value: new Array<Value>(count).fill({ type: 'null' }) });
    expect(encodeValue(nulls(65_535))).toHaveLength(65_538);
    expect(() => encodeValue(nulls(65_536))).toThrow(LimitError);
    expect(() => encodeValue({ type: 'string', value: 'x'.repeat(65_536) })).toThrow(LimitError);
    expect(() => encodeValue({ type: 'bytes', value: new Uint8Array(65_536) })).toThrow(LimitError);
    expect(() => encodeValue({ type: 'array', value: [nulls(40_000), nulls(40_000)] })).toThrow(LimitError);
  });

  it('[PR11] refuse a number their type cannot hold', () => {
    expect(() => encodeValue({ type: 'i8', value: 128 })).toThrow(InputError);
    expect(() => encodeValue({ type: 'i64', value: 2n ** 63n })).toThrow(InputError);
  });
});

function nest(depth: number): Value {
  let value: Value = { type: 'null' };
  for (let i = 0; i < depth; i++) value = { type: 'array', value: [value] };
  return value;
}

function walk(code: number, bytes: Uint8Array): number {
  const reader = new ByteReader();
  reader.open(bytes, 0, bytes.length);
  skipValueData(reader, code);
  return reader.offset;
}

function walked(code: number, bytes: Uint8Array): number | undefined {
  try {
    return walk(code, bytes);
  } catch {
    return undefined;
  }
}
