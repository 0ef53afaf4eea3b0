import type { Socket } from 'node:net';
import type { OscPacket } from './osc-wire.ts';

/** What waits for one reader that is slower than the show; beyond either, the oldest param goes, without one the oldest of all. */
export const waitingPacketsMax = 4096;
export const waitingBytesMax = 1024 * 1024;

/** Writes to one TCP connection without ever holding more than a bound: while its reader is slow, the newest packet of each
 *  key waits. */
export class SlowLine {
  readonly #socket: Socket;
  readonly #onDropped: () => void;
  readonly #onLeft: () => void;
  readonly #waiting = new Map<string | number, Uint8Array>();
  #waitingBytes = 0;
  #nextNumber = 0;
  #isFull = false;

  /** @param runs left: a packet was handed to the system. dropped: one went, old, or too many */
  constructor(socket: Socket, runs: { readonly left: () => void; readonly dropped: () => void }) {
    this.#socket = socket;
    this.#onLeft = runs.left;
    this.#onDropped = runs.dropped;
    socket.on('drain', () => this.#flush());
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param packet framed already */
  send({ bytes, key }: OscPacket): void {
    if (!this.#socket.writable) return this.#onDropped();
    if (!this.#isFull && this.#waiting.size === 0) return void this.#write(bytes);
    const place = key ?? this.#nextNumber++;
    if (this.#take(place)) this.#onDropped();
    this.#waiting.set(place, bytes);
    this.#waitingBytes += bytes.length;
    while (this.#waiting.size > waitingPacketsMax || this.#waitingBytes > waitingBytesMax) {
      this.#take(this.#oldest());
      this.#onDropped();
    }
  }

  #oldest(): string | number {
    let first: string | number | undefined;
    for (const place of this.#waiting.keys()) {
      if (typeof place === 'string') return place;
      first ??= place;
    }
    return first ?? 0;
  }

  #take(place: string | number): boolean {
    const bytes = this.#waiting.get(place);
    if (!bytes) return false;
    this.#waiting.delete(place);
    this.#waitingBytes -= bytes.length;
    return true;
  }

  #flush(): void {
    this.#isFull = false;
    for (const [place, bytes] of this.#waiting) {
      this.#take(place);
      if (!this.#write(bytes)) return;
    }
  }

  /** @returns whether the system takes more */
  #write(bytes: Uint8Array): boolean {
    const takesMore = this.#socket.write(bytes);
    this.#isFull = !takesMore;
    this.#onLeft();
    return takesMore;
  }
}
