import { batchesOf, floodCast, openCast } from '../load/cast.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const messagesPerBatch = 100;
const inFlight = 4;
const addresses = 100;
const subscribers = 10;

const patterns: Readonly<Record<string, readonly string[]>> = {
  exact: Array.from({ length: addresses }, (_, i) => addressOf(i)),
  '*': ['/bench/desk/*/level'],
  '**': ['/bench/**'],
};

/** D. What the form of a subscription costs. */
export const patternForms: Scenario = {
  name: 'patterns',
  title: `Stream samples over ${addresses} addresses to ${subscribers} subscribers, who name every address, or all by one pattern.`,
  targets: ['flyrail', 'nats', 'mosquitto'],
  cases: Object.keys(patterns).map((form) => ({ form })),
  quickCases: Object.keys(patterns).map((form) => ({ form })),
  shows: ['deliveriesPerCpuSecond', 'deliveriesPerSecond'],
  seconds: 3,
  measure,
};

async function measure(bench: Bench, one: Case): Promise<Figures> {
  const wanted = patterns[String(one['form'])] ?? [];
  const cast = await openCast(bench, { subscribers, patterns: () => wanted });
  const messages = Array.from({ length: addresses }, (_, i) => cast.dialect.publish(addressOf(i), i));
  const batches = batchesOf(messages, messagesPerBatch);
  return floodCast(bench, cast, { batches, messagesPerBatch, inFlight, fanOut: subscribers });
}

function addressOf(index: number): string {
  return `/bench/desk/${100 + index}/level`;
}
