import { tryAddress } from '../../contract/address.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { PackedEntries } from '../../ports/journal-store.ts';
import { ByteReader } from '../protocol/byte-reader.ts';
import { ByteWriter } from '../protocol/byte-writer.ts';
import { frameBytesMax } from '../protocol/limits.ts';
import { readTtl, writeTtl } from '../protocol/state-codec.ts';
import { decodeValue } from '../protocol/values.ts';
import { WireValue } from '../protocol/wire-value.ts';
import type { KeptParam } from '../router/state/value-table.ts';
import { crc32 } from './crc32.ts';

// An entry: flags, u8 value type, u64 revision, u64 timestamp in µs, u64 moved in µs, str writer, ?ttl u32, ?u64 since when an
// absolute one counts in µs (the timestamp without it), the value's data, ?u32 checksum of address and entry up to here. All but
// flags and checksum as in CLASP-WIRE §3, SNAPSHOT and SET.

const flag = { own: 1, ttl: 2, sum: 4, since: 8 } as const;
const sumBytes = 4;
/** What an entry has beyond its param in a SNAPSHOT, at most. */
const beyondSnapshotBytes = 24 + sumBytes;

/** Before the address of a timeline; no address begins like it. */
export const timelineKey = 'timeline ';

/** Packs entries one after the other. */
export class EntryPacker {
  readonly #writer = new ByteWriter(frameBytesMax);
  #bounds: number[] = [];

  /** @returns false, with nothing taken, when it is full: `take` what is there first */
  add(key: string, param: (Omit<KeptParam, 'address'> & { readonly sizeBytes: number }) | undefined): boolean {
    const writer = this.#writer;
    const sizeBytes = param?.sizeBytes ?? key.length * 3;
    const hasRoom = writer.length + sizeBytes + beyondSnapshotBytes <= frameBytesMax;
    if (writer.length > 0 && !hasRoom) return false;
    const start = writer.length + 2;
    writer.string(key);
    const middle = writer.length;
    if (param) writeEntry(writer, param, hasRoom);
    this.#bounds.push(start, middle, writer.length);
    return true;
  }

  /** What was packed, on bytes of its own; undefined when nothing was. */
  take(): PackedEntries | undefined {
    if (this.#bounds.length === 0) return undefined;
    const packed = { bytes: this.#writer.copy(), bounds: Uint32Array.from(this.#bounds) };
    for (const { start, middle, end } of placesOf(packed)) {
      if (end > middle && hasSum(packed.bytes, middle))
        putU32(packed.bytes, sumOf(packed.bytes, start, end), end - sumBytes);
    }
    this.#writer.reset();
    this.#bounds = [];
    return packed;
  }
}

/** The params that a chunk holds; those that are gone are passed over. One that makes no sense is given as undefined. */
export function* unpackParams(packed: PackedEntries): Generator<KeptParam | undefined, undefined> {
  for (const { key, entry } of readEntries(packed)) {
    if (key.startsWith(timelineKey)) continue;
    const address = tryAddress(key);
    yield address && entry && { address, ...entry };
  }
  return undefined;
}

/** @param hasRoom false for the very largest, which has room for itself only: no checksum, and its absolute TTL counts from its
 *  last write */
function writeEntry(writer: ByteWriter, param: Omit<KeptParam, 'address'>, hasRoom: boolean): void {
  const { value, revision, timestamp, movedAt, writer: by, ttl, isOwn } = param;
  const hasSince = hasRoom && ttl?.absolute === true && ttl.since !== timestamp;
  writer.u8((isOwn ? flag.own : 0) | (ttl ? flag.ttl : 0) | (hasRoom ? flag.sum : 0) | (hasSince ? flag.since : 0));
  writer.u8(value.code);
  writer.u64(revision);
  writer.u64(timestamp);
  writer.u64(BigInt(Math.floor(movedAt)));
  writer.string(by);
  if (ttl) writeTtl(writer, ttl);
  if (hasSince) writer.u64(ttl.since);
  value.writeData(writer);
  // Known when all of it is there.
  if (hasRoom) writer.u32(0);
}

interface Place {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

function* placesOf({ bounds }: PackedEntries): Generator<Place, undefined> {
  for (let i = 0; i + 2 < bounds.length; i += 3) {
    yield { start: bounds[i] ?? 0, middle: bounds[i + 1] ?? 0, end: bounds[i + 2] ?? 0 };
  }
  return undefined;
}

function hasSum(bytes: Uint8Array, middle: number): boolean {
  return ((bytes[middle] ?? 0) & flag.sum) !== 0;
}

/** Of address and entry, which lie behind each other. */
function sumOf(bytes: Uint8Array, start: number, end: number): number {
  return crc32(bytes, start, end - sumBytes);
}

function putU32(bytes: Uint8Array, value: number, at: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value);
}

function u32At(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

interface Entry {
  /** an address, or `timelineKey` and one; what cannot be read is empty */
  readonly key: string;
  /** undefined: it makes no sense */
  readonly entry: Omit<KeptParam, 'address'> | undefined;
}

/** Everything that a chunk holds; what is gone is passed over. */
export function* readEntries(packed: PackedEntries): Generator<Entry, undefined> {
  for (const place of placesOf(packed)) {
    if (place.end === place.middle) continue;
    const key = tryKey(packed.bytes, place);
    yield { key: key ?? '', entry: key === undefined ? undefined : tryRead(packed.bytes, place) };
  }
  return undefined;
}

function tryKey(bytes: Uint8Array, { start, middle }: Place): string | undefined {
  const reader = new ByteReader();
  try {
    reader.open(bytes, start, middle);
    return reader.text(middle - start);
  } catch {
    return undefined;
  }
}

/** SQLite does not notice a flipped bit: whatever is read is checked as if it came from outside. */
function tryRead(bytes: Uint8Array, { start, middle, end }: Place): Entry['entry'] {
  const reader = new ByteReader();
  const isSummed = hasSum(bytes, middle);
  try {
    if (isSummed && u32At(bytes, end - sumBytes) !== sumOf(bytes, start, end)) return undefined;
    reader.open(bytes, middle, end);
    const flags = reader.u8();
    const code = reader.u8();
    const [revision, timestamp, movedAt] = [reader.u64(), microsOf(reader), microsOf(reader)];
    const known = { revision, timestamp, movedAt, writer: reader.string() };
    const ttl = flags & flag.ttl ? { ...readTtl(reader), since: timestamp } : undefined;
    if (ttl && flags & flag.since) ttl.since = microsOf(reader);
    // On bytes of its own: the chunk goes, the value stays.
    const data = new Uint8Array(reader.raw(reader.remaining - (isSummed ? sumBytes : 0)));
    decodeValue(code, data);
    return { ...known, value: new WireValue(code, data), ttl, isOwn: (flags & flag.own) !== 0 };
  } catch {
    return undefined;
  }
}

function microsOf(reader: ByteReader): Micros {
  return micros(Number(reader.u64()));
}
