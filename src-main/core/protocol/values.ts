import { LimitError, ProtocolError } from '../../contract/errors.ts';
import { nullValue, valueDepthMax, type MapEntry, type Value, type ValueType } from '../../contract/signal.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { frameBytesMax } from './limits.ts';
import { utf8Size } from './utf8.ts';

/** Type codes of values. @see CLASP-WIRE §2 */
export const valueCode = {
  null: 0x00,
  bool: 0x01,
  i8: 0x02,
  i16: 0x03,
  i32: 0x04,
  i64: 0x05,
  f32: 0x06,
  f64: 0x07,
  string: 0x08,
  bytes: 0x09,
  array: 0x0a,
  map: 0x0b,
} as const satisfies Record<ValueType, number>;

const scratch = new ByteWriter(frameBytesMax);

/** @returns the type code, then the data
 *  @throws LimitError 'frame-too-large' when no frame can carry it, 'too-many-items' when it nests deeper than `valueDepthMax`
 *  @throws InputError 'bad-number' for a whole number its type cannot hold */
export function encodeValue(value: Value): Uint8Array {
  scratch.reset();
  scratch.u8(valueCode[value.type]);
  writeValueData(scratch, value);
  return scratch.copy();
}

/** @param data exactly the bytes behind the type code; what is returned does not share them
 *  @throws ProtocolError 'bad-type' | 'bad-length' | 'bad-text' | 'too-deep' */
export function decodeValue(code: number, data: Uint8Array): Value {
  const reader = new ByteReader();
  reader.open(data, 0, data.length);
  return readWholeValue(reader, code);
}

/** The same for all that the reader has left. */
export function readWholeValue(reader: ByteReader, code: number): Value {
  const value = readValueData(reader, code);
  const { remaining, offset } = reader;
  if (remaining > 0) throw new ProtocolError('bad-length', `A value has ${remaining} bytes too many.`, { offset });
  return value;
}

/** Bytes of the data where the type alone tells them: null, bool and numbers, by their codes. */
export const fixedSizes: readonly number[] = [0, 1, 1, 2, 4, 8, 4, 8];

/** Whether the type is one of those. */
export function isScalarCode(code: number): boolean {
  return code < fixedSizes.length;
}

/** Bytes of the type code and the data, without writing them. */
export function encodedSize(value: Value): number {
  switch (value.type) {
    case 'null':
      return 1;
    case 'bool':
    case 'i8':
      return 2;
    case 'i16':
      return 3;
    case 'i32':
    case 'f32':
      return 5;
    case 'i64':
    case 'f64':
      return 9;
    case 'string':
      return 3 + utf8Size(value.value);
    case 'bytes':
      return 3 + value.value.length;
    case 'array':
      return value.value.reduce((size, item) => size + encodedSize(item), 3);
    case 'map':
      return value.value.reduce((size, [key, item]) => size + 2 + utf8Size(key) + encodedSize(item), 3);
    default:
      return value satisfies never;
  }
}

/** Writes what follows the type code; errors as `encodeValue`. */
export function writeValueData(writer: ByteWriter, value: Value, depth = 0): void {
  switch (value.type) {
    case 'null':
      return;
    case 'bool':
      return writer.u8(value.value ? 1 : 0);
    case 'f64':
      return writer.f64(value.value);
    case 'f32':
      return writer.f32(value.value);
    case 'i8':
      return writer.i8(value.value);
    case 'i16':
      return writer.i16(value.value);
    case 'i32':
      return writer.i32(value.value);
    case 'i64':
      return writer.i64(value.value);
    case 'string':
      return writer.string(value.value);
    case 'bytes':
      writer.count(value.value.length);
      return writer.raw(value.value);
    case 'array':
    case 'map':
      return writeItems(writer, value, depth);
    default:
      value satisfies never;
  }
}

