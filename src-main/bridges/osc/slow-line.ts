import type { Socket } from 'node:net';
import { NewestQueue } from '../../core/realtime/newest-queue.ts';
import type { OscPacket } from './osc-wire.ts';

/** What waits for one reader that is slower than the show; beyond either, the param that waits longest goes, without one the oldest of all. */
export const waitingPacketsMax = 4096;
export const waitingBytesMax = 1024 * 1024;

/** Writes to one TCP connection without ever holding more than a bound: while its reader is slow, the newest packet of each
 *  key waits. */
export class SlowLine {
  readonly #socket: Socket;
  readonly #onDropped: () => void;
  readonly #onLeft: () => void;
  readonly #waiting = new NewestQueue<Uint8Array>();
  #waitingBytes = 0;
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
    const old = key === undefined ? undefined : this.#waiting.get(key);
    this.#waiting.put(bytes, key);
    this.#waitingBytes += bytes.length;
    if (old) this.#drop(old);
    while (this.#waiting.size > waitingPacketsMax || this.#waitingBytes > waitingBytesMax)
      this.#drop(this.#waiting.shed());
  }

  #drop(old: Uint8Array | undefined): void {
    this.#waitingBytes -= old?.length ?? 0;
    this.#onDropped();
  }

  #flush(): void {
    this.#isFull = false;
    for (let bytes = this.#waiting.shift(); bytes; bytes = this.#waiting.shift()) {
      this.#waitingBytes -= bytes.length;
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
