import { millis, type Millis } from '../../contract/units.ts';
import type { Random } from '../../ports/random.ts';

/** How long to wait before each next try, without end. */
export interface Backoff {
  /** Longer than the last, up to the cap, and then for ever the cap. */
  next(): Millis;
  /** All went well: the next wait is the first again. */
  reset(): void;
}

export interface BackoffOptions {
  readonly random: Random;
  readonly first: Millis;
  readonly cap: Millis;
  /** each wait is this many times the last; above 1 */
  readonly factor?: number;
  /** the share of a wait that is left to chance, 0..1, so that what failed together does not come back together */
  readonly jitter?: number;
}

export function createBackoff({ random, first, cap, factor = 2, jitter = 0.3 }: BackoffOptions): Backoff {
  let whole: number = first;
  return {
    next: () => {
      const wait = Math.min(whole, cap);
      whole = Math.min(whole * factor, cap);
      return millis(wait * (1 - jitter * random.fraction()));
    },
    reset: () => {
      whole = first;
    },
  };
}
