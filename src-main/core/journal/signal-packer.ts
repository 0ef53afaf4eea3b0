import type { Micros } from '../../contract/units.ts';
import type { PackedSignals } from '../../ports/journal-store.ts';
import { ByteWriter } from '../protocol/byte-writer.ts';
import { writeMessage } from '../protocol/encode-message.ts';
import { frameBytesMax } from '../protocol/limits.ts';
import { messageType, type PublishMessage, type SetMessage } from '../protocol/messages.ts';

/** signals in a chunk */
const countMax = 4096;
/** What a message has beyond address, value and samples, at most: type, flags, lengths, revision, TTL, id, rate. */
const fixedBytesMax = 64;

/** Packs what the router accepts, on the router's thread: a copy into memory that is there already, and no object for each. */
export class SignalPacker {
  readonly #writer = new ByteWriter(frameBytesMax);
  readonly #ends = new Uint32Array(countMax);
  readonly #times = new Float64Array(countMax);
  readonly #from = new Uint16Array(countMax);
  #count = 0;
  #writers: string[] = [];
  readonly #places = new Map<string, number>();
  #lastWriter: string | undefined;
  #lastPlace = 0;

  /** What it holds by now. */
  get sizeBytes(): number {
    return this.#writer.length + this.#count * signalOverheadBytes;
  }

  /** @param message fits a frame
   *  @returns false, with nothing taken, when it is full: `take` what is there first */
  add(message: SetMessage | PublishMessage, by: string, at: Micros): boolean {
    const writer = this.#writer;
    const count = this.#count;
    if (count > 0 && (count === countMax || writer.length + sizeAtMost(message) > frameBytesMax)) return false;
    writeMessage(writer, message);
    this.#ends[count] = writer.length;
    this.#times[count] = at;
    this.#from[count] = by === this.#lastWriter ? this.#lastPlace : this.#placeOf(by);
    this.#count = count + 1;
    return true;
  }

  /** What was packed, on memory of its own; undefined when nothing was.
   *  @param lost how many were left out before it */
  take(lost: number): PackedSignals | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    const packed: PackedSignals = {
      bytes: this.#writer.copy(),
      ends: this.#ends.slice(0, count),
      times: this.#times.slice(0, count),
      from: this.#from.slice(0, count),
      writers: this.#writers,
      lost,
    };
    this.#writer.reset();
    this.#count = 0;
    this.#writers = [];
    this.#places.clear();
    this.#lastWriter = undefined;
    return packed;
  }

  #placeOf(by: string): number {
    let place = this.#places.get(by);
    if (place === undefined) {
      place = this.#writers.push(by) - 1;
      this.#places.set(by, place);
    }
    this.#lastWriter = by;
    this.#lastPlace = place;
    return place;
  }
}

/** What a signal takes beside its bytes, and a chunk beside its signals. */
const signalOverheadBytes = 14;
const chunkOverheadBytes = 256;

/** What a chunk takes in memory, and about as much on disk. */
export function chunkSizeOf({ bytes, ends }: Pick<PackedSignals, 'bytes' | 'ends'>): number {
  return chunkOverheadBytes + bytes.length + ends.length * signalOverheadBytes;
}

function sizeAtMost(message: SetMessage | PublishMessage): number {
  // A UTF-16 unit is at most 3 bytes of UTF-8.
  const known = message.address.length * 3 + (message.value?.size ?? 0) + fixedBytesMax;
  const samples = message.type === messageType.publish ? message.samples : undefined;
  return samples ? known + samples.length * 8 : known;
}
