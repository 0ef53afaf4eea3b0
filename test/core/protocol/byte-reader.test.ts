import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src-main/contract/errors.ts';
import { ByteReader } from '../../../src-main/core/protocol/byte-reader.ts';
import { fromHex } from './plain-message.ts';

function reading(hex: string): ByteReader {
  const reader = new ByteReader();
  const bytes = fromHex(hex);
  reader.open(bytes, 0, bytes.length);
  return reader;
}

const reads: [string, (reader: ByteReader) => unknown, string, unknown][] = [
  ['u8', (reader) => reader.u8(), 'ff', 255],
  ['u16', (reader) => reader.u16(), 'fffe', 65_534],
  ['u32', (reader) => reader.u32(), 'fffffffe', 4_294_967_294],
  ['u64', (reader) => reader.u64(), 'ffffffffffffffff', 2n ** 64n - 1n],
  ['i8', (reader) => reader.i8(), 'ff', -1],
  ['i16', (reader) => reader.i16(), 'fed4', -300],
  ['i32', (reader) => reader.i32(), '80000000', -(2 ** 31)],
  ['i64', (reader) => reader.i64(), '8000000000000000', -(2n ** 63n)],
  ['f32', (reader) => reader.f32(), '3f000000', 0.5],
  ['f64', (reader) => reader.f64(), '3fe0000000000000', 0.5],
  ['string', (reader) => reader.string(), '000768c3a9f09f8eb9', 'hé🎹'],
  ['name', (reader) => reader.name(), '00022f76', '/v'],
  ['name', (reader) => reader.name(), '000768c3a9f09f8eb9', 'hé🎹'],
  ['skipString', (reader) => reader.skipString(), '000161', undefined],
  ['raw', (reader) => [...reader.raw(2)], '0102', [1, 2]],
  ['skip', (reader) => reader.skip(2), '0102', undefined],
];

describe('byte reader', () => {
  it.each(reads)('[PR10] %s reads to the last byte and refuses every shorter input', (_, read, hex, expected) => {
    const reader = reading(hex);
    expect(read(reader)).toEqual(expected);
    expect(reader.remaining).toBe(0);
    for (let length = 0; length < hex.length; length += 2) {
      const short = reading(hex.slice(0, length));
      expect(() => read(short)).toThrow(expect.objectContaining({ code: 'bad-length' }));
      expect(short.offset).toBeLessThanOrEqual(length / 2);
    }
  });

  it('[PR10] refuses text that is not UTF-8', () => {
    for (const read of [
      (one: ByteReader) => one.string(),
      (one: ByteReader) => one.name(),
      (one: ByteReader) => one.skipString(),
    ]) {
      expect(() => read(reading('0002c328'))).toThrow(expect.objectContaining({ code: 'bad-text' }));
    }
  });

  it('[PR7] refuses a count whose items cannot be there', () => {
    expect(reading('0002aabb').count(1)).toBe(2);
    expect(() => reading('0003aabb').count(1)).toThrow(ProtocolError);
    expect(() => reading('ffff').count(8)).toThrow(ProtocolError);
  });

  it('[PR10] cannot leave a narrowed part, and goes on behind it', () => {
    const reader = reading('0102030405');
    const end = reader.narrow(2);
    expect(reader.u8()).toBe(1);
    expect(() => reader.u16()).toThrow(ProtocolError);
    reader.widen(end);
    expect(reader.u8()).toBe(3);
    expect(() => reader.narrow(3)).toThrow(ProtocolError);
  });

  it('[PR20] gives the same string object for the same address', () => {
    const reader = reading('00022f7600022f76');
    expect(reader.name()).toBe(reader.name());
    reader.close();
    expect(reader.remaining).toBe(0);
  });
});
