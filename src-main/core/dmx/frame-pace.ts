import type { FramePaceReading } from '../../contract/device.ts';
import type { Micros } from '../../contract/units.ts';

const intervalsMax = 512;

/** Measures the time between frames, over the last 512 of them. */
export class FramePace {
  readonly #intervals = new Float64Array(intervalsMax);
  #count = 0;
  #next = 0;
  #lastAt: Micros | undefined;

  /** A frame leaves now. */
  sent(now: Micros): void {
    if (this.#lastAt !== undefined) {
      this.#intervals[this.#next] = now - this.#lastAt;
      this.#next = (this.#next + 1) % intervalsMax;
      this.#count = Math.min(intervalsMax, this.#count + 1);
    }
    this.#lastAt = now;
  }

  /** The line was interrupted: what was before is no measure of what comes. */
  restart(): void {
    this.#count = 0;
    this.#next = 0;
    this.#lastAt = undefined;
  }

  /** @returns undefined while fewer than two frames have left */
  reading(): FramePaceReading | undefined {
    if (this.#count === 0) return undefined;
    const sorted = this.#intervals.slice(0, this.#count).toSorted();
    const at = (part: number): number => sorted[Math.min(this.#count - 1, Math.floor(part * this.#count))] ?? 0;
    const middle = at(0.5);
    const misses = sorted.map((interval) => Math.abs(interval - middle)).toSorted();
    const mean = sorted.reduce((sum, interval) => sum + interval, 0) / this.#count;
    return {
      rateHz: 1_000_000 / mean,
      p50Ms: middle / 1000,
      p99Ms: at(0.99) / 1000,
      maxMs: at(1) / 1000,
      jitterMs: (misses[Math.min(this.#count - 1, Math.floor(0.99 * this.#count))] ?? 0) / 1000,
    };
  }
}
