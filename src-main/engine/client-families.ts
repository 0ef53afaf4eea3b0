import type { FollowedReading } from '../core/metrics/followed-histograms.ts';
import type { FollowedLatencies } from '../core/router/router-meter.ts';
import type { Router } from '../core/router/router.ts';
import type { RemoteSubscription, SessionFigures } from '../core/router/sessions/session.ts';
import type { HistogramFamily, MetricFamily, MetricLabels, PlainFamily } from '../ports/metrics.ts';
import { createBusiest } from './busiest.ts';
import { counter, gauge, inSeconds } from './family-shapes.ts';

/** Sessions, and subscriptions, with figures of their own: the busiest since the last look. */
export const busiestMax = 20;

/** The label of all that have none of their own. No session has it as its id. */
const others = 'others';

export interface ClientSources {
  readonly router: Pick<Router, 'sessions'>;
  readonly meter: Pick<ReturnType<Router['measure']>, 'messagesFor' | 'follow'>;
}

/** The figures of clients and their subscriptions, as they stand when it is called. */
export function createClientFamilies({ router, meter }: ClientSources): () => MetricFamily[] {
  const busiestSessions = createBusiest<SessionFigures>({
    max: busiestMax,
    keyOf: ({ id }) => id,
    totalOf: ({ framesReceived, framesSent }) => framesReceived + framesSent,
  });
  const busiestSubscriptions = createBusiest<RemoteSubscription>({
    max: busiestMax,
    keyOf: (each) => each,
    totalOf: (each) => meter.messagesFor(each),
  });
  return () => {
    const all = [...router.sessions()];
    const sessions = busiestSessions(all);
    const subscriptions = busiestSubscriptions(all.flatMap((session) => [...session.subscriptions]));
    const latencies = meter.follow({ sessions: sessions.map(({ id }) => id), subscriptions });
    return [
      ...sessionFamilies(sessions),
      sessionLatencyFamily(sessions, latencies.sessions),
      counter(
        'flyrail_subscription_messages_total',
        'Messages that a subscription covers and wants, estimated from every 61st; of the 20 busiest since the last look.',
        subscriptions.map((each) => ({ labels: labelsOf(each), value: meter.messagesFor(each) })),
      ),
      subscriptionLatencyFamily(latencies.subscriptions),
    ];
  };
}

function sessionFamilies(sessions: readonly SessionFigures[]): PlainFamily[] {
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

const ofEvery = 'of every 61st message; of the 20 busiest since the last look, and of all others together.';

function sessionLatencyFamily(
  sessions: readonly SessionFigures[],
  { own, others: ofOthers }: FollowedLatencies['sessions'],
): HistogramFamily {
  const names = new Map(sessions.map(({ id, name }) => [id, name]));
  const samples = [...own].map(([id, reading]) => ({
    labels: { session: id, name: names.get(id) ?? '' },
    histogram: inSeconds(reading),
  }));
  return {
    name: 'flyrail_session_latency_seconds',
    help: `From the arrival of a message until it was in the socket of a client that gets it, ${ofEvery}`,
    kind: 'histogram',
    samples: [...samples, ...othersOf(ofOthers, { session: others, name: '' })],
  };
}

function subscriptionLatencyFamily({ own, others: ofOthers }: FollowedReading<RemoteSubscription>): HistogramFamily {
  const samples = [...own].map(([each, reading]) => ({ labels: labelsOf(each), histogram: inSeconds(reading) }));
  return {
    name: 'flyrail_subscription_latency_seconds',
    help: `The same for each subscription that covers and wants it, ${ofEvery}`,
    kind: 'histogram',
    samples: [...samples, ...othersOf(ofOthers, { session: others, subscription: others, pattern: '' })],
  };
}

function labelsOf({ session, id, pattern }: RemoteSubscription): MetricLabels {
  return { session: session.id, subscription: String(id), pattern };
}

function othersOf(reading: FollowedReading<unknown>['others'], labels: MetricLabels): HistogramFamily['samples'] {
  return reading.count > 0 ? [{ labels, histogram: inSeconds(reading) }] : [];
}
