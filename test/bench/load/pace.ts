import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

export interface Paced {
  /** when a message is to be sent, on `performance.now()` */
  dueAt(index: number): number;
  /** all are sent */
  readonly done: Promise<void>;
  readonly count: number;
}

/** Sends so many messages a second at their times, whatever comes back: a late answer counts from when its message was due,
 *  not from when it could be sent. The load's core is busy all the time, so that no timer is in the figures. */
export function pace(options: {
  readonly perSecond: number;
  readonly seconds: number;
  readonly send: (index: number) => void;
}): Paced {
  const { perSecond, seconds, send } = options;
  const stepMs = 1000 / perSecond;
  const count = Math.round(perSecond * seconds);
  const start = performance.now() + 1;
  const dueAt = (index: number): number => start + index * stepMs;
  const done = new Promise<void>((resolve) => {
    let next = 0;
    const turn = (): void => {
      for (const now = performance.now(); next < count && dueAt(next) <= now; next++) send(next);
      if (next < count) setImmediate(turn);
      else resolve();
    };
    turn();
  });
  return { dueAt, done, count };
}

/** An HDR histogram of times, in nanoseconds inside. */
export class Latencies {
  readonly #histogram: RecordableHistogram = createHistogram({ figures: 3 });

  record(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * 1e6)));
  }

  get count(): number {
    return this.#histogram.count;
  }

  /** @param percent more than 0, up to 100 @returns microseconds */
  micros(percent: number): number {
    return this.#histogram.percentile(percent) / 1000;
  }
}
