import type { TargetName } from '../targets/target.ts';
import type { Case, Figures } from './scenario.ts';

/** All rounds of one target in one case. */
export interface Series {
  readonly target: TargetName;
  readonly one: Case;
  readonly rounds: readonly Figures[];
  /** why it has no rounds, where it could not be measured */
  readonly failure?: string;
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly shows: readonly string[];
  readonly notes?: readonly string[];
  /** when it was measured, ISO date */
  readonly measured: string;
  readonly seconds: number;
  readonly series: readonly Series[];
  /** targets that were wanted and are not installed */
  readonly missing: readonly TargetName[];
}

/** @returns one figure of each round, in their order; empty when there is no such series */
export function roundsOf(
  result: ScenarioResult | undefined,
  target: TargetName,
  { one, figure }: { readonly one: Case; readonly figure: string },
): readonly number[] {
  const series = result?.series.find((each) => each.target === target && isSameCase(each.one, one));
  return series?.rounds.map((figures) => figures[figure] ?? Number.NaN) ?? [];
}

export function failuresOf({ series }: ScenarioResult): readonly string[] {
  return series.flatMap(({ one, target, failure }) =>
    failure === undefined ? [] : [`${[caseLabel(one), target].filter(Boolean).join(', ')}: ${failure}`],
  );
}

export function isSameCase(a: Case, b: Case): boolean {
  return caseLabel(a) === caseLabel(b);
}

/** @param words that all have to be among its values */
export function hasWords(one: Case, words: readonly string[]): boolean {
  const values = Object.values(one).map(String);
  return words.every((word) => values.includes(word));
}

/** `100 subscribers`, `** pattern`; empty when there is only one case */
export function caseLabel(one: Case): string {
  return Object.entries(one)
    .map(([name, value]) => `${value} ${name}`)
    .join(', ');
}
