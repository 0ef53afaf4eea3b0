import { InputError } from '../../contract/errors.ts';
import type { Address } from '../../contract/address.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
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
import { frameHeaderBytes, revisionBytes } from './limits.ts';
import { readValue, readValueOf, writeValue } from './value-codec.ts';
import type { WireValue } from './wire-value.ts';

// SET and SNAPSHOT [CLASP-WIRE §3].

const setFlag = { revision: 0x80, lock: 0x40, unlock: 0x20, ttl: 0x10 } as const;
const valueCodeMask = 0x0f;
const paramFlag = { writer: 1, timestamp: 2 } as const;
/** address length, value type, revision, flags */
const paramBytesMin = 12;
const wideBytes = new Uint8Array(revisionBytes);
const wide = new DataView(wideBytes.buffer);
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
  const message = new ReceivedSet(address, readValueOf(reader, flags & valueCodeMask));
  if (flags & setFlag.revision) message.revision = reader.u64();
  if (flags & setFlag.lock) message.lock = true;
  if (flags & setFlag.unlock) message.unlock = true;
  if (flags & setFlag.ttl) message.ttl = readTtl(reader);
  return message;
}

/** Notes that a SET makes up this frame, whose bytes stay. To be called for one with nothing but a value, just as
 *  `encodeFrame` writes it. */
export function setCameIn(message: SetMessage, frame: PlacedFrame): void {
  if (message instanceof ReceivedSet && (frame.room ?? 0) >= revisionBytes) message.cameIn = frame;
}

/** A SET that came so, with the revision that it has become: where it came in a frame with room for that, in this frame.
 *  @returns undefined where it did not */
export function numbered(message: SetMessage, revision: bigint): SetMessage | undefined {
  return message instanceof ReceivedSet && message.number(revision) ? message : undefined;
}

/** A SET from the wire. */
export class ReceivedSet implements SetMessage {
  readonly type = messageType.set;
  readonly address: string;
  readonly value: WireValue;
  revision?: bigint;
  lock?: boolean;
  unlock?: boolean;
  ttl?: Ttl;
  /** where the address is known to be one */
  found: Address | undefined;
  /** with room behind it, while it is as it came */
  cameIn: PlacedFrame | undefined;
  /** can be passed on as it is */
  frame: PlacedFrame | undefined;

  constructor(address: string, value: WireValue, found?: Address) {
    this.found = found;
    this.address = address;
    this.value = value;
  }

  /** @returns false, with nothing changed, where there is no room for it */
  number(revision: bigint): boolean {
    if (!this.cameIn) return false;
    const { slab, from, start, end } = this.cameIn;
    const size = end - start + revisionBytes;
    slab[start - 1] = size;
    slab[start + 3] = size - frameHeaderBytes;
    slab[start + frameHeaderBytes + 1] = this.value.code | setFlag.revision;
    wide.setBigUint64(0, revision);
    for (let i = 0; i < revisionBytes; i++) slab[end + i] = wideBytes[i] ?? 0;
    this.revision = revision;
    this.frame = { slab, from, start, end: end + revisionBytes };
    this.cameIn = undefined;
    return true;
  }
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
