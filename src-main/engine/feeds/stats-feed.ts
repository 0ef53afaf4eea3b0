import type { EngineStats } from '../../contract/live-events.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, microsToMillis, millis, type Micros } from '../../contract/units.ts';
import type { Router } from '../../core/router/router.ts';
import type { Clock } from '../../ports/clock.ts';

/** Route times kept for the p99; older ones make room. */
const samplesMax = 2048;
const windowMicros = 10_000_000;
const period = millis(1000);

interface StatsOptions {
  readonly router: Pick<Router, 'stats'>;
  readonly clock: Clock;
  /** commands and page requests refused so far, beside what the router refused */
  readonly refused: () => number;
  readonly send: (stats: EngineStats) => void;
}

export interface StatsFeed {
  /** One signal went through a mapping in this time. */
  routed(latency: Micros): void;
  now(): EngineStats;
  readonly stop: Cancel;
}

/** The vital figures, once a second. */
export function createStatsFeed({ router, clock, refused, send }: StatsOptions): StatsFeed {
  const startedAt = clock.nowMicros();
  const samples: { readonly at: number; readonly latency: number }[] = [];
  let next = 0;
  let perSecond = 0;
  let totalBefore = router.stats().messagesTotal;
  let countedAt = startedAt;
  let cancel = clock.after(period, tick);
  return { routed, now, stop: () => cancel() };

  function routed(latency: Micros): void {
    samples[next] = { at: clock.nowMicros(), latency };
    next = (next + 1) % samplesMax;
  }

  function now(): EngineStats {
    const { droppedTotal, refusedTotal, sessions, params } = router.stats();
    return {
      at: microsToMillis(clock.nowMicros()),
      messagesPerSecond: perSecond,
      dropped: droppedTotal,
      refused: Object.values(refusedTotal).reduce((sum, count) => sum + count, refused()),
      sessions,
      params,
      routeP99Micros: routeP99(),
      uptimeSeconds: Math.floor((clock.nowMicros() - startedAt) / 1_000_000),
    };
  }

  function routeP99(): Micros | null {
    const since = clock.nowMicros() - windowMicros;
    const recent = samples.filter((sample) => sample.at >= since).map((sample) => sample.latency);
    if (recent.length === 0) return null;
    recent.sort((a, b) => a - b);
    return micros(recent[Math.min(recent.length - 1, Math.floor(recent.length * 0.99))] ?? 0);
  }

  function tick(): void {
    const total = router.stats().messagesTotal;
    const at = clock.nowMicros();
    perSecond = Math.round(((total - totalBefore) * 1_000_000) / Math.max(1, at - countedAt));
    totalBefore = total;
    countedAt = at;
    send(now());
    cancel = clock.after(period, tick);
  }
}
