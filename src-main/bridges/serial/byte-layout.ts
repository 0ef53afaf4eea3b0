import { Buffer } from 'node:buffer';
import type { SerialByteField, SerialReceive } from '../../contract/bridges/serial-receive.ts';
import type { BinaryType } from '../../contract/serial-template.ts';
import { tryHexBytes } from '../../contract/serial-text.ts';
import { bool, f32, f64, integer, text, type Value } from '../../contract/signal.ts';
import type { Found } from './line-pattern.ts';

/** Finds messages by what they begin with and how long they are, and the values in them by their places. */
export function byteLayout({
  begins,
  length,
  fields,
}: Pick<SerialReceive, 'begins' | 'length' | 'fields'>): (message: Uint8Array) => Found | undefined {
  const start = tryHexBytes(begins) ?? new Uint8Array();
  return (message) => {
    if (length !== null && message.length !== length) return undefined;
    if (!start.every((byte, i) => message[i] === byte)) return undefined;
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    const found = new Map<string, Value>();
    for (const field of fields) {
      const value = readField(field, bytes);
      if (!value) return undefined;
      found.set(field.name, value);
    }
    return found;
  };
}

interface NumberType {
  readonly sizeBytes: number;
  readonly read: (bytes: Buffer, at: number) => Value;
  /** @throws RangeError past what it holds */
  readonly write: (bytes: Buffer, value: number) => void;
  /** floats hold anything */
  readonly whole?: readonly [lowest: number, highest: number];
}

const numberTypes: Readonly<Record<BinaryType, NumberType>> = {
  u8: wholeType(1, false, true),
  i8: wholeType(1, true, true),
  u16be: wholeType(2, false, true),
  u16le: wholeType(2, false, false),
  i16be: wholeType(2, true, true),
  i16le: wholeType(2, true, false),
  u32be: wholeType(4, false, true),
  u32le: wholeType(4, false, false),
  i32be: wholeType(4, true, true),
  i32le: wholeType(4, true, false),
  f32be: { sizeBytes: 4, read: (b, at) => f32(b.readFloatBE(at)), write: (b, value) => b.writeFloatBE(value) },
  f32le: { sizeBytes: 4, read: (b, at) => f32(b.readFloatLE(at)), write: (b, value) => b.writeFloatLE(value) },
  f64be: { sizeBytes: 8, read: (b, at) => f64(b.readDoubleBE(at)), write: (b, value) => b.writeDoubleBE(value) },
  f64le: { sizeBytes: 8, read: (b, at) => f64(b.readDoubleLE(at)), write: (b, value) => b.writeDoubleLE(value) },
};

/** A number as bytes; whole ones are rounded.
 *  @returns why there are none, as a clause */
export function packNumber(type: BinaryType, value: number): Uint8Array | string {
  const { sizeBytes, whole, write } = numberTypes[type];
  const number = whole ? Math.round(value) : value;
  if (Number.isNaN(number)) return 'the value is no number';
  if (whole && (number < whole[0] || number > whole[1])) return `the value is not within ${whole[0]} to ${whole[1]}`;
  const bytes = Buffer.alloc(sizeBytes);
  write(bytes, number);
  return bytes;
}

function readField({ at, type, bit, bits, size }: SerialByteField, bytes: Buffer): Value | undefined {
  if (type === 'text' || type === 'bytes') {
    const end = size === 0 ? bytes.length : at + size;
    if (at > bytes.length || end > bytes.length) return undefined;
    const part = bytes.subarray(at, end);
    return type === 'text'
      ? text(part.toString('latin1').replace(/\0+$/, ''))
      : { type: 'bytes', value: Uint8Array.from(part) };
  }
  if (type === 'bits') {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    const found = (byte >> bit) & ((1 << bits) - 1);
    return bits === 1 ? bool(found === 1) : integer(found);
  }
  const { sizeBytes, read } = numberTypes[type];
  return at + sizeBytes <= bytes.length ? read(bytes, at) : undefined;
}

function wholeType(sizeBytes: 1 | 2 | 4, signed: boolean, big: boolean): NumberType {
  const highest = 2 ** (8 * sizeBytes - (signed ? 1 : 0)) - 1;
  return {
    sizeBytes,
    whole: [signed ? -highest - 1 : 0, highest],
    read: (bytes, at) => {
      if (signed) return integer(big ? bytes.readIntBE(at, sizeBytes) : bytes.readIntLE(at, sizeBytes));
      return integer(big ? bytes.readUIntBE(at, sizeBytes) : bytes.readUIntLE(at, sizeBytes));
    },
    write: (bytes, value) => {
      if (signed && big) bytes.writeIntBE(value, 0, sizeBytes);
      else if (signed) bytes.writeIntLE(value, 0, sizeBytes);
      else if (big) bytes.writeUIntBE(value, 0, sizeBytes);
      else bytes.writeUIntLE(value, 0, sizeBytes);
    },
  };
}