/** Builds the value whose type code was just read; errors as `decodeValue`. */
export function readValueData(reader: ByteReader, code: number, depth = 0): Value {
  switch (code) {
    case valueCode.null:
      return nullValue;
    case valueCode.bool:
      return { type: 'bool', value: reader.u8() !== 0 };
    case valueCode.i8:
      return { type: 'i8', value: reader.i8() };
    case valueCode.i16:
      return { type: 'i16', value: reader.i16() };
    case valueCode.i32:
      return { type: 'i32', value: reader.i32() };
    case valueCode.i64:
      return { type: 'i64', value: reader.i64() };
    case valueCode.f32:
      return { type: 'f32', value: reader.f32() };
    case valueCode.f64:
      return { type: 'f64', value: reader.f64() };
    case valueCode.string:
      return { type: 'string', value: reader.string() };
    case valueCode.bytes:
      return { type: 'bytes', value: new Uint8Array(reader.raw(reader.u16())) };
    case valueCode.array:
      return { type: 'array', value: readArray(reader, depth + 1) };
    case valueCode.map:
      return { type: 'map', value: readMap(reader, depth + 1) };
    default:
      throw unknownType(code, reader.offset);
  }
}

/** Finds the end of the value whose type code was just read, and checks all of it, without building anything: what passes
 *  here never fails in `readValueData`. Errors as `decodeValue`. */
export function skipValueData(reader: ByteReader, code: number, depth = 0): void {
  switch (code) {
    case valueCode.null:
      return;
    case valueCode.bool:
    case valueCode.i8:
      return reader.skip(1);
    case valueCode.i16:
      return reader.skip(2);
    case valueCode.i32:
    case valueCode.f32:
      return reader.skip(4);
    case valueCode.i64:
    case valueCode.f64:
      return reader.skip(8);
    case valueCode.string:
      return reader.skipString();
    case valueCode.bytes:
      return reader.skip(reader.u16());
    case valueCode.array:
    case valueCode.map:
      return skipItems(reader, code === valueCode.map, depth + 1);
    default:
      throw unknownType(code, reader.offset);
  }
}

function writeItems(writer: ByteWriter, value: Extract<Value, { type: 'array' | 'map' }>, depth: number): void {
  writer.count(value.value.length);
  if (value.value.length > 0 && depth >= valueDepthMax) {
    throw new LimitError('too-many-items', `A value nests at most ${valueDepthMax} deep.`, { depthMax: valueDepthMax });
  }
  if (value.type === 'array') {
    for (const item of value.value) {
      writer.u8(valueCode[item.type]);
      writeValueData(writer, item, depth + 1);
    }
  } else {
    for (const [key, item] of value.value) {
      writer.string(key);
      writer.u8(valueCode[item.type]);
      writeValueData(writer, item, depth + 1);
    }
  }
}

function readArray(reader: ByteReader, depth: number): Value[] {
  const count = countItems(reader, 1, depth);
  const items: Value[] = [];
  for (let i = 0; i < count; i++) items.push(readValueData(reader, reader.u8(), depth));
  return items;
}

function readMap(reader: ByteReader, depth: number): MapEntry[] {
  const count = countItems(reader, 3, depth);
  const entries: MapEntry[] = [];
  for (let i = 0; i < count; i++) {
    const key = reader.name();
    entries.push([key, readValueData(reader, reader.u8(), depth)]);
  }
  return entries;
}

function skipItems(reader: ByteReader, keyed: boolean, depth: number): void {
  const count = countItems(reader, keyed ? 3 : 1, depth);
  for (let i = 0; i < count; i++) {
    if (keyed) reader.skipString();
    skipValueData(reader, reader.u8(), depth);
  }
}

function countItems(reader: ByteReader, itemBytesMin: number, depth: number): number {
  const count = reader.count(itemBytesMin);
  if (count > 0 && depth > valueDepthMax) {
    throw new ProtocolError('too-deep', `A value nests deeper than ${valueDepthMax}.`, { offset: reader.offset });
  }
  return count;
}

function unknownType(code: number, offset: number): ProtocolError {
  return new ProtocolError('bad-type', `There is no value type 0x${code.toString(16)}.`, { offset, code });
}
