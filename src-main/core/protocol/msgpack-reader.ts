import { ProtocolError } from '../../contract/errors.ts';
import { nullValue, valueDepthMax, type MapEntry, type Value } from '../../contract/signal.ts';
import type { ByteReader } from './byte-reader.ts';

/** A message, its list, a message in it, its params, one of them: what may stand around a value. */
const envelopeDepthMax = 8;
const depthMax = valueDepthMax + envelopeDepthMax;
const i64Max = 0x7fff_ffff_ffff_ffffn;

/** Reads one MessagePack object and keeps what a plain JavaScript object would lose: whether a number is whole, the order
 *  of a map and i64 beyond 2^53. Whole numbers become i64, as the reference router sends them, floats f32 or f64.
 *  Lengths are checked before anything is allocated.
 *  @throws ProtocolError 'bad-type' for extension types and keys that are no string, 'bad-length', 'bad-text', 'too-deep'
 *  @see https://github.com/msgpack/msgpack/blob/master/spec.md */
export function readMsgpack(reader: ByteReader, depth = 0): Value {
  const head = reader.u8();
  if (head < 0x80) return whole(BigInt(head));
  if (head < 0x90) return readMap(reader, head & 0x0f, depth);
  if (head < 0xa0) return readArray(reader, head & 0x0f, depth);
  if (head < 0xc0) return { type: 'string', value: reader.text(head & 0x1f) };
  if (head >= 0xe0) return whole(BigInt(head - 0x100));
  return readScalar(reader, head) ?? readSized(reader, head, depth);
}

function readScalar(reader: ByteReader, head: number): Value | undefined {
  switch (head) {
    case 0xc0:
      return nullValue;
    case 0xc2:
    case 0xc3:
      return { type: 'bool', value: head === 0xc3 };
    case 0xca:
      return { type: 'f32', value: reader.f32() };
    case 0xcb:
      return { type: 'f64', value: reader.f64() };
    case 0xcc:
      return whole(BigInt(reader.u8()));
    case 0xcd:
      return whole(BigInt(reader.u16()));
    case 0xce:
      return whole(BigInt(reader.u32()));
    case 0xcf:
      return whole(reader.u64());
    case 0xd0:
      return whole(BigInt(reader.i8()));
    case 0xd1:
      return whole(BigInt(reader.i16()));
    case 0xd2:
      return whole(BigInt(reader.i32()));
    case 0xd3:
      return whole(reader.i64());
    default:
      return undefined;
  }
}

function readSized(reader: ByteReader, head: number, depth: number): Value {
  switch (head) {
    case 0xc4:
      return bytes(reader, reader.u8());
    case 0xc5:
      return bytes(reader, reader.u16());
    case 0xc6:
      return bytes(reader, reader.u32());
    case 0xd9:
      return { type: 'string', value: reader.text(reader.u8()) };
    case 0xda:
      return { type: 'string', value: reader.text(reader.u16()) };
    case 0xdb:
      return { type: 'string', value: reader.text(reader.u32()) };
    case 0xdc:
      return readArray(reader, reader.u16(), depth);
    case 0xdd:
      return readArray(reader, reader.u32(), depth);
    case 0xde:
      return readMap(reader, reader.u16(), depth);
    case 0xdf:
      return readMap(reader, reader.u32(), depth);
    default:
      throw new ProtocolError('bad-type', `A legacy message cannot hold MessagePack type 0x${head.toString(16)}.`, {
        offset: reader.offset - 1,
      });
  }
}

function readArray(reader: ByteReader, count: number, depth: number): Value {
  checkContainer(reader, count, depth);
  const items: Value[] = [];
  for (let left = count; left > 0; left--) items.push(readMsgpack(reader, depth + 1));
  return { type: 'array', value: items };
}

function readMap(reader: ByteReader, count: number, depth: number): Value {
  checkContainer(reader, count * 2, depth);
  const entries: MapEntry[] = [];
  for (let left = count; left > 0; left--) {
    const offset = reader.offset;
    const key = readMsgpack(reader, depth + 1);
    if (key.type !== 'string') {
      throw new ProtocolError('bad-type', 'A map in a legacy message has a key that is not a text.', { offset });
    }
    entries.push([key.value, readMsgpack(reader, depth + 1)]);
  }
  return { type: 'map', value: entries };
}

function checkContainer(reader: ByteReader, itemsMin: number, depth: number): void {
  reader.require(itemsMin);
  if (depth >= depthMax) {
    throw new ProtocolError('too-deep', `A legacy message nests deeper than ${depthMax}.`, { offset: reader.offset });
  }
}

function bytes(reader: ByteReader, size: number): Value {
  return { type: 'bytes', value: new Uint8Array(reader.raw(size)) };
}

function whole(value: bigint): Value {
  return value > i64Max ? { type: 'f64', value: Number(value) } : { type: 'i64', value };
}
