import { setTimeout as wait } from 'node:timers/promises';
import type { Figures } from '../runner/scenario.ts';
import { ByteCount } from './byte-count.ts';
import { quiet } from './flood.ts';
import { startMeter, type MeterReading } from './load-meter.ts';
import { Latencies, pace } from './pace.ts';
import type { RawClient } from './raw-client.ts';

export interface PacedOptions {
  /** sent again and again, each at its time */
  readonly messages: readonly Uint8Array[];
  readonly publisher: RawClient;
  /** get messages whose size is the same for all */
  readonly subscribers: readonly RawClient[];
  /** which of the messages is the nth that a subscriber gets; unless given, it gets all */
  readonly gets?: (subscriber: number, nth: number) => number;
  /** the part of all messages that each subscriber gets, 1 unless given */
  readonly part?: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly pid: number;
}

export interface PacedReading extends MeterReading {
  readonly latencies: Latencies;
  readonly deliveries: number;
  /** of all that should have come, 1 when all did */
  readonly complete: number;
  readonly bytesPerMessage: number;
}

/** Sends at an even pace and times every delivery from when its message was due. Half the time is for warming up. */
export async function paceDeliveries(options: PacedOptions): Promise<PacedReading> {
  const bytesPerMessage = await sizeOfDelivery(options);
  await run(options, bytesPerMessage, options.seconds / 2);
  return run(options, bytesPerMessage, options.seconds);
}

async function run(options: PacedOptions, bytesPerMessage: number, seconds: number): Promise<PacedReading> {
  const { publisher, subscribers, messages, perSecond, pid, gets = getsAll, part = 1 } = options;
  const latencies = new Latencies();
  const stop = startMeter(pid);
  const paced = pace({ perSecond, seconds, send: (index) => publisher.write(messages[index % messages.length]!) });
  const seen = subscribers.map((client, subscriber) => {
    const count = { messages: 0, bytes: 0 };
    client.onBytes = (bytes) => {
      count.bytes += bytes.length;
      const now = performance.now();
      for (; (count.messages + 1) * bytesPerMessage <= count.bytes; count.messages++)
        latencies.record(now - paced.dueAt(gets(subscriber, count.messages)));
    };
    return count;
  });
  await paced.done;
  const wanted = paced.count * part * subscribers.length;
  const sum = (): number => seen.reduce((total, count) => total + count.messages, 0);
  for (let tries = 0; sum() < wanted && tries < 200; tries++) await wait(5);
  for (const client of subscribers) client.onBytes = undefined;
  return { ...stop(), latencies, deliveries: sum(), complete: sum() / wanted, bytesPerMessage };
}

async function sizeOfDelivery(options: PacedOptions): Promise<number> {
  const { publisher, subscribers, messages } = options;
  const arrivals = new ByteCount();
  const [first] = subscribers;
  if (!first) throw new Error('There is nobody to deliver to.');
  first.onBytes = (bytes) => arrivals.add(bytes.length);
  const index = options.gets?.(0, 0) ?? 0;
  publisher.write(messages[index % messages.length]!);
  // A host that takes the machine away may hold the first one up for long.
  for (let tries = 0; arrivals.bytes === 0 && tries < 100; tries++) await wait(100);
  await quiet(arrivals, 100);
  first.onBytes = undefined;
  if (arrivals.bytes === 0) throw new Error('Nothing was delivered within ten seconds.');
  return arrivals.bytes;
}

function getsAll(_subscriber: number, nth: number): number {
  return nth;
}

export function pacedFigures({ latencies, deliveries, complete, ...reading }: PacedReading): Figures {
  return {
    p50Micros: latencies.micros(50),
    p90Micros: latencies.micros(90),
    p99Micros: latencies.micros(99),
    p999Micros: latencies.micros(99.9),
    maxMicros: latencies.micros(100),
    cpuMicrosPerDelivery: (reading.cpuSeconds * 1e6) / deliveries,
    complete,
    serverShare: reading.serverShare,
    loadShare: reading.loadShare,
  };
}
