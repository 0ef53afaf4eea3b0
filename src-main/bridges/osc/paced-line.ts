import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OscPacket } from './osc-wire.ts';

/** Packets to one target that leave in one turn of the event loop: Linux keeps 256 small ones for a program that is busy. */
export const atOnceMax = 128;
/** What waits leaves by so many, so often: 16,000 a second, so a program may be busy for some 14 ms and loses nothing. */
export const stepPackets = 32;
export const stepEvery = millis(2);
/** What waits for one target; beyond either, the newest is refused. */
export const pacedPacketsMax = 200_000;
export const pacedBytesMax = 64 * 1024 * 1024;

export interface PacedLineOptions {
  readonly clock: Clock;
  /** Hands it to the system. */
  readonly transmit: (bytes: Uint8Array) => void;
  /** too much waits already */
  readonly onDropped: () => void;
}

/** Lets no more datagrams leave at once than a receiver can keep: of the others, the newest of each key waits for its turn.
 *  What comes alone overtakes them, unless something that happened waits. */
export class PacedLine {
  readonly #options: PacedLineOptions;
  readonly #waiting = new Map<string | number, Uint8Array>();
  #waitingBytes = 0;
  /** of what waits, packets that have no key: nothing may overtake these */
  #kept = 0;
  #nextNumber = 0;
  #thisTurn = 0;
  #cancelStep: Cancel | undefined;

  constructor(options: PacedLineOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  send({ bytes, key }: OscPacket): void {
    if (this.#thisTurn < atOnceMax && this.#kept === 0) {
      // What it makes old may not come after it.
      if (key !== undefined) this.#take(key);
      this.#transmit(bytes);
      return;
    }
    const place = key ?? this.#nextNumber++;
    this.#take(place);
    if (this.#waiting.size >= pacedPacketsMax || this.#waitingBytes + bytes.length > pacedBytesMax)
      return this.#options.onDropped();
    this.#waiting.set(place, bytes);
    this.#waitingBytes += bytes.length;
    if (key === undefined) this.#kept++;
    this.#cancelStep ??= this.#options.clock.after(stepEvery, () => this.#step());
  }

  /** Everything that waits leaves now, as far as the system takes it. */
  end(): void {
    this.#cancelStep?.();
    for (const place of [...this.#waiting.keys()]) this.#leave(place);
  }

  #step(): void {
    let left = 0;
    for (const place of this.#waiting.keys()) {
      if (left++ === stepPackets) break;
      this.#leave(place);
    }
    const { clock } = this.#options;
    this.#cancelStep = this.#waiting.size > 0 ? clock.after(stepEvery, () => this.#step()) : undefined;
  }

  #leave(place: string | number): void {
    const bytes = this.#take(place);
    if (bytes) this.#options.transmit(bytes);
  }

  #take(place: string | number): Uint8Array | undefined {
    const bytes = this.#waiting.get(place);
    if (!bytes) return undefined;
    this.#waiting.delete(place);
    this.#waitingBytes -= bytes.length;
    if (typeof place === 'number') this.#kept--;
    return bytes;
  }

  #transmit(bytes: Uint8Array): void {
    if (this.#thisTurn++ === 0) setImmediate(() => (this.#thisTurn = 0));
    this.#options.transmit(bytes);
  }
}
