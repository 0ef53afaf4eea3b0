import type { Cancel } from '../../contract/message-link.ts';
import { millis, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

interface PacerOptions<Batch> {
  readonly clock: Clock;
  /** the least time between two batches */
  readonly interval: Millis;
  /** everything that waits, merged; undefined when there is nothing to send after all */
  readonly take: () => Batch | undefined;
  /** a promise says when the receiver is ready for the next batch */
  readonly send: (batch: Batch) => unknown;
}

export interface Pacer {
  /** There is something to send. */
  poke(): void;
  readonly stop: Cancel;
}

/** Sends what waits at most once an interval, and never before the receiver has taken the batch before: a slow page
 *  gets fewer and newer values, not a queue. */
export function createPacer<Batch>({ clock, interval, take, send }: PacerOptions<Batch>): Pacer {
  let busy = false;
  let wanted = false;
  let stopped = false;
  let cancel: Cancel = () => undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    poke: () => {
      wanted = true;
      if (!busy) schedule();
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };

  function schedule(): void {
    if (stopped) return;
    busy = true;
    const waited = (clock.nowMicros() - lastAt) / 1000;
    cancel = clock.after(millis(Math.max(0, interval - waited)), flush);
  }

  function flush(): void {
    wanted = false;
    const batch = take();
    lastAt = clock.nowMicros();
    if (batch === undefined) return done();
    // A receiver that fails is as good as one that has taken it: the next batch may go.
    void (async () => send(batch))().then(done, done);
  }

  function done(): void {
    busy = false;
    if (wanted) schedule();
  }
}
