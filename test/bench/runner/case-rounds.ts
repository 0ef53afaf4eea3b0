import { messageOf } from '../../../src-main/contract/errors.ts';
import type { Target } from '../targets/target.ts';
import type { Series } from './result.ts';
import type { Case, Figures } from './scenario.ts';

export interface CaseRoundsOptions {
  readonly one: Case;
  readonly targets: readonly Target[];
  readonly rounds: number;
  /** one round of one target */
  readonly measure: (target: Target) => Promise<Figures>;
  /** Makes good what a failure left behind. @throws what ends the whole run */
  readonly onFailure: (target: Target, cause: unknown) => Promise<void>;
}

/** All rounds of a case, all targets in turn within each. One that fails is out of it for the rest, with its reason in the place of its
 *  rounds; it takes nothing from the others. */
export async function measureCase({
  one,
  targets,
  rounds,
  measure,
  onFailure,
}: CaseRoundsOptions): Promise<readonly Series[]> {
  const done = new Map<Target, Figures[]>(targets.map((target) => [target, []]));
  const failures = new Map<Target, string>();
  for (let round = 0; round < rounds; round++) {
    for (const target of targets.filter((each) => !failures.has(each))) {
      try {
        done.get(target)?.push(await measure(target));
      } catch (cause) {
        await onFailure(target, cause);
        failures.set(target, firstLineOf(cause));
      }
    }
  }
  return targets.map((target) => {
    const failure = failures.get(target);
    if (failure !== undefined) return { target: target.name, one, rounds: [], failure };
    return { target: target.name, one, rounds: done.get(target) ?? [] };
  });
}

/** What stands below it is where in the code. */
function firstLineOf(cause: unknown): string {
  return (messageOf(cause).split('\n')[0] ?? '').replace(/\bError: /, '').slice(0, 300);
}
