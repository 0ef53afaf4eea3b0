import type { Micros } from '../../../contract/units.ts';

/** How far a count may go back and be a late packet; further back the sender began anew. */
const behindMax = 20;
/** Packets overtake each other within milliseconds; after a longer rest the sender began anew. */
const restMicros = 500_000;

/** Keeps packets of one stream out that were overtaken on the way. */
export class SequenceGate {
  #last = 0;
  #passedAt: Micros | undefined;

  /** @param sequence 0..255; 0: the sender does not count
   *  @returns whether it may pass */
  passes(sequence: number, now: Micros): boolean {
    const isFresh = this.#passedAt !== undefined && now - this.#passedAt < restMicros;
    if (isFresh && sequence !== 0 && this.#last !== 0) {
      const behind = (this.#last - sequence + 256) % 256;
      if (behind > 0 && behind < behindMax) return false;
    }
    this.#last = sequence;
    this.#passedAt = now;
    return true;
  }
}
