import type { SignalKind } from '../../contract/signal.ts';
import type { PunctualityStats } from '../clock/punctuality.ts';
import type { DropReason, RouterCounters } from './counters.ts';
import type { Exchange } from './exchange.ts';
import type { ScheduledBundles } from './requests/scheduled-bundles.ts';
import type { TimelineStage } from './state/timeline-stage.ts';

/** What the router has and has counted since it began. */
export interface RouterStats {
  /** signals accepted, from sessions and participants in the process */
  readonly messagesTotal: number;
  /** the same by kind */
  readonly messages: Readonly<Record<SignalKind, number>>;
  /** copies of them for sessions, before any was thinned or dropped */
  readonly copies: Readonly<Record<SignalKind, number>>;
  /** messages of sessions that could be read, by the code of their type */
  readonly frames: readonly number[];
  /** copies left out on the way to one receiver, and by why */
  readonly droppedTotal: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** waiting for sessions that read too slowly */
  readonly heldBytes: number;
  /** copies left out because the receiver asked for fewer */
  readonly thinnedTotal: number;
  /** params whose time was over */
  readonly expiredTotal: number;
  /** bundles that could not be done when their time came */
  readonly missedBundlesTotal: number;
  /** requests refused while there was room, since their client had most of it already */
  readonly overShareTotal: number;
  /** how late those were that ran */
  readonly bundlePunctuality: PunctualityStats;
  /** BUNDLEs that wait for their time */
  readonly scheduled: number;
  /** requests that came again and were not done again */
  readonly repeatedTotal: number;
  readonly refusedTotal: Readonly<Record<number, number>>;
  /** messages that clients do not send */
  readonly ignoredTotal: number;
  readonly sessions: number;
  readonly params: number;
  readonly timelines: number;
  /** left out since their client asked for more than its part of the processor */
  readonly timelineTicksLeftOutTotal: number;
  readonly subscriptions: number;
}

/** Where the figures come from. */
export interface Counted {
  readonly counters: RouterCounters;
  readonly exchange: Exchange;
  readonly timelines: TimelineStage;
  readonly scheduled: ScheduledBundles;
  readonly sessions: number;
  readonly heldBytes: number;
}

export function statsOf({ counters, exchange, timelines, scheduled, sessions, heldBytes }: Counted): RouterStats {
  return {
    messagesTotal: counters.messagesTotal,
    messages: byKind(counters.messages),
    copies: byKind(counters.copies),
    frames: [...counters.frames],
    droppedTotal: counters.droppedTotal,
    dropped: { ...counters.dropped },
    heldBytes,
    thinnedTotal: counters.thinnedTotal,
    repeatedTotal: counters.repeatedTotal,
    expiredTotal: counters.expiredTotal,
    missedBundlesTotal: counters.missedBundlesTotal,
    overShareTotal: scheduled.overShareTotal,
    bundlePunctuality: scheduled.punctuality(),
    scheduled: scheduled.size,
    refusedTotal: counters.refusedTotal,
    ignoredTotal: counters.ignoredTotal,
    sessions,
    params: exchange.table.size,
    timelines: timelines.size,
    timelineTicksLeftOutTotal: timelines.leftOutTotal,
    subscriptions: exchange.subscriptionCount,
  };
}

function byKind([param = 0, event = 0, stream = 0, gesture = 0, timeline = 0]: Float64Array): Record<
  SignalKind,
  number
> {
  return { param, event, stream, gesture, timeline };
}
