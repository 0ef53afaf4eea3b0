import { setTimeout as wait } from 'node:timers/promises';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { clientFrame } from '../dialects/clasp-dialect.ts';
import { openCast } from '../load/cast.ts';
import { Latencies } from '../load/pace.ts';
import type { RawClient } from '../load/raw-client.ts';
import { serverOffset } from '../load/server-time.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const bundles = 1000;
const aheadMicros = 500_000;

/** Many bundles for one instant: how late what they set reaches a subscriber. The way out is in the figure;
 *  `bundle-punctuality` has what is the router's alone. */
export const scheduledCascade: Scenario = {
  name: 'scheduled-cascade',
  title: `${bundles} BUNDLEs for the same instant, one subscriber; time from the instant to each SET.`,
  targets: ['flyrail', 'flyrail-state'],
  cases: [{}],
  quickCases: [{}],
  shows: ['p50Micros', 'p99Micros', 'maxMicros'],
  seconds: 4,
  measure,
};

async function measure(bench: Bench, _one: Case): Promise<Figures> {
  const { publisher, subscribers, close } = await openCast(bench, {
    subscribers: 1,
    patterns: () => ['/bench/cascade/**'],
  });
  const [subscriber] = subscribers;
  if (!subscriber) throw new Error('There is nobody to tell.');
  const bytes = await cascade(publisher, subscriber, () => undefined);
  const latencies = new Latencies();
  let early = 0;
  for (const end = performance.now() + bench.seconds * 1000; performance.now() < end;) {
    let told = 0;
    await cascade(publisher, subscriber, (lateMs, soFar) => {
      for (; (told + 1) * bytes <= soFar * bundles; told++) {
        if (lateMs < 0) early++;
        latencies.record(Math.max(0, lateMs));
      }
    });
  }
  close();
  return {
    p50Micros: latencies.micros(50),
    p99Micros: latencies.micros(99),
    p999Micros: latencies.micros(99.9),
    maxMicros: latencies.micros(100),
    early,
    executed: latencies.count,
  };
}

/** @param onArrival gets how late it is, in milliseconds, and how many bytes have come so far
 *  @returns the bytes that came */
async function cascade(
  publisher: RawClient,
  subscriber: RawClient,
  onArrival: (lateMs: number, bytes: number) => void,
): Promise<number> {
  const offset = await serverOffset(publisher);
  const due = Math.round(performance.now() * 1000 + offset + aheadMicros);
  let bytes = 0;
  subscriber.onBytes = (chunk) => {
    bytes += chunk.length;
    onArrival(performance.now() - (due - offset) / 1000, bytes);
  };
  publisher.write(Buffer.concat(Array.from({ length: bundles }, (_, index) => bundleAt(BigInt(due), index))));
  await wait(aheadMicros / 1000 + 500);
  subscriber.onBytes = undefined;
  return bytes;
}

function bundleAt(timestamp: bigint, index: number): Uint8Array {
  const address = `/bench/cascade/${10_000 + index}`;
  const set = { type: messageType.set, address, value: WireValue.of(f64(index)) };
  return clientFrame({ type: messageType.bundle, timestamp, messages: [set] });
}
