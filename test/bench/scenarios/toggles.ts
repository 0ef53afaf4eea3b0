import { batchOf, batchesOf, floodCast, openCast } from '../load/cast.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const address = '/bench/toggle/level';
const messagesPerBatch = 500;

/** What each thing that can be switched on costs, beside a router that has nothing switched on. */
export const toggles: Scenario = {
  name: 'toggles',
  title: `One publisher, batches of ${messagesPerBatch}, with tokens and scopes (and the journal \`state\`), with rate limits that nothing reaches, and over TLS.`,
  targets: ['flyrail', 'flyrail-state', 'flyrail-access', 'flyrail-rates', 'flyrail-tls'],
  cases: [{ load: 'stream to 1' }, { load: 'stream to 100' }, { load: 'SET with ACK' }],
  quickCases: [{ load: 'SET with ACK' }],
  shows: ['deliveriesPerCpuSecond', 'deliveriesPerSecond'],
  seconds: 3,
  measure,
};

async function measure(bench: Bench, { load }: Case): Promise<Figures> {
  if (load === 'SET with ACK') return sets(bench);
  const subscribers = load === 'stream to 100' ? 100 : 1;
  const cast = await openCast(bench, { subscribers, patterns: () => [address] });
  const batches = [batchOf(cast.dialect.publish(address, 0.5), messagesPerBatch)];
  return floodCast(bench, cast, { batches, messagesPerBatch, inFlight: 4, fanOut: subscribers });
}

async function sets(bench: Bench): Promise<Figures> {
  const inFlight = 2;
  const cast = await openCast(bench, { subscribers: 1, patterns: () => [address], countsPublisher: true });
  const messages = Array.from({ length: messagesPerBatch * inFlight }, (_, i) => cast.dialect.set(address, i, i + 1));
  const batches = batchesOf(messages, messagesPerBatch);
  return floodCast(bench, cast, { batches, messagesPerBatch, inFlight, fanOut: 1 });
}
