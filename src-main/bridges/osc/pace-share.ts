/** Small packets that all lines of a bridge send in one turn of the event loop: each costs some 10 µs, and lamps do not wait for them. */
export const allAtOnceMax = 512;
/** And in one step, shared among the lines where something waits. */
export const allStepPackets = 64;

/** What the lines of one bridge share, so that many receivers do not keep all else from its turn. */
export class PaceShare {
  #waitingLines = 0;
  #thisTurn = 0;

  /** Nothing more leaves at once in this turn. */
  get isSpent(): boolean {
    return this.#thisTurn >= allAtOnceMax;
  }

  /** Small packets that one line may send in a step, 1 or more. */
  get perStep(): number {
    return Math.max(1, Math.floor(allStepPackets / this.#waitingLines));
  }

  /** A line sent at once. @param weight in small packets */
  spend(weight: number): void {
    if (this.#thisTurn === 0) setImmediate(() => (this.#thisTurn = 0));
    this.#thisTurn += weight;
  }

  /** Something waits in a line that had nothing waiting. */
  begin(): void {
    this.#waitingLines++;
  }

  /** Nothing waits in it any more. */
  end(): void {
    this.#waitingLines--;
  }
}
