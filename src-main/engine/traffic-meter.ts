import type { Clock } from '../ports/clock.ts';

/** Turns totals that only grow into messages per second. */
export interface TrafficMeter {
  /** Compares with the totals of the last call. Totals that fell were begun anew. */
  measure(totals: { readonly inTotal: number; readonly outTotal: number }): void;
  /** whole messages per second between the last two calls */
  latest(): { readonly inPerSecond: number; readonly outPerSecond: number };
}

export function createTrafficMeter(clock: Clock): TrafficMeter {
  let at = clock.nowMicros();
  let before = { inTotal: 0, outTotal: 0 };
  let latest = { inPerSecond: 0, outPerSecond: 0 };
  return {
    measure: ({ inTotal, outTotal }) => {
      const now = clock.nowMicros();
      const perSecond = (total: number, last: number): number =>
        now > at ? Math.round(((total < last ? total : total - last) * 1_000_000) / (now - at)) : 0;
      latest = { inPerSecond: perSecond(inTotal, before.inTotal), outPerSecond: perSecond(outTotal, before.outTotal) };
      before = { inTotal, outTotal };
      at = now;
    },
    latest: () => latest,
  };
}
