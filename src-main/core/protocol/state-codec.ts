import { InputError } from '../../contract/errors.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import {
  messageType,
  type Draft,
  type SetMessage,
  type SnapshotMessage,
  type SnapshotParam,
  type Ttl,
} from './messages.ts';
import { readValue, readValueOf, writeValue } from './value-codec.ts';

// SET and SNAPSHOT [CLASP-WIRE §3].

const setFlag = { revision: 0x80, lock: 0x40, unlock: 0x20, ttl: 0x10 } as const;
const valueCodeMask = 0x0f;
const paramFlag = { writer: 1, timestamp: 2 } as const;
/** address length, value type, revision, flags */
const paramBytesMin = 12;
/** Bit 31 of the TTL word: seconds since the write was made, not since the last one. */
const ttlAbsolute = 0x8000_0000;

export function writeSet(writer: ByteWriter, message: SetMessage): void {
  const { value, revision, ttl } = message;
  let flags = value.code;
  if (revision !== undefined) flags |= setFlag.revision;
  if (message.lock === true) flags |= setFlag.lock;
  if (message.unlock === true) flags |= setFlag.unlock;
  if (ttl !== undefined) flags |= setFlag.ttl;
  writer.u8(flags);
  writer.string(message.address);
  value.writeData(writer);
  if (revision !== undefined) writer.u64(revision);
  if (ttl !== undefined) writeTtl(writer, ttl);
}

export function readSet(reader: ByteReader): SetMessage {
  const flags = reader.u8();
  const address = reader.name();
  const value = readValueOf(reader, flags & valueCodeMask);
  const message: Draft<SetMessage> = { type: messageType.set, address, value };
  if (flags & setFlag.revision) message.revision = reader.u64();
  if (flags & setFlag.lock) message.lock = true;
  if (flags & setFlag.unlock) message.unlock = true;
  if (flags & setFlag.ttl) message.ttl = readTtl(reader);
  return message;
}

export function writeSnapshot(writer: ByteWriter, message: SnapshotMessage): void {
  const { params, encoded } = message;
  writer.count(params.length + (encoded?.count ?? 0));
  if (encoded) writer.raw(encoded.bytes);
  for (const param of params) writeParam(writer, param);
}

export function readSnapshot(reader: ByteReader): SnapshotMessage {
  const params: SnapshotParam[] = [];
  for (let left = reader.count(paramBytesMin); left > 0; left--) params.push(readParam(reader));
  return { type: messageType.snapshot, params };
}

/** One param of a SNAPSHOT. */
export function writeParam(writer: ByteWriter, param: SnapshotParam): void {
  const { writer: author, timestamp } = param;
  writer.string(param.address);
  writeValue(writer, param.value);
  writer.u64(param.revision);
  writer.u8((author === undefined ? 0 : paramFlag.writer) | (timestamp === undefined ? 0 : paramFlag.timestamp));
  if (author !== undefined) writer.string(author);
  if (timestamp !== undefined) writer.u64(timestamp);
}

function readParam(reader: ByteReader): SnapshotParam {
  const param: Draft<SnapshotParam> = { address: reader.name(), value: readValue(reader), revision: reader.u64() };
  const flags = reader.u8();
  if (flags & paramFlag.writer) param.writer = reader.name();
  if (flags & paramFlag.timestamp) param.timestamp = reader.u64();
  return param;
}

/** @throws InputError 'bad-number' */
export function writeTtl(writer: ByteWriter, ttl: Ttl): void {
  if (!(ttl.seconds >= 0 && ttl.seconds < ttlAbsolute)) {
    throw new InputError('bad-number', `A TTL is 0 to ${ttlAbsolute - 1} seconds, got ${ttl.seconds}.`);
  }
  writer.u32(ttl.absolute ? ttl.seconds + ttlAbsolute : ttl.seconds);
}

export function readTtl(reader: ByteReader): Ttl {
  const word = reader.u32();
  return { seconds: word & 0x7fff_ffff, absolute: word >= ttlAbsolute };
}
