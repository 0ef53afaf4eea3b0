import type { Lane } from './lane.ts';

interface Pull {
  readonly id: string;
  readonly lane: Lane;
  readonly outAt: number;
  readonly inAt: number;
}

/** When which device is unplugged: one after another, each for half of its share of the time, at most ten seconds, and all are in
 *  again for the last quarter.
 *  @param lanes those that can be
 *  @returns times in ms since the begin */
export function planPulls(lanes: ReadonlyMap<string, Lane>, runMs: number): readonly Pull[] {
  const [from, to] = [runMs * 0.15, runMs * 0.75];
  const share = (to - from) / Math.max(1, lanes.size);
  return [...lanes].map(([id, lane], i) => {
    const outAt = from + i * share;
    return { id, lane, outAt, inAt: outAt + Math.min(10_000, share / 2) };
  });
}
