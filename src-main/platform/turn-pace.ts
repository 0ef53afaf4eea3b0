/** Messages handed to a library in one turn of the event loop: each costs some 10 to 50 µs, and lamps do not wait for them. */
export const perTurnMax = 64;

/** Says when enough was done in this turn of the event loop, so that others have theirs. */
export class TurnPace {
  readonly #onFree: () => void;
  #count = 0;

  /** @param onFree another turn has begun, after one that was full */
  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  get isFull(): boolean {
    return this.#count >= perTurnMax;
  }

  /** One is handed over. */
  count(): void {
    if (this.#count++ === 0) setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    const { isFull } = this;
    this.#count = 0;
    if (isFull) this.#onFree();
  }
}
