import { batchOf, floodCast, openCast } from '../load/cast.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const address = '/bench/fan/level';
const messagesPerBatch = 500;
const inFlight = 4;

/** B. The server copies as fast as it can: what one delivery costs it. */
export const fanOut: Scenario = {
  name: 'fan-out',
  title: `One publisher, batches of ${messagesPerBatch} stream samples, every subscriber gets all of them.`,
  targets: ['flyrail', 'flyrail-state', 'nats', 'mosquitto', 'aedes'],
  cases: [1, 10, 50, 100, 500, 1000].map((subscribers) => ({ subscribers })),
  leavesOut: (target, { subscribers = 0 }) =>
    (target === 'aedes' && Number(subscribers) > 10) || (target === 'mosquitto' && Number(subscribers) > 100),
  quickCases: [{ subscribers: 1 }, { subscribers: 100 }, { subscribers: 1000 }],
  shows: ['deliveriesPerCpuSecond', 'deliveriesPerSecond'],
  seconds: 3,
  measure,
};

async function measure(bench: Bench, one: Case): Promise<Figures> {
  const subscribers = Number(one['subscribers']);
  const cast = await openCast(bench, { subscribers, patterns: () => [address] });
  const batches = [batchOf(cast.dialect.publish(address, 0.5), messagesPerBatch)];
  return floodCast(bench, cast, { batches, messagesPerBatch, inFlight, fanOut: subscribers });
}
