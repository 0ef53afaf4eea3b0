import { describe, expect, it } from 'vitest';
import { InputError, LimitError } from '../../../src-main/contract/errors.ts';
import { ByteWriter } from '../../../src-main/core/protocol/byte-writer.ts';
import { frameBytesMax } from '../../../src-main/core/protocol/limits.ts';
import { toHex } from './plain-message.ts';

const long = 'x'.repeat(60);
const writes: [string, (writer: ByteWriter) => void, string][] = [
  ['u8', (writer) => writer.u8(255), 'ff'],
  ['u16', (writer) => writer.u16(65_534), 'fffe'],
  ['u32', (writer) => writer.u32(4_294_967_294), 'fffffffe'],
  ['u64', (writer) => writer.u64(2n ** 64n - 1n), 'ffffffffffffffff'],
  ['u64 of a number', (writer) => writer.u64(2 ** 53 - 1), '001fffffffffffff'],
  ['two words', (writer) => writer.words(-2, 0xffff_fffd), 'fffffffefffffffd'],
  ['i8', (writer) => writer.i8(-1), 'ff'],
  ['i16', (writer) => writer.i16(-300), 'fed4'],
  ['i32', (writer) => writer.i32(-(2 ** 31)), '80000000'],
  ['i64', (writer) => writer.i64(-(2n ** 63n)), '8000000000000000'],
  ['f32', (writer) => writer.f32(0.5), '3f000000'],
  ['f64', (writer) => writer.f64(0.5), '3fe0000000000000'],
  ['a short string', (writer) => writer.string('/v'), '00022f76'],
  ['a string beyond ASCII', (writer) => writer.string('hé🎹'), '000768c3a9f09f8eb9'],
  ['a long string', (writer) => writer.string(long), `003c${'78'.repeat(60)}`],
  ['raw bytes', (writer) => writer.raw(new Uint8Array(50).fill(7)), '07'.repeat(50)],
  ['part of bytes', (writer) => writer.part(new Uint8Array([1, 2, 3, 4]), 1, 3), '0203'],
];

describe('byte writer', () => {
  it.each(writes)('[PR18] writes %s whole where one slab ends and the next begins', (_, write, hex) => {
    for (let left = 0; left <= hex.length / 2 + 2; left++) {
      const writer = new ByteWriter(frameBytesMax);
      writer.raw(new Uint8Array(frameBytesMax - 1 - left).fill(1));
      const before = writer.carve();
      writer.reset();
      writer.u8(0xee);
      write(writer);
      expect(toHex(writer.carve())).toBe(`ee${hex}`);
      expect(before.every((byte) => byte === 1)).toBe(true);
    }
  });

  it.each(writes)('[PR9] refuses %s past the frame limit and takes it at the limit', (_, write, hex) => {
    const size = hex.length / 2;
    const writer = new ByteWriter(4 * frameBytesMax);
    writer.raw(new Uint8Array(frameBytesMax - size));
    write(writer);
    expect(writer.length).toBe(frameBytesMax);
    writer.reset();
    writer.raw(new Uint8Array(frameBytesMax - size + 1));
    expect(() => write(writer)).toThrow(LimitError);
    writer.reset();
    write(writer);
    expect(toHex(writer.copy())).toBe(hex);
  });

  it('[PR9] refuses strings and lists that a u16 cannot count', () => {
    const writer = new ByteWriter(frameBytesMax);
    writer.string('x'.repeat(0xffff));
    expect(writer.length).toBe(0xffff + 2);
    writer.reset();
    expect(() => writer.string('x'.repeat(0x1_0000))).toThrow(LimitError);
    expect(() => writer.string('é'.repeat(0x8000))).toThrow(LimitError);
    expect(() => writer.count(0x1_0000)).toThrow(LimitError);
  });

  it.each([
    ['u8', -1],
    ['u8', 256],
    ['u8', 0.5],
    ['u8', Number.NaN],
    ['u16', 65_536],
    ['u32', 2 ** 32],
    ['u32', -1],
    ['i8', 128],
    ['i8', -129],
    ['i16', 32_768],
    ['i32', 2 ** 31],
    ['i32', 1.5],
  ] as const)('[PR11] refuses %s of %s instead of wrapping it', (kind, value) => {
    expect(() => new ByteWriter(frameBytesMax)[kind](value)).toThrow(InputError);
  });

  it.each([
    ['u64', -1n],
    ['u64', 2n ** 64n],
    ['u64', -1],
    ['u64', 2 ** 53],
    ['u64', 0.5],
    ['i64', 2n ** 63n],
    ['i64', -(2n ** 63n) - 1n],
  ] as const)('[PR11] refuses %s of %s instead of wrapping it', (kind, value) => {
    expect(() => new ByteWriter(frameBytesMax)[kind](value as bigint)).toThrow(InputError);
  });

  it('[PR18] patches a length written before, also after a change of slab', () => {
    const writer = new ByteWriter(frameBytesMax);
    writer.raw(new Uint8Array(frameBytesMax - 4));
    writer.carve();
    writer.reset();
    writer.u16(0);
    writer.string('abc');
    writer.patchU16(0, 0x1234);
    expect(toHex(writer.carve())).toBe('12340003616263');
  });

  it('[RT221] leaves room before a message, wherever the slab ends and beside the frame limit', () => {
    for (let left = 0; left < 6; left++) {
      const writer = new ByteWriter(frameBytesMax + 2);
      writer.raw(new Uint8Array(frameBytesMax - left));
      const before = writer.carve();
      writer.reset(2);
      writer.u32(0x01020304);
      writer.patchU16(0, 0xabcd);
      expect(toHex(writer.carve())).toBe('abcd01020304');
      expect(before.every((byte) => byte === 0)).toBe(true);
      writer.reset(2);
      writer.raw(new Uint8Array(frameBytesMax));
      expect(writer.length).toBe(frameBytesMax + 2);
      expect(() => writer.u8(0)).toThrow(LimitError);
    }
  });
});
