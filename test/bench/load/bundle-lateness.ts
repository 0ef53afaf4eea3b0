import type { PunctualityStats } from '../../../src-main/core/clock/punctuality.ts';

const family = 'flyrail_router_bundle_lateness_seconds';

/** How late bundles began, as the router itself counts it.
 *  @param port of `serve --metrics` */
export async function readLateness(port: number): Promise<PunctualityStats> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return parseLateness(await answer.text());
}

/** @param text in the format of Prometheus, where each bucket holds those before it
 *  @returns with the highest bound for the latest, which nobody told
 *  @throws Error when the text has no such figures */
export function parseLateness(text: string): PunctualityStats {
  const cumulative = [...text.matchAll(new RegExp(`^${family}_bucket{le="([^"]+)"} (\\d+)$`, 'gm'))].map(
    ([, bound, count]) => ({ upTo: bound === '+Inf' ? Infinity : Number(bound) * 1e6, count: Number(count) }),
  );
  const sum = new RegExp(`^${family}_sum (\\S+)$`, 'm').exec(text)?.[1];
  if (cumulative.length === 0 || sum === undefined) throw new Error(`${family} is not among the metrics.`);
  const buckets = cumulative.map(({ upTo, count }, i) => ({
    upTo: Math.round(upTo),
    count: count - (cumulative[i - 1]?.count ?? 0),
  }));
  const total = cumulative.at(-1)?.count ?? 0;
  const maxMicros = buckets.findLast(({ count }) => count > 0)?.upTo ?? 0;
  return { total, sumMicros: Number(sum) * 1e6, maxMicros, buckets };
}
