import { openCast } from '../load/cast.ts';
import { pacedFigures, paceDeliveries } from '../load/paced-deliveries.ts';
import { RawClient } from '../load/raw-client.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const address = '/bench/hop/level';
/** as large as Flyrail's frame */
const echoed = new Uint8Array(36);

/** A. How long a message is on its way, sent at an even pace whatever comes back. */
export const singleHop: Scenario = {
  name: 'single-hop',
  title: 'One publisher at an even pace, one subscriber; time from when a sample was due until it is there.',
  targets: ['echo', 'node-echo', 'flyrail', 'flyrail-state', 'nats', 'mosquitto', 'aedes'],
  cases: [{ 'messages/s': 1000 }, { 'messages/s': 10_000 }],
  quickCases: [{ 'messages/s': 10_000 }],
  shows: ['p50Micros', 'p99Micros', 'p999Micros', 'cpuMicrosPerDelivery'],
  seconds: 4,
  measure,
};

async function measure(bench: Bench, one: Case): Promise<Figures> {
  const perSecond = Number(one['messages/s']);
  const { seconds } = bench;
  const { port, pid, name } = bench.target;
  if (name === 'echo' || name === 'node-echo') {
    const client = await RawClient.connect(port);
    const options = { messages: [echoed], publisher: client, subscribers: [client], perSecond, seconds, pid };
    const reading = await paceDeliveries(options);
    client.close();
    return pacedFigures(reading);
  }
  const { publisher, subscribers, dialect, close } = await openCast(bench, {
    subscribers: 1,
    patterns: () => [address],
  });
  const messages = [dialect.publish(address, 0.5)];
  const reading = await paceDeliveries({ messages, publisher, subscribers, perSecond, seconds, pid });
  close();
  return pacedFigures(reading);
}
