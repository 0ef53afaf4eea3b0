import { micros, millisToMicros, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** closed: tries are free. open: too much failed, nothing is tried. half-open: one try decides. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Gives up for a while what fails again and again. */
export interface CircuitBreaker {
  state(): BreakerState;
  /** Asks for one try; whoever gets it reports how it went. When half-open only one is out at a time. */
  tryAcquire(): boolean;
  /** Closes it after a single try; while closed, failures count on until the window has passed. */
  succeeded(): void;
  failed(): void;
  /** when a try is possible again; undefined while it is possible now */
  retryAt(): Micros | undefined;
}

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** so many failures … */
  readonly failuresMax: number;
  /** … within this time open it … */
  readonly window: Millis;
  /** … for this long; a failed single try opens it for as long again */
  readonly rest: Millis;
}

export function createCircuitBreaker({ clock, failuresMax, window, rest }: CircuitBreakerOptions): CircuitBreaker {
  /** instants of the newest failures, oldest first; at most `failuresMax` */
  let failures: Micros[] = [];
  let openUntil: Micros | undefined;
  let trying = false;

  const state = (): BreakerState => {
    if (openUntil === undefined) return 'closed';
    return clock.nowMicros() < openUntil ? 'open' : 'half-open';
  };
  const open = (): void => {
    openUntil = micros(clock.nowMicros() + millisToMicros(rest));
    failures = [];
    trying = false;
  };

  return {
    state,
    tryAcquire: () => {
      if (state() === 'closed') return true;
      if (state() === 'open' || trying) return false;
      trying = true;
      return true;
    },
    succeeded: () => {
      // A success that was under way when it opened decides nothing: the single try does.
      if (state() === 'open') return;
      openUntil = undefined;
      trying = false;
    },
    failed: () => {
      if (state() === 'open') return;
      if (state() === 'half-open') return open();
      const now = clock.nowMicros();
      failures = [...failures, now].filter((at) => now - at < millisToMicros(window)).slice(-failuresMax);
      if (failures.length >= failuresMax) open();
    },
    retryAt: () => (state() === 'open' ? openUntil : undefined),
  };
}
