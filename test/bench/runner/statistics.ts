/** @returns the middle one, or the mean of the two; NaN of none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The median of the ratios of runs that stood side by side, so that what slowed the machine slowed both.
 *  @param ours @param theirs of the same rounds, in their order */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  const rounds = Math.min(ours.length, theirs.length);
  return median(Array.from({ length: rounds }, (_, round) => (ours[round] ?? 0) / (theirs[round] ?? 0)));
}

/** @returns how much `values` rise in one unit of `at`, by least squares; 0 for fewer than two */
export function slope(at: readonly number[], values: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
  const [meanAt, meanValue] = [mean(at), mean(values)];
  let rise = 0;
  let run = 0;
  for (const [index, each] of at.entries()) {
    rise += (each - meanAt) * ((values[index] ?? meanValue) - meanValue);
    run += (each - meanAt) ** 2;
  }
  return run === 0 ? 0 : rise / run;
}
