import type { Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Waits for work, but not for ever; the work itself goes on.
 *  @param work never rejects
 *  @returns whether it settled in time */
export function settleWithin(clock: Clock, limit: Millis, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(limit, () => resolve(false));
    void work.then(() => {
      cancel();
      resolve(true);
    });
  });
}
