import { openCast } from '../load/cast.ts';
import { pacedFigures, paceDeliveries } from '../load/paced-deliveries.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const address = '/bench/fan/level';
const perSecond = 1000;
const count = 100;

/** Messages come one at a time, so nothing can be batched: what one write to one peer costs. */
export const pacedFanOut: Scenario = {
  name: 'paced-fan-out',
  title: `One publisher at ${perSecond} samples a second, ${count} subscribers.`,
  targets: ['flyrail', 'flyrail-state', 'nats', 'mosquitto'],
  cases: [{}],
  quickCases: [{}],
  shows: ['cpuMicrosPerDelivery', 'p50Micros', 'p99Micros', 'complete'],
  seconds: 4,
  measure,
};

async function measure(bench: Bench, _one: Case): Promise<Figures> {
  const { seconds, target } = bench;
  const options = { subscribers: count, patterns: () => [address] };
  const { publisher, subscribers, dialect, close } = await openCast(bench, options);
  const messages = [dialect.publish(address, 0.5)];
  const reading = await paceDeliveries({ messages, publisher, subscribers, perSecond, seconds, pid: target.pid });
  close();
  return pacedFigures(reading);
}
