import { parseAddress, type Address } from '../../contract/address.ts';
import { micros } from '../../contract/units.ts';
import type { PackedEntries } from '../../ports/journal-store.ts';
import { ByteReader } from '../protocol/byte-reader.ts';
import { ByteWriter } from '../protocol/byte-writer.ts';
import { frameBytesMax } from '../protocol/limits.ts';
import { readTtl, writeTtl } from '../protocol/state-codec.ts';
import { decodeValue } from '../protocol/values.ts';
import { WireValue } from '../protocol/wire-value.ts';
import type { KeptParam } from '../router/value-table.ts';

// An entry: flags, u8 value type, u64 revision, u64 timestamp in µs, u64 moved in µs, str writer, ?ttl u32, the value's data.
// All but the flags as in CLASP-WIRE §3, SNAPSHOT and SET.

const flag = { own: 1, ttl: 2 } as const;
/** What an entry has beyond its param in a SNAPSHOT, at most. */
const beyondSnapshotBytes = 16;

/** Packs params one after the other. */
export class EntryPacker {
  readonly #writer = new ByteWriter(frameBytesMax);
  #bounds: number[] = [];

  /** @returns false, with nothing taken, when it is full: `take` what is there first */
  add(address: Address, param: (KeptParam & { readonly sizeBytes: number }) | undefined): boolean {
    const writer = this.#writer;
    const sizeBytes = param?.sizeBytes ?? address.length * 3;
    if (writer.length > 0 && writer.length + sizeBytes + beyondSnapshotBytes > frameBytesMax) return false;
    const start = writer.length + 2;
    writer.string(address);
    const middle = writer.length;
    if (param) writeEntry(writer, param);
    this.#bounds.push(start, middle, writer.length);
    return true;
  }

  /** What was packed, on bytes of its own; undefined when nothing was. */
  take(): PackedEntries | undefined {
    if (this.#bounds.length === 0) return undefined;
    const packed = { bytes: this.#writer.copy(), bounds: Uint32Array.from(this.#bounds) };
    this.#writer.reset();
    this.#bounds = [];
    return packed;
  }
}

/** The params that a chunk holds; those that are gone are passed over. One that makes no sense is given as undefined. */
export function* unpackParams({ bytes, bounds }: PackedEntries): Generator<KeptParam | undefined, undefined> {
  for (let i = 0; i + 2 < bounds.length; i += 3) {
    const [start = 0, middle = 0, end = 0] = bounds.subarray(i, i + 3);
    if (end > middle) yield tryRead(bytes, { start, middle, end });
  }
  return undefined;
}

function writeEntry(writer: ByteWriter, param: KeptParam): void {
  const { value, revision, timestamp, movedAt, writer: by, ttl, isOwn } = param;
  writer.u8((isOwn ? flag.own : 0) | (ttl ? flag.ttl : 0));
  writer.u8(value.code);
  writer.u64(revision);
  writer.u64(timestamp);
  writer.u64(BigInt(Math.floor(movedAt)));
  writer.string(by);
  if (ttl) writeTtl(writer, ttl);
  value.writeData(writer);
}

interface Place {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

/** SQLite does not notice a flipped bit: whatever is read is checked as if it came from outside. */
function tryRead(bytes: Uint8Array, { start, middle, end }: Place): KeptParam | undefined {
  const reader = new ByteReader();
  try {
    reader.open(bytes, start, middle);
    const address = parseAddress(reader.text(middle - start));
    reader.open(bytes, middle, end);
    const flags = reader.u8();
    const code = reader.u8();
    const [revision, timestamp, movedAt] = [reader.u64(), reader.u64(), micros(Number(reader.u64()))];
    const known = { address, revision, timestamp, movedAt, writer: reader.string() };
    const ttl = flags & flag.ttl ? readTtl(reader) : undefined;
    // On bytes of its own: the chunk goes, the value stays.
    const data = new Uint8Array(reader.raw(reader.remaining));
    decodeValue(code, data);
    return { ...known, value: new WireValue(code, data), ttl, isOwn: (flags & flag.own) !== 0 };
  } catch {
    return undefined;
  }
}
