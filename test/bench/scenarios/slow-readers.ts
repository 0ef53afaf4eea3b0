import { batchOf, deliveryFigures, openCast, settleAll } from '../load/cast.ts';
import { ByteCount } from '../load/byte-count.ts';
import { flood } from '../load/flood.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';
import { useOf } from '../targets/process-use.ts';

const address = '/bench/fan/level';
const readers = 50;
const messagesPerBatch = 100;
const inFlight = 4;

/** Peers that read nothing must cost the others nothing, and the server no memory without bound. */
export const slowReaders: Scenario = {
  name: 'slow-readers',
  title: `One publisher, ${readers} subscribers that read, and some that do not; deliveries of those that read.`,
  targets: ['flyrail', 'flyrail-state', 'nats', 'mosquitto'],
  cases: [{ stuck: 0 }, { stuck: 5 }],
  leavesOut: (target, one) => target === 'mosquitto' && one['stuck'] !== 0,
  quickCases: [{ stuck: 5 }],
  shows: ['deliveriesPerCpuSecond', 'rssMegabytes'],
  seconds: 4,
  startsAfresh: true,
  measure,
};

async function measure(bench: Bench, one: Case): Promise<Figures> {
  const { target, seconds } = bench;
  const stuck = Number(one['stuck']);
  const { publisher, subscribers, dialect, close } = await openCast(bench, {
    subscribers: readers + stuck,
    patterns: () => [address],
  });
  const arrivals = new ByteCount();
  const reading = subscribers.slice(stuck);
  for (const client of reading) client.onBytes = (bytes) => arrivals.add(bytes.length);
  for (const client of subscribers.slice(0, stuck)) client.pause();
  const settle = (): Promise<void> => settleAll(dialect, publisher, reading);
  const batches = [batchOf(dialect.publish(address, 0.5), messagesPerBatch)];
  const flooded = await flood({ publisher, batches, arrivals, settle, inFlight, seconds, pid: target.pid });
  const rssMegabytes = useOf(target.pid).rssBytes / 1e6;
  close();
  const deliveries = flooded.batches * messagesPerBatch * readers * flooded.complete;
  return { ...deliveryFigures(flooded, deliveries), rssMegabytes };
}
