import { batchesOf, floodCast, openCast } from '../load/cast.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const messagesPerBatch = 100;
const inFlight = 4;

/** C. Whether writes cost more the more addresses there are. */
export const addressTable: Scenario = {
  name: 'address-table',
  title: `Acknowledged SETs round and round all addresses, one subscriber to \`/**\` (nats: PUB without state).`,
  targets: ['flyrail', 'flyrail-state', 'nats', 'mosquitto'],
  cases: [100, 1000, 10_000].map((addresses) => ({ addresses })),
  quickCases: [{ addresses: 10_000 }],
  shows: ['deliveriesPerCpuSecond', 'deliveriesPerSecond'],
  seconds: 3,
  measure,
};

async function measure(bench: Bench, one: Case): Promise<Figures> {
  const cast = await openCast(bench, { subscribers: 1, patterns: () => ['/bench/**'], countsPublisher: true });
  const messages = Array.from({ length: Number(one['addresses']) }, (_, i) =>
    cast.dialect.set(`/bench/desk/fader/${10_000 + i}`, i, 1 + (i % 60_000)),
  );
  const batches = batchesOf(messages, messagesPerBatch);
  return floodCast(bench, cast, { batches, messagesPerBatch, inFlight, fanOut: 1 });
}
