import { crc32 } from 'node:zlib';
import { matches, type Address } from '../contract/address.ts';
import type { PackedSignals, SignalQuery } from '../ports/journal-store.ts';

// A chunk in its column: f64 time of each signal, u32 end of each, u16 writer of each, the signals. Numbers as this machine
// has them in memory.

const timeBytes = 8;
const endBytes = 4;
const fromBytes = 2;
const setType = 0x21;

export function storedBytes({ bytes, ends, times, from }: PackedSignals): Uint8Array {
  const count = ends.length;
  const stored = new Uint8Array(count * (timeBytes + endBytes + fromBytes) + bytes.length);
  stored.set(bytesOf(times), 0);
  stored.set(bytesOf(ends), count * timeBytes);
  stored.set(bytesOf(from), count * (timeBytes + endBytes));
  stored.set(bytes, count * (timeBytes + endBytes + fromBytes));
  return stored;
}

/** SQLite does not notice a flipped bit. */
export function storedSum(stored: Uint8Array): number {
  return crc32(stored);
}

/** Collects what a query wants of one stored chunk after the other. */
export class SignalPicker {
  readonly #query: SignalQuery;
  readonly #parts: Buffer[] = [];
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  #sizeBytes = 0;

  constructor(query: SignalQuery) {
    this.#query = query;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isFull(): boolean {
    return this.#ends.length >= this.#query.limit;
  }

  /** @param stored its sum was right
   *  @param skip signals at its beginning that were looked at before
   *  @returns how many of its signals have been looked at by now */
  pick(stored: Buffer, count: number, skip: number): number {
    // On memory of its own, where numbers stand as they must.
    const whole = new Uint8Array(stored);
    const times = new Float64Array(whole.buffer, 0, count);
    const ends = new Uint32Array(whole.buffer, count * timeBytes, count);
    const signals = Buffer.from(whole.buffer, count * (timeBytes + endBytes + fromBytes));
    for (let i = skip; i < count; i++) {
      if (this.isFull) return i;
      const at = times[i] ?? 0;
      if (at < this.#query.from || at > this.#query.to) continue;
      const [start, end] = [ends[i - 1] ?? 0, ends[i] ?? 0];
      if (this.#wants(signals, start)) this.#add(signals.subarray(start, end), at);
    }
    return count;
  }

  page(): Pick<PackedSignals, 'bytes' | 'ends' | 'times'> {
    return {
      bytes: new Uint8Array(Buffer.concat(this.#parts)),
      ends: Uint32Array.from(this.#ends),
      times: Float64Array.from(this.#times),
    };
  }

  #wants(signals: Buffer, start: number): boolean {
    const { mask, pattern } = this.#query;
    const kindBit = signals[start] === setType ? 1 : 1 << ((signals[start + 1] ?? 0) >> 5);
    if ((mask & kindBit) === 0) return false;
    if (pattern === '/**') return true;
    const addressAt = start + 4;
    const address = signals.toString('utf8', addressAt, addressAt + signals.readUInt16BE(start + 2));
    return matches(pattern, address as Address);
  }

  #add(signal: Buffer, at: number): void {
    this.#parts.push(signal);
    this.#sizeBytes += signal.length;
    this.#ends.push(this.#sizeBytes);
    this.#times.push(at);
  }
}

type Picked = Pick<PackedSignals, 'bytes' | 'ends' | 'times'>;

/** One behind the other. */
export function joinPicked(pages: readonly Picked[]): Picked {
  const ends: number[] = [];
  let at = 0;
  for (const page of pages) {
    for (const end of page.ends) ends.push(at + end);
    at += page.bytes.length;
  }
  return {
    bytes: new Uint8Array(Buffer.concat(pages.map(({ bytes }) => bytes))),
    ends: Uint32Array.from(ends),
    times: Float64Array.from(pages.flatMap(({ times }) => [...times])),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
