import { setTimeout as wait } from 'node:timers/promises';
import { f64 } from '../../../src-main/contract/signal.ts';
import {
  latenessAt,
  punctualityBetween,
  shareWithin,
  type PunctualityStats,
} from '../../../src-main/core/clock/punctuality.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { clientFrame } from '../dialects/clasp-dialect.ts';
import { readLateness } from '../load/bundle-lateness.ts';
import { openCast, type Cast } from '../load/cast.ts';
import { startMeter } from '../load/load-meter.ts';
import { pace } from '../load/pace.ts';
import { serverOffset } from '../load/server-time.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const scattered = '200/s at any time';
const cascade = '1000 at one instant';
const perCascade = 1000;

/** How late bundles begin where they are executed: the router counts it, and the load only reads it. */
export const bundlePunctuality: Scenario = {
  name: 'bundle-punctuality',
  title: 'BUNDLEs for later, with one subscriber and other streams on their way; how late the router began each.',
  targets: ['flyrail', 'flyrail-state'],
  cases: [scattered, cascade].flatMap((bundles) => [0, 10_000].map((load) => ({ bundles, 'messages/s': load }))),
  quickCases: [{ bundles: cascade, 'messages/s': 10_000 }],
  shows: ['within1msShare', 'p50Micros', 'p99Micros', 'p999Micros'],
  seconds: 8,
  settings: { metrics: true },
  measure,
};

async function measure(bench: Bench, one: Case): Promise<Figures> {
  const { target, seconds } = bench;
  const { metricsPort } = target;
  if (metricsPort === undefined) throw new Error('Lateness is read from the metrics, and they are off.');
  const patterns = (): readonly string[] => ['/bench/timed/**', '/bench/load/**'];
  const cast = await openCast(bench, { subscribers: 1, patterns });
  const send = await senderOf(cast);
  // The first bundle starts the thread that wakes the router.
  send(1, 200_000);
  await wait(1000);
  const [before, stop] = [await readLateness(metricsPort), startMeter(target.pid)];
  const load = startLoad(cast, { perSecond: Number(one['messages/s']), seconds: seconds + 1 });
  await (one['bundles'] === cascade ? sendCascades(send, seconds) : sendScattered(send, seconds));
  const { serverShare, loadShare } = stop();
  const after = await readLateness(metricsPort);
  await load;
  cast.close();
  return { ...figuresOf(punctualityBetween(before, after)), serverShare, loadShare };
}

function figuresOf(stats: PunctualityStats): Figures {
  return {
    within1msShare: shareWithin(stats, 1000),
    p50Micros: latenessAt(stats, 0.5),
    p99Micros: latenessAt(stats, 0.99),
    p999Micros: latenessAt(stats, 0.999),
    meanMicros: stats.sumMicros / stats.total,
    executed: stats.total,
  };
}

/** Sends so many bundles of one SET for one instant, so many microseconds from now. */
type Send = (count: number, aheadMicros: number) => void;

async function senderOf({ publisher }: Cast): Promise<Send> {
  const offset = await serverOffset(publisher);
  let next = 0;
  return (count, aheadMicros) => {
    const timestamp = BigInt(Math.round(performance.now() * 1000 + offset + aheadMicros));
    publisher.write(Buffer.concat(Array.from({ length: count }, () => bundleAt(timestamp, next++))));
  };
}

function bundleAt(timestamp: bigint, index: number): Uint8Array {
  const address = `/bench/timed/${10_000 + (index % perCascade)}`;
  const set = { type: messageType.set, address, value: WireValue.of(f64(index)) };
  return clientFrame({ type: messageType.bundle, timestamp, messages: [set] });
}

async function sendScattered(send: Send, seconds: number): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    send(1, 200_000 + Math.random() * 200_000);
    await wait(5);
  }
  await wait(600);
}

async function sendCascades(send: Send, seconds: number): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    send(perCascade, 600_000);
    await wait(1000);
  }
}

async function startLoad(
  { publisher, dialect }: Cast,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<void> {
  if (perSecond === 0) return;
  const message = dialect.publish('/bench/load/level', 0.5);
  await pace({ perSecond, seconds, send: () => publisher.write(message) }).done;
}
