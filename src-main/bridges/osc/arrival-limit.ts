import type { Micros } from '../../contract/units.ts';

/** Ends that may come at once, and how many a second from then on: each is handed all that stands. */
export const arrivalsMax = 128;
export const arrivalsPerSecond = 4;

/** Bounds what somebody can ask for who connects again and again. */
export class ArrivalLimit {
  #left = arrivalsMax;
  #countedAt: number;

  constructor(now: Micros) {
    this.#countedAt = now;
  }

  /** @returns whether one more is handed what stands */
  admits(now: Micros): boolean {
    const seconds = (now - this.#countedAt) / 1_000_000;
    this.#left = Math.min(arrivalsMax, this.#left + seconds * arrivalsPerSecond);
    this.#countedAt = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
