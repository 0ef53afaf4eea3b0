import { subscribeFrame } from '../dialects/clasp-dialect.ts';
import { openCast } from '../load/cast.ts';
import { pacedFigures, paceDeliveries } from '../load/paced-deliveries.ts';
import { openClients, RawClient } from '../load/raw-client.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const zones = 100;
const zonesPerPeer = 5;
const plainPeers = 89;
const thinnedPeers = 10;
const perSecond = 5000;
const maxRate = 10;

/** A show as it is: everyone wants something else, some want less of it, and one does not read. */
export const mixedPeers: Scenario = {
  name: 'mixed-peers',
  title: `100 peers with 100 different sets of subscriptions, ${thinnedPeers} of them with maxRate ${maxRate}, one that does not read; ${perSecond} samples a second over ${zones} addresses. Times are of the other ${plainPeers}.`,
  targets: ['flyrail', 'flyrail-state', 'flyrail-full'],
  cases: [{}],
  quickCases: [{}],
  shows: ['cpuMicrosPerDelivery', 'p50Micros', 'p99Micros', 'thinnedToHertz'],
  seconds: 4,
  measure,
};

async function measure(bench: Bench, _one: Case): Promise<Figures> {
  const { seconds, target } = bench;
  const { publisher, subscribers, dialect, close } = await openCast(bench, {
    subscribers: plainPeers + 1,
    patterns: (peer) => zonesOf(peer).map((zone) => `/bench/zone/${zone}/*`),
  });
  subscribers.at(-1)?.pause();
  const thinned = await openClients(thinnedPeers, async (index) => {
    const client = await RawClient.open(target.port, dialect);
    for (const [i, zone] of zonesOf(plainPeers + 1 + index).entries())
      client.write(subscribeFrame(`/bench/zone/${zone}/*`, i, { maxRate }));
    await client.ask(dialect.ping);
    return client;
  });
  const messages = Array.from({ length: zones }, (_, zone) => dialect.publish(`/bench/zone/${100 + zone}/level`, 0.5));
  const before = thinned.reduce((sum, { received }) => sum + received.bytes, 0);
  const reading = await paceDeliveries({
    messages,
    publisher,
    subscribers: subscribers.slice(0, -1),
    gets: (peer, nth) => Math.floor(nth / zonesPerPeer) * zones + (indicesOf(peer)[nth % zonesPerPeer] ?? 0),
    part: zonesPerPeer / zones,
    perSecond,
    seconds,
    pid: target.pid,
  });
  const thinnedBytes = thinned.reduce((sum, { received }) => sum + received.bytes, 0) - before;
  const addresses = thinnedPeers * zonesPerPeer;
  close();
  for (const client of thinned) client.close();
  return {
    ...pacedFigures(reading),
    thinnedToHertz: thinnedBytes / reading.bytesPerMessage / addresses / (seconds * 1.5),
  };
}

/** as numbers of three digits */
function zonesOf(peer: number): readonly number[] {
  return indicesOf(peer).map((index) => 100 + index);
}

/** in the order in which a round of messages touches them */
function indicesOf(peer: number): readonly number[] {
  return Array.from({ length: zonesPerPeer }, (_, i) => (peer + i) % zones).sort((a, b) => a - b);
}
