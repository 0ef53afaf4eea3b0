import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DeviceStatus } from '../../src-main/contract/device.ts';
import { busiestMax } from '../../src-main/engine/client-families.ts';
import { createMetricFamilies } from '../../src-main/engine/metric-families.ts';
import type { RouterStats } from '../../src-main/core/router/router-stats.ts';
import type { MetricFamily } from '../../src-main/ports/metrics.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { publish, RouterFixture, set, subscribe, type Peer } from '../core/router/router-fixture.ts';

const device: DeviceStatus = {
  bridgeId: 'desk',
  state: 'late',
  reason: 'quiet',
  url: 'x',
  seenAt: null,
  inPerSecond: 0,
  outPerSecond: 0,
  inTotal: 7,
  outTotal: 8,
  refusedTotal: 9,
  retryAt: null,
};

/** @param stats in the place of what the router counts */
function setup(stats: Partial<RouterStats> = {}): {
  readonly fixture: RouterFixture;
  read(): Map<string, MetricFamily>;
} {
  const fixture = new RouterFixture();
  const { router } = fixture;
  const families = createMetricFamilies({
    version: '1.2.3',
    router: { sessions: () => router.sessions(), stats: () => ({ ...router.stats(), ...stats }) },
    meter: router.measure(),
    bridges: () => [{ ...oscSettings(), id: 'desk' }],
    devices: () => [device],
    refused: () => 4,
    journalLost: () => 5,
    rendezvous: {
      figures: () => ({
        connections: 9,
        entries: 5,
        signed: 2,
        sources: 3,
        ended: { expired: 1, unregistered: 2, 'gave-way': 3 },
        calls: { register: 4, discover: 5, refresh: 6, unregister: 7 },
        refused: { 'rate-exceeded': 8 },
      }),
      registrations: () => [
        { url: 'http://a', state: 'registered', id: 'x', reason: undefined },
        { url: 'http://b', state: 'failing', id: undefined, reason: 'y' },
      ],
    },
    discovery: () => ({
      things: 2,
      heard: { mdns: 3, broadcast: 4, artpoll: 5, sacn: 6 },
      unread: { mdns: 7, broadcast: 8, artpoll: 9, sacn: 10 },
      questions: { answered: 11, left: 12, unread: 13 },
    }),
    doors: () => [
      { kind: 'tcp', url: 'tcp://x:1', connections: 2, acceptedTotal: 3, refused: { frame: 1 } },
      { kind: 'udp', url: 'udp://x:2', connections: 0, acceptedTotal: 0, refused: { stranger: 4, full: 0 } },
    ],
  });
  return { fixture, read: () => new Map(families().map((family) => [family.name, family])) };
}

function values(family: MetricFamily | undefined): unknown[] {
  if (!family || family.kind === 'histogram') return [];
  return family.samples.map(({ labels, value }) => [...Object.values(labels), value]);
}

