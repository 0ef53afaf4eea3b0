import type { Goal } from '../goals.ts';
import { roundsOf, type ScenarioResult } from './result.ts';
import { median, pairedRatio } from './statistics.ts';

/** missing: one of the two was not measured. */
export type Verdict = 'pass' | 'missed' | 'missing';

export interface Judged {
  readonly goal: Goal;
  readonly ratio: number | undefined;
  readonly verdict: Verdict;
}

/** Sets a goal beside what was measured. */
export function judge(goal: Goal, results: readonly ScenarioResult[]): Judged {
  const result = results.find(({ name }) => name === goal.scenario);
  const ours = roundsOf(result, goal.ours, goal);
  const theirs = goal.theirs === undefined ? ours.map(() => 1) : roundsOf(result, goal.theirs, goal);
  if (ours.length === 0 || theirs.length === 0) return { goal, ratio: undefined, verdict: 'missing' };
  const ratio = goal.theirs === undefined ? median(ours) : pairedRatio(ours, theirs);
  const { atLeast = -Infinity, atMost = Infinity } = goal;
  return { goal, ratio, verdict: ratio >= atLeast && ratio <= atMost ? 'pass' : 'missed' };
}
