/** Keys that follow each other within this are one change of mind, and one undo. */
export const burstPauseMs = 1000;

/** Names the gesture of a burst of keys: one for all of them until the hand rests or leaves. */
export class KeyBurst {
  #gesture: string | undefined;
  #lastMs = 0;

  /** The gesture of a key pressed now. @param atMs of any clock that goes on evenly, such as an event's time stamp */
  press(atMs: number): string {
    if (this.#gesture === undefined || atMs - this.#lastMs > burstPauseMs) this.#gesture = crypto.randomUUID();
    this.#lastMs = atMs;
    return this.#gesture;
  }

  /** The field was left: what comes next is another change. */
  end(): void {
    this.#gesture = undefined;
  }
}