describe('the figures', () => {
  it('[MT4] follow the names of Prometheus, and are all in docs/metrics.md', () => {
    const docs = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const families = [...setup().read().values()];
    for (const { name, kind } of families) {
      expect(name).toMatch(/^flyrail_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(kind === 'counter');
      if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(docs).toContain(`\`${name}\``);
    }
    const documented = [...docs.matchAll(/^\| `(flyrail_\w+)`/gm)].map(([, name]) => name);
    expect(documented.sort()).toEqual(families.map(({ name }) => name).sort());
  });

  it('[MT4] say what the router, the bridges and the journal count', async () => {
    const { fixture, read } = setup();
    const [sender, receiver] = [await fixture.join(), await fixture.join()];
    receiver.send(subscribe('/**'));
    await fixture.settle();
    sender.send(...Array.from({ length: 61 }, (_, n) => set('/p', n)), publish('event', 'bad'));
    await fixture.settle();
    const now = read();
    expect(values(now.get('flyrail_build_info'))).toEqual([['1.2.3', 1]]);
    expect(values(now.get('flyrail_router_messages_total'))).toContainEqual(['param', 61]);
    expect(values(now.get('flyrail_router_refused_total'))).toEqual([['200', 1]]);
    expect(values(now.get('flyrail_router_sessions'))).toEqual([[2]]);
    expect(values(now.get('flyrail_router_frames_received_total'))).toContainEqual(['set', 61]);
    expect(values(now.get('flyrail_bridge_received_total'))).toEqual([['desk', 'osc', 7]]);
    expect(values(now.get('flyrail_bridge_state'))).toContainEqual(['desk', 'osc', 'late', 1]);
    expect(values(now.get('flyrail_bridge_state'))).toContainEqual(['desk', 'osc', 'broken', 0]);
    expect(values(now.get('flyrail_interface_refused_total'))).toEqual([[4]]);
    expect(values(now.get('flyrail_journal_lost_total'))).toEqual([[5]]);
    expect(values(now.get('flyrail_subscription_messages_total'))).toEqual([[receiver.session, '1', '/**', 61]]);
    expect(now.get('flyrail_router_latency_seconds')?.samples).toHaveLength(1);
  });

  it('[MT34] tell of each way in who is there, who came, and what never reached the router', () => {
    const figures = setup().read();
    expect(values(figures.get('flyrail_transport_connections'))).toEqual([
      ['tcp', 'tcp://x:1', 2],
      ['udp', 'udp://x:2', 0],
    ]);
    expect(values(figures.get('flyrail_transport_accepted_total'))).toEqual([
      ['tcp', 'tcp://x:1', 3],
      ['udp', 'udp://x:2', 0],
    ]);
    expect(values(figures.get('flyrail_transport_refused_total'))).toEqual([
      ['tcp', 'tcp://x:1', 'frame', 1],
      ['udp', 'udp://x:2', 'stranger', 4],
      ['udp', 'udp://x:2', 'full', 0],
    ]);
  });

  it('[MT40] [MT41] tell of the rendezvous server what it has, answered, refused and ended, and where the router is known', () => {
    const figures = setup().read();
    const of = (name: string): unknown[] => values(figures.get(`flyrail_rendezvous_${name}`));
    expect(of('entries')).toEqual([
      ['true', 2],
      ['false', 3],
    ]);
    expect([of('sources'), of('connections')]).toEqual([[[3]], [[9]]]);
    expect(of('calls_total')).toContainEqual(['refresh', 6]);
    expect(of('refused_total')).toEqual([['rate-exceeded', 8]]);
    expect(of('ended_total')).toContainEqual(['gave-way', 3]);
    expect(of('registered')).toEqual([
      ['http://a', 1],
      ['http://b', 0],
    ]);
  });

  it('[DC61] tell of the networks what is known, heard, unread and asked', () => {
    const figures = setup().read();
    const of = (name: string): unknown[] => values(figures.get(`flyrail_discovery_${name}`));
    expect(of('things')).toEqual([[2]]);
    expect(of('heard_total')).toContainEqual(['artpoll', 5]);
    expect(of('unread_total')).toContainEqual(['sacn', 10]);
    expect(of('questions_total')).toContainEqual(['left', 12]);
  });

  it('[MT4] count bundles refused to who had its share, and ticks left out of timelines', () => {
    const now = setup({ overShareTotal: 6, timelineTicksLeftOutTotal: 7 }).read();
    expect(values(now.get('flyrail_router_over_share_bundles_total'))).toEqual([[6]]);
    expect(values(now.get('flyrail_router_left_out_ticks_total'))).toEqual([[7]]);
  });

  it('[MT5] give series of their own to the busiest 20 sessions and subscriptions since the last look, and only while they are here', async () => {
    const { fixture, read } = setup();
    const peers: Peer[] = [];
    for (let n = 0; n < 50; n++) peers.push(await fixture.join());
    for (const [n, peer] of peers.entries()) peer.send(subscribe(`/${n}`), subscribe(`/${n}/**`, 2));
    await fixture.settle();
    const sessionsIn = (): unknown[] =>
      values(read().get('flyrail_session_frames_received_total')).map((sample) => (sample as unknown[])[0]);
    expect(sessionsIn()).toHaveLength(busiestMax);
    expect(values(read().get('flyrail_subscription_messages_total'))).toHaveLength(busiestMax);
    const busy = peers.slice(10, 20);
    for (const peer of busy) peer.send(...Array.from({ length: 9 }, (_, n) => set('/p', n)));
    await fixture.settle();
    expect(new Set(sessionsIn().slice(0, 10))).toEqual(new Set(busy.map(({ session }) => session)));
    for (const peer of busy) peer.connection.close();
    await fixture.settle();
    expect(sessionsIn()).not.toContain(busy[0]!.session);
  });

  it('[MT33] give latencies of the busiest, which end with them, and of all others together', async () => {
    const { fixture, read } = setup();
    const [sender, first, ...rest] = await Promise.all(Array.from({ length: 25 }, () => fixture.join()));
    for (const peer of [first!, ...rest]) peer.send(subscribe('/**'));
    const round = async (): Promise<void> => {
      sender!.send(...Array.from({ length: 61 }, (_, n) => set('/p', n)));
      await fixture.settle();
    };
    const countsIn = (name: string): [string, string, number][] => {
      const family = read().get(`flyrail_${name}_latency_seconds`);
      if (family?.kind !== 'histogram') return [];
      return family.samples.map(({ labels, histogram }) => [
        labels['session']!,
        labels['pattern'] ?? labels['name']!,
        histogram.count,
      ]);
    };
    await round();
    expect(countsIn('session').filter(([, , count]) => count > 0)).toEqual([['others', '', 24]]);
    await round();
    const own = countsIn('session').filter(([session]) => session !== 'others');
    expect(own).toHaveLength(busiestMax);
    expect(own.filter(([, name, count]) => name === 'tester' && count === 1)).toHaveLength(busiestMax - 1);
    expect(countsIn('subscription').filter(([, pattern]) => pattern === '/**')).toHaveLength(busiestMax);
    expect(countsIn('subscription')).toContainEqual(['others', '', expect.any(Number)]);
    first!.connection.close();
    await fixture.settle();
    expect(countsIn('session').map(([session]) => session)).not.toContain(first!.session);
  });
});
