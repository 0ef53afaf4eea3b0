/** Waits before the engine, or a crashed page, is started again; the last one for ever after. */
const delaysMs = [100, 500, 1000, 2000, 5000] as const;
/** Whoever ran this long was well: the next failure is a first one. */
const healthyMs = 60_000;

/** Counts failures in a row. */
export interface RestartDelay {
  readonly failures: number;
  /** @param ranMs how long it ran before it failed
   *  @returns milliseconds to wait */
  next(ranMs: number): number;
}

export function createRestartDelay(): RestartDelay {
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    next: (ranMs) => {
      if (ranMs >= healthyMs) failures = 0;
      const delayMs = delaysMs[Math.min(failures, delaysMs.length - 1)] ?? 0;
      failures++;
      return delayMs;
    },
  };
}
