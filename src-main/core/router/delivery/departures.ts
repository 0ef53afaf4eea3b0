/** Hears that something has left. */
export type Departure = () => void;

interface Waiting {
  readonly run: Departure;
  /** among the frames that are held: all below have left or given way */
  readonly before: number;
}

/** What one slow peer may leave open; further ones hear nothing. */
const waitingMax = 256;

/** Who wants to hear when what an outbox was handed so far has left it: with the batch that the turn collects, or behind
 *  the frames that are held for a slow peer. */
export class Departures {
  #inBatch: Departure[] = [];
  #held: Waiting[] = [];

  add(run: Departure): void {
    if (this.#inBatch.length + this.#held.length < waitingMax) this.#inBatch.push(run);
  }

  /** The batch is in the peer's socket. */
  batchLeft(): void {
    if (this.#inBatch.length === 0) return;
    const left = this.#inBatch;
    this.#inBatch = [];
    for (const run of left) run();
  }

  /** What was added last waits with the frames numbered below `before`. */
  batchHeld(before: number): void {
    for (const run of this.#inBatch) this.#held.push({ run, before });
    this.#inBatch = [];
  }

  /** Of the frames that are held, all numbered below `oldest` have left or given way. */
  heldLeft(oldest: number): void {
    let left = 0;
    for (const { run, before } of this.#held) {
      if (before > oldest) break;
      left++;
      run();
    }
    if (left > 0) this.#held.splice(0, left);
  }
}
