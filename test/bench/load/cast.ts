import { dialectOf } from '../dialects/catalogue.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Bench, Figures } from '../runner/scenario.ts';
import { ByteCount } from './byte-count.ts';
import { flood, type FloodReading } from './flood.ts';
import { openClients, RawClient } from './raw-client.ts';

/** One publisher and its subscribers at one server. */
export interface Cast {
  readonly dialect: Dialect;
  readonly publisher: RawClient;
  readonly subscribers: readonly RawClient[];
  /** of all subscribers together */
  readonly arrivals: ByteCount;
  /** Resolves when all that was published has reached all subscribers. */
  settle(): Promise<void>;
  close(): void;
}

export interface CastOptions {
  readonly subscribers: number;
  /** the patterns that a subscriber wants */
  readonly patterns: (subscriber: number) => readonly string[];
  /** what comes to the publisher, such as its acknowledgements, counts as an arrival too */
  readonly countsPublisher?: boolean;
}

/** Opens them all, and waits until the server knows all subscriptions. */
export async function openCast({ target }: Bench, options: CastOptions): Promise<Cast> {
  const dialect = dialectOf(target.name);
  const arrivals = new ByteCount();
  const publisher = await RawClient.open(target, dialect, options.countsPublisher ? arrivals : new ByteCount());
  const subscribers = await openClients(options.subscribers, async (index) => {
    const client = await RawClient.open(target, dialect, arrivals);
    // Ids of equal width make messages of equal size.
    for (const [i, pattern] of options.patterns(index).entries()) client.write(dialect.subscribe(pattern, 100 + i));
    await client.ask(dialect.ping);
    return client;
  });
  const close = (): void => {
    for (const client of [publisher, ...subscribers]) client.close();
  };
  const settle = (): Promise<void> => settleAll(dialect, publisher, subscribers);
  return { dialect, publisher, subscribers, arrivals, settle, close };
}

/** The answer to a PING comes behind all that was on its way: of the publisher, then of every subscriber. */
export async function settleAll(
  { ping }: Dialect,
  publisher: RawClient,
  subscribers: readonly RawClient[],
): Promise<void> {
  await publisher.ask(ping);
  await Promise.all(subscribers.map((client) => client.ask(ping)));
}

export interface BatchOptions {
  readonly batches: readonly Uint8Array[];
  readonly messagesPerBatch: number;
  readonly inFlight: number;
  /** deliveries that one message makes */
  readonly fanOut: number;
}

/** Floods and closes. @returns figures of deliveries */
export async function floodCast(
  { target: { pid }, seconds }: Bench,
  { publisher, arrivals, settle, close }: Cast,
  { batches, messagesPerBatch, inFlight, fanOut }: BatchOptions,
): Promise<Figures> {
  try {
    const reading = await flood({ publisher, batches, arrivals, settle, inFlight, seconds, pid });
    return deliveryFigures(reading, reading.batches * messagesPerBatch * fanOut * reading.complete);
  } finally {
    close();
  }
}

export function deliveryFigures(reading: FloodReading, deliveries: number): Figures {
  return {
    deliveriesPerCpuSecond: deliveries / reading.cpuSeconds,
    deliveriesPerSecond: deliveries / reading.wallSeconds,
    complete: reading.complete,
    serverShare: reading.serverShare,
    loadShare: reading.loadShare,
  };
}

/** Messages joined to batches of equal count. */
export function batchesOf(messages: readonly Uint8Array[], messagesPerBatch: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(messages.length / messagesPerBatch) }, (_, i) =>
    Buffer.concat(messages.slice(i * messagesPerBatch, (i + 1) * messagesPerBatch)),
  );
}

/** The same message over and over. */
export function batchOf(message: Uint8Array, count: number): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, () => message));
}
