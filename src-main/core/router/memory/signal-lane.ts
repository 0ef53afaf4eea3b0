import type { Address } from '../../../contract/address.ts';
import { ByteWriter } from '../../protocol/byte-writer.ts';
import { writeMessage } from '../../protocol/encode-message.ts';
import { frameBytesMax } from '../../protocol/limits.ts';
import { messageType, type PublishMessage, type SetMessage } from '../../protocol/messages.ts';

export interface LaneLimits {
  readonly countMax: number;
  readonly bytesMax: number;
}

/** One signal on its way in. */
export interface Accepted {
  /** may hold views; it is copied */
  readonly message: SetMessage | PublishMessage;
  readonly address: Address;
  /** µs, not before that of the one before */
  readonly at: number;
  /** `1 << kind code` */
  readonly bit: number;
  /** counts up over all lanes */
  readonly order: number;
}

/** One signal as it was kept. */
export interface Kept {
  readonly order: number;
  readonly at: number;
  /** payload of SET or PUBLISH: from `start` up to `end` of these */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface LaneQuery {
  readonly mask: number;
  /** µs; only what came after it */
  readonly after: number;
  readonly limit: number;
  readonly bytesMax: number;
}

/** Signals one behind the other, their addresses once. Lists of numbers: an object for each would be dear to keep. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  readonly times: Float64Array;
  readonly orders: Float64Array;
  readonly bits: Uint8Array;
  readonly places: Uint16Array;
  readonly addresses: readonly Address[];
}

const chunkCount = 1024;
/** in memory, beside the bytes of its signals */
const chunkOverheadBytes = 512;
const signalOverheadBytes = 23;
const addressOverheadBytes = 32;

/** The newest signals within bounds, oldest first; whole chunks of them are forgotten. */
export class SignalLane {
  readonly #limits: LaneLimits;
  readonly #chunks: Chunk[] = [];
  #count = 0;
  #sizeBytes = 0;
  #missingUpTo: number;
  // The chunk that is being filled.
  readonly #writer = new ByteWriter(frameBytesMax);
  readonly #ends = new Uint32Array(chunkCount);
  readonly #times = new Float64Array(chunkCount);
  readonly #orders = new Float64Array(chunkCount);
  readonly #bits = new Uint8Array(chunkCount);
  readonly #places = new Uint16Array(chunkCount);
  #addresses: Address[] = [];
  /** a fader sends many in a row */
  #latestAddress: Address | undefined;
  #latestPlace = 0;
  readonly #placeOf = new Map<Address, number>();
  #filled = 0;

  /** @param beganAt nothing from before is here */
  constructor(limits: LaneLimits, beganAt: number) {
    this.#limits = limits;
    this.#missingUpTo = beganAt;
  }

  /** Up to this time, in µs, some may be missing; all that came later are here. */
  get missingUpTo(): number {
    // What is read next shelves too, and may forget some for it.
    this.#shelve();
    return this.#missingUpTo;
  }

  add(accepted: Accepted): void {
    const { message, address, at, bit, order } = accepted;
    const room = frameBytesMax - this.#writer.length;
    if (this.#filled === chunkCount || (this.#filled > 0 && room < sizeAtMost(message))) this.#shelve();
    writeMessage(this.#writer, message);
    const i = this.#filled++;
    this.#ends[i] = this.#writer.length;
    this.#times[i] = at;
    this.#orders[i] = order;
    this.#bits[i] = bit;
    this.#places[i] = this.#place(address);
  }

  /** The newest that are asked for, newest first. */
  newest({ mask, after, limit, bytesMax }: LaneQuery, covers: (address: Address) => boolean): readonly Kept[] {
    this.#shelve();
    const found: Kept[] = [];
    let sizeBytes = 0;
    for (let c = this.#chunks.length - 1; c >= 0; c--) {
      const chunk = this.#chunks[c];
      if (!chunk) break;
      // Asked once for each address, not for each signal.
      const isCovered = chunk.addresses.map(covers);
      for (let i = chunk.ends.length - 1; i >= 0; i--) {
        if ((chunk.times[i] ?? 0) <= after || found.length >= limit || sizeBytes >= bytesMax) return found;
        if (((chunk.bits[i] ?? 0) & mask) === 0 || !isCovered[chunk.places[i] ?? 0]) continue;
        const [start, end] = [chunk.ends[i - 1] ?? 0, chunk.ends[i] ?? 0];
        sizeBytes += end - start;
        found.push({ order: chunk.orders[i] ?? 0, at: chunk.times[i] ?? 0, bytes: chunk.bytes, start, end });
      }
    }
    return found;
  }

  #place(address: Address): number {
    if (this.#latestAddress === address) return this.#latestPlace;
    let place = this.#placeOf.get(address);
    if (place === undefined) {
      place = this.#addresses.push(address) - 1;
      this.#placeOf.set(address, place);
    }
    this.#latestAddress = address;
    return (this.#latestPlace = place);
  }

  #shelve(): void {
    const count = this.#filled;
    if (count === 0) return;
    const chunk: Chunk = {
      bytes: this.#writer.copy(),
      ends: this.#ends.slice(0, count),
      times: this.#times.slice(0, count),
      orders: this.#orders.slice(0, count),
      bits: this.#bits.slice(0, count),
      places: this.#places.slice(0, count),
      addresses: this.#addresses,
    };
    this.#writer.reset();
    this.#filled = 0;
    this.#addresses = [];
    this.#placeOf.clear();
    this.#latestAddress = undefined;
    this.#chunks.push(chunk);
    this.#count += count;
    this.#sizeBytes += sizeOf(chunk);
    while (this.#count > this.#limits.countMax || this.#sizeBytes > this.#limits.bytesMax) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#chunks.shift();
    if (!oldest) return;
    this.#count -= oldest.ends.length;
    this.#sizeBytes -= sizeOf(oldest);
    this.#missingUpTo = oldest.times.at(-1) ?? this.#missingUpTo;
  }
}

function sizeOf({ bytes, ends, addresses }: Chunk): number {
  const own = chunkOverheadBytes + bytes.length + ends.length * signalOverheadBytes;
  return own + addresses.length * addressOverheadBytes;
}

function sizeAtMost(message: SetMessage | PublishMessage): number {
  // A UTF-16 unit is at most 3 bytes of UTF-8; all fields of fixed size together are below 64 bytes.
  const known = message.address.length * 3 + (message.value?.size ?? 0) + 64;
  const samples = message.type === messageType.publish ? message.samples : undefined;
  return samples ? known + samples.length * 8 : known;
}
