import type { Cancel } from '../../src-main/contract/message-link.ts';

/** Time as the page knows it; a test turns its own. */
export interface PageClock {
  /** ms since the Unix epoch */
  now(): number;
  after(delayMs: number, run: () => void): Cancel;
  every(intervalMs: number, run: () => void): Cancel;
}

/** The browser's clock; `now` never jumps back when the system's clock is set. */
export const browserClock: PageClock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  every: (intervalMs, run) => {
    const timer = setInterval(run, intervalMs);
    return () => {
      clearInterval(timer);
    };
  },
};
