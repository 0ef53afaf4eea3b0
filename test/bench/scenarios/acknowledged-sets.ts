import { batchesOf, floodCast, openCast } from '../load/cast.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const address = '/bench/desk/level';
const messagesPerBatch = 500;
const inFlight = 2;

/** What a write costs that is stored, numbered, acknowledged and passed on. */
export const acknowledgedSets: Scenario = {
  name: 'acknowledged-sets',
  title: `One publisher, batches of ${messagesPerBatch} SETs, each stored and acknowledged, one subscriber (peers: QoS 1 to the server, QoS 0 to the subscriber).`,
  targets: ['flyrail', 'flyrail-state', 'flyrail-full', 'mosquitto', 'aedes'],
  cases: [{ subscribers: 1 }],
  quickCases: [{ subscribers: 1 }],
  shows: ['deliveriesPerCpuSecond', 'deliveriesPerSecond'],
  seconds: 3,
  measure,
};

async function measure(bench: Bench, _one: Case): Promise<Figures> {
  const cast = await openCast(bench, { subscribers: 1, patterns: () => [address], countsPublisher: true });
  const messages = Array.from({ length: messagesPerBatch * inFlight }, (_, i) => cast.dialect.set(address, i, i + 1));
  const batches = batchesOf(messages, messagesPerBatch);
  return floodCast(bench, cast, { batches, messagesPerBatch, inFlight, fanOut: 1 });
}
