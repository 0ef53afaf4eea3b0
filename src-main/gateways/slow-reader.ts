import type { SharedRoom } from '../core/bounds/shared-room.ts';

/** What is on its way to a client. */
export interface Shipment<T> {
  readonly item: T;
  /** of one address only the newest waits */
  readonly key: string;
  /** it happens once: it is left out rather than late */
  readonly isOnce: boolean;
  /** about what it takes while it waits */
  readonly sizeBytes: number;
}

interface SlowReaderOptions<T> {
  /** bytes that wait for the client's network now */
  readonly unwrittenBytes: () => number;
  readonly write: (item: T) => void;
  /** Has it run once when the network has taken some of what waits. */
  readonly onDrain: (run: () => void) => void;
  /** told of everything that is left out or overtaken */
  readonly onShed: () => void;
  /** bytes that wait for this client and others together */
  readonly room: SharedRoom;
}

/** Bytes that wait for a client's network; past them values wait as the newest of their address, and events are left out. */
export const unwrittenMax = 512 * 1024;
/** Addresses whose newest value waits, and their bytes. */
export const waitingMax = 100_000;
export const waitingBytesMax = 16 * 1024 * 1024;

/** What waits: something for the client, or something to do behind what came before it. */
type Waiting<T> = Shipment<T> | { readonly sizeBytes: 0; readonly run: () => void };

/** What a client gets that may read too slowly: the newest of what stays, in bounds, and it is told to nobody else. */
export class SlowReader<T> {
  readonly #options: SlowReaderOptions<T>;
  readonly #waiting = new Map<string, Waiting<T>>();
  #waitingBytes = 0;
  #marks = 0;
  #isDraining = false;
  #isClosed = false;

  constructor(options: SlowReaderOptions<T>) {
    this.#options = options;
    options.room.enter();
  }

  send(shipment: Shipment<T>): void {
    if (this.#isClosed) return;
    if (this.#waiting.size === 0 && this.#hasRoom) return this.#options.write(shipment.item);
    const { key, isOnce, sizeBytes } = shipment;
    const before = this.#waiting.get(key);
    if (isOnce || (!before && this.#waiting.size >= waitingMax)) return this.#options.onShed();
    const more = sizeBytes - (before?.sizeBytes ?? 0);
    if (!this.#mayKeep(more)) return this.#options.onShed();
    if (before) this.#options.onShed();
    this.#waiting.set(key, shipment);
    this.#waitingBytes += more;
    this.#options.room.take(more);
    this.#awaitDrain();
  }

  /** Has it run when all that waits now is written: at once where nothing waits, and never once it is closed. */
  behind(run: () => void): void {
    if (this.#isClosed) return;
    if (this.#waiting.size === 0) return run();
    // No address begins like this.
    this.#waiting.set(`\0${++this.#marks}`, { sizeBytes: 0, run });
  }

  /** Whether something waits that came before what is written now. */
  get isBehind(): boolean {
    return this.#waiting.size > 0;
  }

  /** Nothing is written any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.room.leave(this.#waitingBytes);
    this.#waiting.clear();
    this.#waitingBytes = 0;
  }

  #mayKeep(more: number): boolean {
    const bytes = this.#waitingBytes + more;
    return bytes <= waitingBytesMax && (more <= 0 || !this.#options.room.isTooMuch(bytes));
  }

  get #hasRoom(): boolean {
    return this.#options.unwrittenBytes() <= unwrittenMax;
  }

  #awaitDrain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#options.onDrain(() => {
      this.#isDraining = false;
      for (const [key, next] of this.#waiting) {
        if (!this.#hasRoom) return this.#awaitDrain();
        this.#waiting.delete(key);
        this.#waitingBytes -= next.sizeBytes;
        this.#options.room.giveBack(next.sizeBytes);
        if ('run' in next) next.run();
        else this.#options.write(next.item);
      }
    });
  }
}
