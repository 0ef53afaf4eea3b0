import { matches, type Pattern } from '../../contract/address.ts';
import type { MonitorBatch, MonitorEntry, SampleBatch } from '../../contract/live-events.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal } from '../../contract/signal.ts';
import { millis, type Millis } from '../../contract/units.ts';
import type { Delivery } from '../../core/router/delivery/delivery.ts';
import type { Router } from '../../core/router/router.ts';
import type { Clock } from '../../ports/clock.ts';
import { createPacer } from './pacer.ts';

/** Lines in one batch; with a batch every 1/30 s that is 6 000 lines a second, more than anybody reads. */
export const monitorBatchMax = 200;
const interval = millis(1000 / 30);
/** Of one device: a small list that is read while a hand is at the device. */
export const trafficPace = { interval: millis(1000 / 15), linesMax: 24 } as const;

type DeliveryWords = Pick<MonitorEntry, 'direction' | 'device' | 'because' | 'trouble'>;
/** Which device a delivery is shown under, and why it happened; see `createMonitorWords`. */
export type DescribeDelivery = (delivery: Delivery) => DeliveryWords;
/** The same for deliveries of which some are not shown. */
export type DescribeSome = (delivery: Delivery) => DeliveryWords | undefined;

interface MonitorOptions {
  readonly router: Pick<Router, 'tap'>;
  readonly clock: Clock;
  readonly describe: DescribeSome;
  readonly pattern: Pattern;
  readonly send: (batch: MonitorBatch) => unknown;
  /** how often, and how many lines at a time; as the monitor without */
  readonly pace?: { readonly interval: Millis; readonly linesMax: number };
}

/** One client's view of what goes through the router. What is too much to show is counted, not queued: the newest
 *  lines win, and the signals themselves are untouched. */
export function followMonitor({ router, clock, describe, pattern, send, pace }: MonitorOptions): Cancel {
  const linesMax = pace?.linesMax ?? monitorBatchMax;
  let waiting: MonitorEntry[] = [];
  let skipped = 0;
  let sequence = 0;
  const take = (): MonitorBatch => {
    const batch = { entries: waiting, skipped };
    waiting = [];
    skipped = 0;
    return batch;
  };
  const pacer = createPacer({ clock, interval: pace?.interval ?? interval, take, send });
  const untap = router.tap((delivery) => {
    const { signal, at } = delivery;
    if (!matches(pattern, signal.address)) return;
    const words = describe(delivery);
    if (!words) return;
    sequence++;
    if (waiting.length >= linesMax) {
      waiting.shift();
      skipped++;
    }
    const { kind, address, value } = signal;
    const batch = batchOf(signal);
    waiting.push({ sequence, at, kind, address, value, ...(batch && { batch }), ...words });
    pacer.poke();
  });
  return () => {
    untap();
    pacer.stop();
  };
}

function batchOf(signal: Signal): SampleBatch | undefined {
  if (signal.kind !== 'stream' || !signal.samples || signal.samples.length < 2) return undefined;
  let [lowest, highest] = [Infinity, -Infinity];
  for (const sample of signal.samples) {
    lowest = Math.min(lowest, sample);
    highest = Math.max(highest, sample);
  }
  return { count: signal.samples.length, rate: signal.rate ?? null, lowest, highest };
}
