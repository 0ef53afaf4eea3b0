import type { DeviceState, DeviceStatus } from '../contract/device.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import { messageType } from '../core/protocol/messages.ts';
import type { RouterStats } from '../core/router/router-stats.ts';
import type { Router } from '../core/router/router.ts';
import type { HistogramFamily, MetricFamily, MetricLabels, PlainFamily } from '../ports/metrics.ts';
import type { DoorFigures } from './supervised-door.ts';
import { discoveryFamilies, type DiscoveryFigures } from './discovery-families.ts';
import { createClientFamilies } from './client-families.ts';
import type { RendezvousDoor } from './rendezvous-door.ts';
import { rendezvousFamilies } from './rendezvous-families.ts';
import { counter, gauge, inSeconds, labelled, plain } from './family-shapes.ts';

export interface MetricSources {
  readonly version: string;
  readonly router: Pick<Router, 'stats' | 'sessions'>;
  readonly meter: ReturnType<Router['measure']>;
  readonly bridges: () => readonly BridgeSettings[];
  readonly devices: () => readonly DeviceStatus[];
  /** commands and page requests refused so far */
  readonly refused: () => number;
  /** signals that the journal left out */
  readonly journalLost: () => number;
  /** the ways in */
  readonly doors: () => readonly DoorFigures[];
  readonly rendezvous: Pick<RendezvousDoor, 'figures' | 'registrations'>;
  readonly discovery: () => DiscoveryFigures;
}

/** All figures of Flyrail, as they stand when it is called. docs/metrics.md describes them. */
export function createMetricFamilies(sources: MetricSources): () => MetricFamily[] {
  const { version, router, meter, bridges, devices, refused, journalLost, doors, rendezvous, discovery } = sources;
  const clientFamilies = createClientFamilies({ router, meter });
  return () => [
    gauge('flyrail_build_info', 'Always 1; the label says which Flyrail it is.', [{ labels: { version }, value: 1 }]),
    ...routerFamilies(router.stats()),
    latencyFamily(meter),
    latenessFamily(router.stats()),
    ...clientFamilies(),
    ...doorFamilies(doors()),
    ...rendezvousFamilies(rendezvous.figures(), rendezvous.registrations()),
    ...discoveryFamilies(discovery()),
    ...bridgeFamilies(bridges(), devices()),
    counter('flyrail_interface_refused_total', 'Commands and requests of pages that were refused.', plain(refused())),
    counter(
      'flyrail_journal_lost_total',
      'Signals left out of the journal: the disk was too slow.',
      plain(journalLost()),
    ),
  ];
}

function routerFamilies(stats: RouterStats): MetricFamily[] {
  const { refusedTotal, thinnedTotal, repeatedTotal, expiredTotal, missedBundlesTotal, ignoredTotal } = stats;
  const frames = Object.entries(messageType).flatMap(([type, code]) => {
    const value = stats.frames[code] ?? 0;
    return value > 0 ? [{ labels: { type }, value }] : [];
  });
  return [
    counter(
      'flyrail_router_messages_total',
      'Signals accepted, from clients, mappings and bridges.',
      labelled('kind', stats.messages),
    ),
    counter(
      'flyrail_router_copies_total',
      'Copies of them for clients, before any was thinned or dropped.',
      labelled('kind', stats.copies),
    ),
    counter('flyrail_router_frames_received_total', 'Messages of clients that could be read.', frames),
    counter(
      'flyrail_router_dropped_total',
      'Copies that a receiver will never get.',
      labelled('reason', stats.dropped),
    ),
    counter('flyrail_router_refused_total', 'ERRORs, by their code.', labelled('code', refusedTotal)),
    counter('flyrail_router_thinned_total', 'Copies left out as a subscription asked.', plain(thinnedTotal)),
    counter('flyrail_router_repeated_total', 'Requests that came again and were not done again.', plain(repeatedTotal)),
    counter('flyrail_router_expired_params_total', 'Params whose time was over.', plain(expiredTotal)),
    counter(
      'flyrail_router_missed_bundles_total',
      'Bundles that could not be done in their time.',
      plain(missedBundlesTotal),
    ),
    counter(
      'flyrail_router_over_share_bundles_total',
      'Bundles for later refused to a client that had its share of the room.',
      plain(stats.overShareTotal),
    ),
    counter(
      'flyrail_router_left_out_ticks_total',
      'Ticks of timelines left out for what they may take of the processor.',
      plain(stats.timelineTicksLeftOutTotal),
    ),
    counter('flyrail_router_ignored_total', 'Messages that clients do not send.', plain(ignoredTotal)),
    gauge('flyrail_router_sessions', 'Clients connected.', plain(stats.sessions)),
    gauge('flyrail_router_params', 'Params kept.', plain(stats.params)),
    gauge(
      'flyrail_router_subscriptions',
      'Subscriptions of clients, mappings and bridges.',
      plain(stats.subscriptions),
    ),
    gauge('flyrail_router_held_bytes', 'Waiting for clients that read too slowly.', plain(stats.heldBytes)),
  ];
}

