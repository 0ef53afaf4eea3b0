import { setTimeout as wait } from 'node:timers/promises';
import type { ByteCount } from './byte-count.ts';
import { startMeter, type MeterReading } from './load-meter.ts';
import type { RawClient } from './raw-client.ts';

export interface FloodOptions {
  readonly publisher: RawClient;
  /** sent one after the other, over and over; each is one write */
  readonly batches: readonly Uint8Array[];
  /** counts what comes back for them, of all clients together */
  readonly arrivals: ByteCount;
  /** resolves when everything sent so far has come back */
  readonly settle: () => Promise<void>;
  /** batches under way at once */
  readonly inFlight: number;
  readonly seconds: number;
  /** the server's */
  readonly pid: number;
}

export interface FloodReading extends MeterReading {
  /** sent and come back whole */
  readonly batches: number;
  /** part of the bytes that came: below 1 where something was left out */
  readonly complete: number;
}

/** Keeps the server busy: a batch goes out as soon as an earlier one has come back. Warms up for half the time first. */
export async function flood(options: FloodOptions): Promise<FloodReading> {
  const sizes = await calibrate(options);
  const first = await send(options, sizes, options.seconds / 2);
  const stop = startMeter(options.pid);
  const { batches, complete } = await send(options, sizes, options.seconds);
  return { ...stop(), batches, complete: Math.min(first.complete, complete) };
}

/** What settling alone brings, and one batch, on the average of all of them. */
interface Sizes {
  readonly settling: number;
  readonly batch: number;
}

async function calibrate({ publisher, batches, arrivals, settle }: FloodOptions): Promise<Sizes> {
  await settle();
  const before = arrivals.bytes;
  await settle();
  const settling = arrivals.bytes - before;
  for (const batch of batches) publisher.write(batch);
  await settle();
  return { settling, batch: (arrivals.bytes - before - 2 * settling) / batches.length };
}

async function send(
  { publisher, batches, arrivals, inFlight, settle }: FloodOptions,
  { settling, batch: bytesPerBatch }: Sizes,
  seconds: number,
): Promise<{ batches: number; complete: number }> {
  const before = arrivals.bytes;
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  await new Promise<void>((resolve, reject) => {
    const fill = (): void => {
      if (performance.now() >= end) return resolve();
      const back = (arrivals.bytes - before) / bytesPerBatch;
      for (; sent - back < inFlight; sent++) publisher.write(batches[sent % batches.length]!);
    };
    arrivals.onArrival = fill;
    const giveUp = (): void => reject(new Error(`Only ${arrivals.bytes - before} bytes came for ${sent} batches.`));
    setTimeout(giveUp, seconds * 1000 + 20_000).unref();
    fill();
  });
  arrivals.onArrival = undefined;
  await settle();
  return { batches: sent, complete: (arrivals.bytes - before - settling) / (sent * bytesPerBatch) };
}

/** Waits until nothing came for so long. */
export async function quiet(arrivals: ByteCount, ms: number): Promise<void> {
  for (let seen = -1; seen !== arrivals.bytes;) {
    seen = arrivals.bytes;
    await wait(ms);
  }
}
