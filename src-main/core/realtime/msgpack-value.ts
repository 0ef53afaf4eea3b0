import { InputError, ProtocolError } from '../../contract/errors.ts';
import { f64, valueDepthMax, type Value } from '../../contract/signal.ts';
import { ByteReader } from '../protocol/byte-reader.ts';
import { ByteWriter } from '../protocol/byte-writer.ts';
import { frameBytesMax } from '../protocol/limits.ts';
import { readMsgpack } from '../protocol/msgpack-reader.ts';

const reader = new ByteReader();
const writer = new ByteWriter(4 * frameBytesMax);
const utf8 = new TextEncoder();
/** The reader lets a message of CLASP nest eight levels around a value. */
const depthFrom = 8;

/** One object of MessagePack as a value, and nothing behind it. Texts, bytes and the order of maps stay; an unsigned whole number
 *  past 2^63 becomes an f64.
 *  @param numbers written: whole numbers are i32 or i64. float: all but whole ones past ±2^53 are f64, as in JSON
 *  @throws InputError 'bad-value' in a clause, also for extension types and keys that are no text
 *  @see https://github.com/msgpack/msgpack/blob/master/spec.md */
export function decodeMsgpack(bytes: Uint8Array, numbers: 'float' | 'written'): Value {
  reader.open(bytes, 0, bytes.length);
  try {
    const value = readMsgpack(reader, depthFrom);
    if (reader.remaining > 0) throw new InputError('bad-value', 'it has bytes behind its end');
    return withNumbers(value, numbers);
  } catch (error) {
    if (error instanceof ProtocolError) throw new InputError('bad-value', whyNot(error), {}, { cause: error });
    throw error;
  } finally {
    reader.close();
  }
}

/** A value as MessagePack, each number in the shortest form of its type, so that whole numbers and floats stay apart.
 *  @throws LimitError 'frame-too-large' past 65 535 bytes */
export function encodeMsgpack(value: Value): Uint8Array {
  writer.reset();
  writeValue(value);
  return writer.copy();
}

function writeValue(value: Value): void {
  switch (value.type) {
    case 'null':
      return writer.u8(0xc0);
    case 'bool':
      return writer.u8(value.value ? 0xc3 : 0xc2);
    case 'f32':
      writer.u8(0xca);
      return writer.f32(value.value);
    case 'f64':
      writer.u8(0xcb);
      return writer.f64(value.value);
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
      return writeWhole(value.value);
    case 'string':
      return writeText(value.value);
    case 'bytes':
      writeHead(value.value.length, { heads: [0xc4, 0xc5, 0xc6] });
      return writer.raw(value.value);
    case 'array':
      writeHead(value.value.length, { short: 0x90, shortMax: 15, heads: [undefined, 0xdc, 0xdd] });
      return value.value.forEach(writeValue);
    case 'map':
      writeHead(value.value.length, { short: 0x80, shortMax: 15, heads: [undefined, 0xde, 0xdf] });
      return value.value.forEach(([key, item]) => {
        writeText(key);
        writeValue(item);
      });
    default:
      return value satisfies never;
  }
}

function writeText(text: string): void {
  const bytes = utf8.encode(text);
  writeHead(bytes.length, { short: 0xa0, shortMax: 31, heads: [0xd9, 0xda, 0xdb] });
  writer.raw(bytes);
}

function writeWhole(whole: number | bigint): void {
  if (whole >= -32 && whole < 0x80) return writer.u8(Number(whole) & 0xff);
  if (whole >= -0x80 && whole < 0) return put(0xd0, () => writer.i8(Number(whole)));
  if (whole >= 0 && whole <= 0xff) return put(0xcc, () => writer.u8(Number(whole)));
  if (whole >= -0x8000 && whole < 0) return put(0xd1, () => writer.i16(Number(whole)));
  if (whole >= 0 && whole <= 0xffff) return put(0xcd, () => writer.u16(Number(whole)));
  if (whole >= -0x8000_0000 && whole < 0) return put(0xd2, () => writer.i32(Number(whole)));
  if (whole >= 0 && whole <= 0xffff_ffff) return put(0xce, () => writer.u32(Number(whole)));
  put(0xd3, () => writer.i64(BigInt(whole)));
}

function put(head: number, write: () => void): void {
  writer.u8(head);
  write();
}

interface SizedForm {
  /** where the size is within the head */
  readonly short?: number;
  readonly shortMax?: number;
  /** for sizes of 8, 16 and 32 bits */
  readonly heads: readonly [number | undefined, number, number];
}

function writeHead(size: number, { short = 0, shortMax = -1, heads: [small, middle, large] }: SizedForm): void {
  if (size <= shortMax) return writer.u8(short | size);
  if (small !== undefined && size <= 0xff) return put(small, () => writer.u8(size));
  if (size <= 0xffff) return put(middle, () => writer.u16(size));
  put(large, () => writer.u32(size));
}

function withNumbers(value: Value, numbers: 'float' | 'written'): Value {
  switch (value.type) {
    case 'i64':
      return wholeOf(value, numbers);
    case 'array':
      return { type: 'array', value: value.value.map((item) => withNumbers(item, numbers)) };
    case 'map':
      return { type: 'map', value: value.value.map(([key, item]) => [key, withNumbers(item, numbers)] as const) };
    default:
      return value;
  }
}

function wholeOf(whole: Extract<Value, { type: 'i64' }>, numbers: 'float' | 'written'): Value {
  if (numbers === 'float') {
    const number = Number(whole.value);
    return Number.isSafeInteger(number) ? f64(number) : whole;
  }
  return BigInt.asIntN(32, whole.value) === whole.value ? { type: 'i32', value: Number(whole.value) } : whole;
}

function whyNot({ code }: ProtocolError): string {
  if (code === 'bad-type') return 'it holds an extension type, or a key that is no text';
  if (code === 'bad-text') return 'it holds a text that is no UTF-8';
  return code === 'too-deep' ? `it nests deeper than ${valueDepthMax}` : 'it is no whole MessagePack';
}