function latencyFamily(meter: MetricSources['meter']): HistogramFamily {
  const samples = [...meter.latencies()].map(([kind, reading]) => ({
    labels: { kind },
    histogram: inSeconds(reading),
  }));
  const help = 'From the arrival of a message until what came of it was handed to the sockets; of every 61st message.';
  return { name: 'flyrail_router_latency_seconds', help, kind: 'histogram', samples };
}

function latenessFamily({ bundlePunctuality: { buckets, sumMicros, total } }: RouterStats): HistogramFamily {
  // The last bucket has no end.
  const bounds = buckets.slice(0, -1).map(({ upTo }) => upTo / 1e6);
  const histogram = { bounds, counts: buckets.map(({ count }) => count), sum: sumMicros / 1e6, count: total };
  const help = 'How late bundles for later began, where the router executes them.';
  return {
    name: 'flyrail_router_bundle_lateness_seconds',
    help,
    kind: 'histogram',
    samples: [{ labels: {}, histogram }],
  };
}

function doorFamilies(doors: readonly DoorFigures[]): MetricFamily[] {
  const labelsOf = ({ kind, url }: DoorFigures): MetricLabels => ({ transport: kind, url });
  const of = (value: (door: DoorFigures) => number): PlainFamily['samples'] =>
    doors.map((door) => ({ labels: labelsOf(door), value: value(door) }));
  const refused = doors.flatMap((door) =>
    Object.entries(door.refused).map(([why, value]) => ({ labels: { ...labelsOf(door), why }, value })),
  );
  return [
    gauge(
      'flyrail_transport_connections',
      'Peers connected by a way in.',
      of(({ connections }) => connections),
    ),
    counter(
      'flyrail_transport_accepted_total',
      'Peers that came by a way in.',
      of(({ acceptedTotal }) => acceptedTotal),
    ),
    counter('flyrail_transport_refused_total', 'Peers and messages that never reached the router, by why.', refused),
  ];
}

const deviceStates: readonly DeviceState[] = ['off', 'connecting', 'connected', 'late', 'trouble', 'broken'];

function bridgeFamilies(bridges: readonly BridgeSettings[], devices: readonly DeviceStatus[]): MetricFamily[] {
  const kinds = new Map<string, string>(bridges.map(({ id, kind }) => [id, kind]));
  const labelsOf = ({ bridgeId }: DeviceStatus): MetricLabels => ({
    bridge: bridgeId,
    kind: kinds.get(bridgeId) ?? '',
  });
  const of = (value: (device: DeviceStatus) => number): PlainFamily['samples'] =>
    devices.map((device) => ({ labels: labelsOf(device), value: value(device) }));
  const states = devices.flatMap((device) =>
    deviceStates.map((state) => ({ labels: { ...labelsOf(device), state }, value: device.state === state ? 1 : 0 })),
  );
  const intervals = devices.flatMap((device) => {
    const { frames } = device;
    if (!frames) return [];
    const quantiles = { '0.5': frames.p50Ms, '0.99': frames.p99Ms, '1': frames.maxMs };
    return Object.entries(quantiles).map(([quantile, ms]) => ({
      labels: { ...labelsOf(device), quantile },
      value: ms / 1000,
    }));
  });
  return [
    gauge('flyrail_bridge_state', '1 for the state in which a bridge is.', states),
    counter(
      'flyrail_bridge_received_total',
      'Messages that came from a device.',
      of(({ inTotal }) => inTotal),
    ),
    counter(
      'flyrail_bridge_sent_total',
      'Messages sent to a device.',
      of(({ outTotal }) => outTotal),
    ),
    counter(
      'flyrail_bridge_refused_total',
      'Signals of which a bridge could send nothing.',
      of(({ refusedTotal }) => refusedTotal),
    ),
    gauge('flyrail_bridge_frame_interval_seconds', 'Time between frames of outputs with a constant rate.', intervals),
  ];
}
