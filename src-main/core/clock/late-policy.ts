import { InputError } from '../../contract/errors.ts';
import { micros, millisToMicros, type Micros, type Millis } from '../../contract/units.ts';

/** What becomes of a scheduled bundle that is not on time. */
export interface LatePolicy {
  /** beyond the tolerance; up to it, a late bundle runs under either */
  readonly late: 'run' | 'drop';
  readonly tolerance: Millis;
  /** a bundle for later than this is refused when it arrives */
  readonly aheadMax: Millis;
}

/** Late is better than never, as old routers ran everything at once; a day ahead is a wrong clock rather than a plan. */
export const defaultLatePolicy: LatePolicy = {
  late: 'run',
  tolerance: 100 as Millis,
  aheadMax: 86_400_000 as Millis,
};

/** When a bundle is to run, judged when it arrives; it may have passed.
 *  @param executeAt as the BUNDLE carries it: microseconds of the server's clock, any u64 [CLASP-WIRE §3]
 *  @throws InputError 'too-far-ahead' beyond the policy's limit */
export function deadlineOf(executeAt: bigint, now: Micros, { aheadMax }: LatePolicy): Micros {
  const ahead = executeAt - BigInt(now);
  if (ahead <= BigInt(millisToMicros(aheadMax))) return micros(Number(executeAt));
  const message = `A bundle is for at most ${aheadMax / 1000} s from now by the router's clock; check the sender's clock.`;
  throw new InputError('too-far-ahead', message, { aheadSeconds: Number(ahead / 1_000_000n), aheadMaxMs: aheadMax });
}

/** Judged where the bundle would run, so that waiting in line counts. On time is never 'drop'. */
export function lateVerdict(deadline: Micros, now: Micros, { late, tolerance }: LatePolicy): 'run' | 'drop' {
  return late === 'drop' && now - deadline > millisToMicros(tolerance) ? 'drop' : 'run';
}
