import { batchesOf, floodCast, openCast } from '../load/cast.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const groups = 100;
const addressesPerGroup = 100;
const subscribers = 100;
const patternsPerSubscriber = 10;
const messagesPerBatch = 500;
const inFlight = 2;

/** Every group is wanted by ten subscribers, none of which gets a message twice: the peers would send it twice. */
export const wildcardSubscriptions: Scenario = {
  name: 'wildcard-subscriptions',
  title: `Stream samples over ${groups * addressesPerGroup} addresses, ${subscribers * patternsPerSubscriber} wildcard subscriptions of ${subscribers} subscribers, ten copies of each.`,
  targets: ['flyrail', 'nats', 'mosquitto'],
  cases: [{}],
  quickCases: [{}],
  shows: ['deliveriesPerCpuSecond', 'deliveriesPerSecond'],
  seconds: 3,
  measure,
};

async function measure(bench: Bench, _one: Case): Promise<Figures> {
  const cast = await openCast(bench, { subscribers, patterns: patternsOf });
  const messages = Array.from({ length: groups * addressesPerGroup }, (_, i) =>
    cast.dialect.publish(`/bench/rig/${100 + (i % groups)}/lamp/${1000 + i}`, i),
  );
  const batches = batchesOf(messages, messagesPerBatch);
  return floodCast(bench, cast, { batches, messagesPerBatch, inFlight, fanOut: patternsPerSubscriber });
}

function patternsOf(subscriber: number): readonly string[] {
  return Array.from(
    { length: patternsPerSubscriber },
    (_, i) => `/bench/rig/${100 + ((subscriber * patternsPerSubscriber + i) % groups)}/lamp/*`,
  );
}
