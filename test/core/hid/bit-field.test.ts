import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBits, writeBits } from '../../../src-main/core/hid/bit-field.ts';

const place = fc.record({ byte: fc.nat(20), bit: fc.nat(7), bits: fc.integer({ min: 1, max: 32 }) });

describe('bit fields', () => {
  it('[HI1] reads fields across bytes, signed, of 32 bits and with the high byte first', () => {
    const bytes = Uint8Array.of(0x01, 0x8f, 0xff, 0xff, 0xff, 0xff);
    expect(readBits(bytes, { byte: 0, bit: 0, bits: 8 })).toBe(1);
    // The 12 bits of a Switch Pro stick.
    expect(readBits(bytes, { byte: 0, bit: 0, bits: 12 })).toBe(0xf01);
    expect(readBits(bytes, { byte: 1, bit: 4, bits: 12 })).toBe(0xff8);
    expect(readBits(bytes, { byte: 2, bit: 0, bits: 32 })).toBe(0xffff_ffff);
    expect(readBits(bytes, { byte: 2, bit: 0, bits: 32, signed: true })).toBe(-1);
    expect(readBits(bytes, { byte: 0, bit: 0, bits: 16, bigEndian: true })).toBe(0x018f);
    expect(readBits(bytes, { byte: 0, bit: 0, bits: 16, bigEndian: true, signed: true })).toBe(0x018f);
    expect(readBits(bytes, { byte: 1, bit: 7, bits: 1, signed: true })).toBe(-1);
  });

  it('[HI1] says nothing of a field that the report is too short for', () => {
    expect(readBits(Uint8Array.of(1), { byte: 0, bit: 1, bits: 8 })).toBeUndefined();
    expect(readBits(new Uint8Array(), { byte: 0, bit: 0, bits: 1 })).toBeUndefined();
    expect(() => writeBits(new Uint8Array(1), { byte: 0, bit: 4, bits: 16 }, 0xffff)).not.toThrow();
  });

  it('[HI1] reads what was written, and writes nothing beside it', () => {
    fc.assert(
      fc.property(
        place,
        fc.nat(2 ** 32 - 1),
        fc.uint8Array({ minLength: 26, maxLength: 26 }),
        (field, value, bytes) => {
          const wanted = value % 2 ** field.bits;
          const written = Uint8Array.from(bytes);
          writeBits(written, field, wanted);
          expect(readBits(written, field)).toBe(wanted);
          const old = readBits(bytes, field) ?? 0;
          writeBits(written, field, old);
          expect(written).toEqual(bytes);
        },
      ),
    );
  });

  it('[HI1] gives a signed field the number that has its bits', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (field, value) => {
        const bytes = new Uint8Array(26);
        const half = 2 ** (field.bits - 1);
        const wanted = ((((value + half) % (2 * half)) + 2 * half) % (2 * half)) - half;
        writeBits(bytes, field, wanted < 0 ? wanted + 2 * half : wanted);
        expect(readBits(bytes, { ...field, signed: true })).toBe(wanted);
      }),
    );
  });
});
