import { micros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { FollowedHistograms, type FollowedReading } from '../metrics/followed-histograms.ts';
import { Histogram, type HistogramReading } from '../metrics/histogram.ts';
import { messageType, type Message } from '../protocol/messages.ts';
import type { Origin } from './delivery/delivery.ts';
import type { RemoteSubscription } from './sessions/session.ts';
import type { SessionTarget } from './subscriptions/subscription.ts';

/** Every so manieth message is looked at: a look costs as much as a small message does. A prime, so that what comes in
 *  rounds is not always met at the same place. */
export const lookedAtEvery = 61;

/** Bounds of a message's time in the router. */
const latencyBounds = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000];

/** `bundle`: as one. `other`: what is not passed on, such as GET and SUBSCRIBE. */
export type MeteredKind = 'param' | 'event' | 'stream' | 'gesture' | 'timeline' | 'bundle' | 'other';

/** Those whose latencies are kept apart. */
export interface Followed {
  /** by their ids */
  readonly sessions: Iterable<string>;
  readonly subscriptions: Iterable<RemoteSubscription>;
}

/** In microseconds, from arrival to leaving into the receiver's socket. */
export interface FollowedLatencies {
  readonly sessions: FollowedReading<string>;
  readonly subscriptions: FollowedReading<RemoteSubscription>;
}

/** Measures what would be too dear to measure always. */
export class RouterMeter {
  readonly #clock: Clock;
  readonly #ofSessions = new FollowedHistograms<string>(latencyBounds);
  readonly #ofSubscriptions = new FollowedHistograms<RemoteSubscription>(latencyBounds);
  readonly #latencies = new Map<MeteredKind, Histogram>();
  readonly #wanted = new WeakMap<RemoteSubscription, number>();
  #untilArrival = lookedAtEvery;
  #untilSpread = lookedAtEvery;
  #untilLocal = lookedAtEvery;
  /** when the message arrived that is handled now, if it is one of those looked at */
  #handledSince: Micros | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A message has come. @returns when, if it is one of those looked at */
  arrived(): Micros | undefined {
    if (--this.#untilArrival > 0) return undefined;
    this.#untilArrival = lookedAtEvery;
    return this.#clock.nowMicros();
  }

  /** What came of it has left. */
  left(message: Message, arrivedAt: Micros): void {
    const kind = kindOf(message);
    let histogram = this.#latencies.get(kind);
    if (!histogram) this.#latencies.set(kind, (histogram = new Histogram(latencyBounds)));
    histogram.observe(micros(this.#clock.nowMicros() - arrivedAt));
  }

  /** Handles a message that is looked at. */
  during(arrivedAt: Micros, handle: () => void): void {
    this.#handledSince = arrivedAt;
    try {
      handle();
    } finally {
      this.#handledSince = undefined;
    }
  }

  /** @returns since when a signal that is spread now has been here, if it is timed on its way to its receivers: those that
   *    come of a message looked at, and every 61st of the others that began in the process */
  since({ fromLocal, cause }: Origin, acceptedAt: Micros): Micros | undefined {
    if (this.#handledSince !== undefined) return this.#handledSince;
    if (!fromLocal || --this.#untilLocal > 0) return undefined;
    this.#untilLocal = lookedAtEvery;
    return cause?.arrivedAt ?? acceptedAt;
  }

  /** A signal that is timed was handed to this session's outbox. */
  sent(
    { session, subscriptions }: SessionTarget,
    { bit, since }: { readonly bit: number; readonly since: Micros },
  ): void {
    session.outbox.whenLeft(() => {
      const latency = this.#clock.nowMicros() - since;
      this.#ofSessions.observe(session.id, latency);
      for (const each of subscriptions) if ((each.mask & bit) !== 0) this.#ofSubscriptions.observe(each, latency);
    });
  }

  /** From now on these have histograms of their own, all others one together. @returns all of them as they stand */
  follow({ sessions, subscriptions }: Followed): FollowedLatencies {
    this.#ofSessions.follow(sessions);
    this.#ofSubscriptions.follow(subscriptions);
    return { sessions: this.#ofSessions.read(), subscriptions: this.#ofSubscriptions.read() };
  }

  /** A message goes to these; of those looked at it is noted for whom, for all that are not. */
  spread(targets: readonly SessionTarget[], bit: number): void {
    if (--this.#untilSpread > 0) return;
    this.#untilSpread = lookedAtEvery;
    for (const { subscriptions } of targets) {
      for (const subscription of subscriptions) {
        if ((subscription.mask & bit) !== 0)
          this.#wanted.set(subscription, this.messagesFor(subscription) + lookedAtEvery);
      }
    }
  }

  /** that a subscription covers and wants, estimated from those looked at */
  messagesFor(subscription: RemoteSubscription): number {
    return this.#wanted.get(subscription) ?? 0;
  }

  /** From arrival to leaving, in microseconds. */
  latencies(): ReadonlyMap<MeteredKind, HistogramReading> {
    return new Map([...this.#latencies].map(([kind, histogram]) => [kind, histogram.read()]));
  }
}

function kindOf(message: Message): MeteredKind {
  if (message.type === messageType.set) return 'param';
  if (message.type === messageType.publish) return message.kind;
  return message.type === messageType.bundle ? 'bundle' : 'other';
}
