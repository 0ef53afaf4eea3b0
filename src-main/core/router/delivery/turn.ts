import { TurnBatch } from './turn-batch.ts';

/** Runs a piece of work once this turn of the event loop has taken what there is to take: `setImmediate` in the product. */
export type Defer = (run: () => void) => void;

interface Flushable {
  flush(): void;
}

/** Collects who has something to send, and lets each send once at the end of the turn. */
export class Turn {
  readonly #defer: Defer;
  readonly #between: () => void;
  #waiting = new Set<Flushable>();
  #isPlanned = false;
  /** where every peer's batch begins in this turn */
  root = new TurnBatch();

  /** @param between runs after each that has sent: a turn with many peers takes longer than what is due may wait */
  constructor(defer: Defer, between: () => void = () => undefined) {
    this.#defer = defer;
    this.#between = between;
  }

  /** Has `flush` called at the end of this turn; during the flush, at the end of the next. */
  mark(flushable: Flushable): void {
    this.#waiting.add(flushable);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#defer(() => this.flush());
  }

  /** Ends the turn now. */
  flush(): void {
    const due = this.#waiting;
    this.#waiting = new Set();
    this.#isPlanned = false;
    this.root = new TurnBatch();
    for (const flushable of due) {
      flushable.flush();
      this.#between();
    }
  }
}
