import type { DeviceState, DeviceStatus } from '../contract/device.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import { messageType } from '../core/protocol/messages.ts';
import type { RouterStats } from '../core/router/router-stats.ts';
import type { Router } from '../core/router/router.ts';
import type { RemoteSubscription, SessionFigures } from '../core/router/sessions/session.ts';
import type { HistogramFamily, MetricFamily, MetricLabels, PlainFamily } from '../ports/metrics.ts';

/** Sessions, and subscriptions, with figures of their own: the busiest since the last look. */
export const busiestMax = 20;

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
}

/** All figures of Flyrail, as they stand when it is called. docs/metrics.md describes them. */
export function createMetricFamilies(sources: MetricSources): () => MetricFamily[] {
  const { version, router, meter, bridges, devices, refused, journalLost } = sources;
  const busiestSessions = createBusiest<SessionFigures>(({ id }) => id, trafficOf);
  const busiestSubscriptions = createBusiest<RemoteSubscription>(
    (each) => each,
    (each) => meter.messagesFor(each),
  );
  return () => [
    gauge('flyrail_build_info', 'Always 1; the label says which Flyrail it is.', [{ labels: { version }, value: 1 }]),
    ...routerFamilies(router.stats()),
    latencyFamily(meter),
    latenessFamily(router.stats()),
    ...sessionFamilies(busiestSessions(router.sessions())),
    subscriptionFamily(),
    ...bridgeFamilies(bridges(), devices()),
    counter('flyrail_interface_refused_total', 'Commands and requests of pages that were refused.', plain(refused())),
    counter(
      'flyrail_journal_lost_total',
      'Signals left out of the journal: the disk was too slow.',
      plain(journalLost()),
    ),
  ];

  function subscriptionFamily(): PlainFamily {
    const all = [...router.sessions()].flatMap(({ subscriptions }) => [...subscriptions]);
    const busiest = busiestSubscriptions(all);
    return counter(
      'flyrail_subscription_messages_total',
      'Messages that a subscription covers and wants, estimated from every 61st; of the 20 busiest since the last look.',
      busiest.map((each) => ({
        labels: { session: each.session.id, subscription: String(each.id), pattern: each.pattern },
        value: meter.messagesFor(each),
      })),
    );
  }
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
  const samples = [...meter.latencies()].map(([kind, { bounds, counts, sum, count }]) => ({
    labels: { kind },
    histogram: { bounds: bounds.map((bound) => bound / 1e6), counts, sum: sum / 1e6, count },
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

function trafficOf({ framesReceived, framesSent }: SessionFigures): number {
  return framesReceived + framesSent;
}

function sessionFamilies(sessions: readonly SessionFigures[]): MetricFamily[] {
  const of = (value: (session: SessionFigures) => number): PlainFamily['samples'] =>
    sessions.map((session) => ({ labels: { session: session.id, name: session.name }, value: value(session) }));
  const which = 'of the 20 busiest clients since the last look';
  return [
    counter(
      'flyrail_session_frames_received_total',
      `Messages from a client, ${which}.`,
      of(({ framesReceived }) => framesReceived),
    ),
    counter(
      'flyrail_session_frames_sent_total',
      `Messages for a client, ${which}.`,
      of(({ framesSent }) => framesSent),
    ),
    gauge(
      'flyrail_session_held_bytes',
      `Waiting for a client that reads too slowly, ${which}.`,
      of(({ heldBytes }) => heldBytes),
    ),
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
  ];
}

/** @returns picks those whose total has grown most since they were picked from last */
function createBusiest<T>(keyOf: (each: T) => unknown, totalOf: (each: T) => number): (all: Iterable<T>) => T[] {
  let before = new Map<unknown, number>();
  return (all) => {
    const now = new Map<unknown, number>();
    const ranked: { readonly each: T; readonly grown: number }[] = [];
    for (const each of all) {
      const [key, total] = [keyOf(each), totalOf(each)];
      now.set(key, total);
      ranked.push({ each, grown: total - (before.get(key) ?? 0) });
    }
    before = now;
    return ranked
      .sort((left, right) => right.grown - left.grown)
      .slice(0, busiestMax)
      .map(({ each }) => each);
  };
}

function counter(name: string, help: string, samples: PlainFamily['samples']): PlainFamily {
  return { name, help, kind: 'counter', samples };
}

function gauge(name: string, help: string, samples: PlainFamily['samples']): PlainFamily {
  return { name, help, kind: 'gauge', samples };
}

function plain(value: number): PlainFamily['samples'] {
  return [{ labels: {}, value }];
}

function labelled(label: string, values: Readonly<Record<string, number>>): PlainFamily['samples'] {
  return Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
}
