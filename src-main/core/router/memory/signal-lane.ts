import type { Address } from '../../../contract/address.ts';
import type { PlacedFrame } from '../../../ports/placed-frame.ts';
import { GatheredPayloads } from './gathered-payloads.ts';
import { chunkFor, chunkSizeOf, type SignalChunk } from './signal-chunk.ts';

export interface LaneLimits {
  readonly countMax: number;
  readonly bytesMax: number;
}

/** One signal on its way in. */
export interface Incoming {
  readonly address: Address;
  /** `1 << kind code` */
  readonly bit: number;
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

/** An address under which something was heard. */
export interface Heard {
  readonly address: Address;
  /** kinds that were heard there and not told of before: `1 << kind code` each */
  readonly bits: number;
}

const chunkCount = 1024;

/** The newest signals within bounds, oldest first; whole chunks of them are forgotten. */
export class SignalLane {
  readonly #limits: LaneLimits;
  readonly #nextOrder: () => number;
  readonly #chunks: SignalChunk[] = [];
  /** the one that was forgotten last */
  #spare: SignalChunk | undefined;
  #count = 0;
  #sizeBytes = 0;
  #forgotten = 0;
  #missingUpTo: number;
  // The chunk that is being filled.
  readonly #payloads = new GatheredPayloads(chunkCount);
  readonly #times = new Float64Array(chunkCount);
  readonly #orders = new Float64Array(chunkCount);
  readonly #bits = new Uint8Array(chunkCount);
  readonly #places = new Uint16Array(chunkCount);
  #addresses: Address[] = [];
  /** a fader sends many in a row */
  #latestAddress: Address | undefined;
  #latestPlace = 0;
  readonly #placeOf = new Map<Address, number>();

  /** @param beganAt nothing from before is here
   *  @param nextOrder counts up over all lanes */
  constructor(limits: LaneLimits, beganAt: number, nextOrder: () => number) {
    this.#limits = limits;
    this.#nextOrder = nextOrder;
    this.#missingUpTo = beganAt;
  }

  /** Up to this time, in µs, some may be missing; all that came later are here. */
  get missingUpTo(): number {
    // What is read next shelves too, and may forget some for it.
    this.#shelve();
    return this.#missingUpTo;
  }

  /** @param frame of a SET or PUBLISH, without a timestamp
   *  @param at µs, not before that of the one before */
  add(frame: PlacedFrame, { address, bit }: Incoming, at: number): void {
    const payloads = this.#payloads;
    if (!payloads.hasRoomFor(frame)) this.#shelve();
    const i = payloads.add(frame);
    this.#times[i] = at;
    this.#orders[i] = this.#nextOrder();
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
      for (let i = chunk.count - 1; i >= 0; i--) {
        if ((chunk.times[i] ?? 0) <= after || found.length >= limit || sizeBytes >= bytesMax) return found;
        if (((chunk.bits[i] ?? 0) & mask) === 0 || !isCovered[chunk.places[i] ?? 0]) continue;
        const [start, end] = [chunk.starts[i] ?? 0, chunk.ends[i] ?? 0];
        sizeBytes += end - start;
        found.push({ order: chunk.orders[i] ?? 0, at: chunk.times[i] ?? 0, bytes: chunk.bytes, start, end });
      }
    }
    return found;
  }

  /** The addresses of what is here when it is first asked, those heard last in front. May be read on while others come and go.
   *  @yields undefined for one that has nothing new to tell, so that looking can be rationed */
  *heard(mask: number): Generator<Heard | undefined, undefined> {
    this.#shelve();
    const told = new Map<Address, number>();
    // Chunks go at the front: by its number among all there ever were, one is found again.
    for (let number = this.#forgotten + this.#chunks.length - 1; number >= this.#forgotten; number--) {
      const chunk = this.#chunks[number - this.#forgotten];
      if (!chunk) return undefined;
      const bitsOf = kindsIn(chunk);
      // Once forgotten, the chunk may hold others.
      const { addresses } = chunk;
      for (let place = addresses.length - 1; place >= 0; place--) {
        const address = addresses[place];
        if (address === undefined) continue;
        const before = told.get(address) ?? 0;
        const bits = (bitsOf[place] ?? 0) & mask & ~before;
        if (bits !== 0) told.set(address, before | bits);
        yield bits === 0 ? undefined : { address, bits };
      }
    }
    return undefined;
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
    const { count } = this.#payloads;
    if (count === 0) return;
    const chunk = chunkFor(count, this.#payloads.gather(), this.#spare);
    this.#spare = undefined;
    this.#payloads.moveTo(chunk);
    chunk.times.set(this.#times.subarray(0, count));
    chunk.orders.set(this.#orders.subarray(0, count));
    chunk.bits.set(this.#bits.subarray(0, count));
    chunk.places.set(this.#places.subarray(0, count));
    chunk.addresses = this.#addresses;
    chunk.count = count;
    this.#addresses = [];
    this.#placeOf.clear();
    this.#latestAddress = undefined;
    this.#chunks.push(chunk);
    this.#count += count;
    this.#sizeBytes += chunkSizeOf(chunk);
    while (this.#count > this.#limits.countMax || this.#sizeBytes > this.#limits.bytesMax) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#chunks.shift();
    if (!oldest) return;
    this.#forgotten++;
    this.#count -= oldest.count;
    this.#sizeBytes -= chunkSizeOf(oldest);
    this.#missingUpTo = oldest.times[oldest.count - 1] ?? this.#missingUpTo;
    this.#spare = oldest;
  }
}

/** of each address of a chunk */
function kindsIn({ bits, places, addresses, count }: SignalChunk): Uint8Array {
  const kinds = new Uint8Array(addresses.length);
  for (let i = 0; i < count; i++) {
    const place = places[i] ?? 0;
    kinds[place] = (kinds[place] ?? 0) | (bits[i] ?? 0);
  }
  return kinds;
}
