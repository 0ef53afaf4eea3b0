import type { Writable } from 'node:stream';
import { TurnPace } from './turn-pace.ts';

/** What of a connection is looked at. */
type Behind = Pick<Writable, 'writableNeedDrain' | 'once'>;

/** Says when a connection takes no more for the moment: its network is behind, or others are to have their turn. */
export class SendPace {
  readonly #onFree: () => void;
  readonly #turn: TurnPace;
  #stream: Behind | undefined;
  #isAwaited = false;

  /** @param onFree it takes more again */
  constructor(onFree: () => void) {
    this.#onFree = onFree;
    this.#turn = new TurnPace(() => {
      if (this.#stream?.writableNeedDrain === false) onFree();
    });
  }

  /** A connection is there; what the one before it was behind with is over. */
  begin(stream: Behind): void {
    this.#stream = stream;
    this.#isAwaited = false;
  }

  /** One is handed over. */
  count(): void {
    this.#turn.count();
  }

  get isFull(): boolean {
    const stream = this.#stream;
    if (!stream) return true;
    if (!stream.writableNeedDrain) return this.#turn.isFull;
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
}
