/** The stretches of a trace where something moved, each with the zero before and after it.
 *  @param rates one a second
 *  @returns first and last index of each stretch; none for silence */
export function movingRuns(rates: readonly number[]): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const [index, rate] of rates.entries()) {
    if (rate <= 0) continue;
    const from = Math.max(0, index - 1);
    const to = Math.min(rates.length - 1, index + 1);
    const last = runs.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else runs.push([from, to]);
  }
  return runs;
}
