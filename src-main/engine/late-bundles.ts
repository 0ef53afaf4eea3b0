import type { LateBundles } from '../contract/show.ts';
import { millis } from '../contract/units.ts';
import type { LateJudgement } from '../core/router/router.ts';

/** How the router judges what is late, as the show says it. */
export function judgementOf({ policy, toleranceMs }: LateBundles): LateJudgement {
  return { late: policy, tolerance: millis(toleranceMs) };
}

/** The same the other way round: as the window shows it. */
export function lateBundlesOf({ late, tolerance }: LateJudgement): LateBundles {
  return { policy: late, toleranceMs: tolerance };
}
