import type { Duplex } from 'node:stream';

/** Messages handed to the library in one turn of the event loop: each costs it some 50 µs, and lamps do not wait for them. */
export const perTurnMax = 64;

/** Says when a connection takes no more for the moment: its network is behind, or others are to have their turn. */
export class SendPace {
  readonly #onFree: () => void;
  #stream: Duplex | undefined;
  #count = 0;
  #isAwaited = false;

  /** @param onFree it takes more again */
  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  /** A connection is there; what the one before it was behind with is over. */
  begin(stream: Duplex): void {
    this.#stream = stream;
    this.#isAwaited = false;
  }

  /** One is handed over. */
  count(): void {
    if (this.#count++ === 0) setImmediate(() => this.#endTurn());
  }

  get isFull(): boolean {
    const stream = this.#stream;
    if (!stream) return true;
    if (!stream.writableNeedDrain) return this.#count >= perTurnMax;
    if (!this.#isAwaited) {
      this.#isAwaited = true;
      stream.once('drain', () => {
        if (stream !== this.#stream) return;
        this.#isAwaited = false;
        this.#onFree();
      });
    }
    return true;
  }

  #endTurn(): void {
    const wasFull = this.#count >= perTurnMax;
    this.#count = 0;
    if (wasFull && this.#stream?.writableNeedDrain === false) this.#onFree();
  }
}
