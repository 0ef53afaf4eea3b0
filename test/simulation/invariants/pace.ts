/** Two turns of the event loop lie between a decision and the write; the fraction of a microsecond is cut. */
const slackMicros = 100;

/** Whether things come no faster than a rate. */
export class Pace {
  readonly #lastAt = new Map<string, number>();

  forget(key: string): void {
    this.#lastAt.delete(key);
  }

  /** @param at µs */
  isKept(key: string, at: number, rateHz: number): boolean {
    const lastAt = this.#lastAt.get(key) ?? -Infinity;
    this.#lastAt.set(key, at);
    return at - lastAt >= 1_000_000 / rateHz - slackMicros;
  }
}
