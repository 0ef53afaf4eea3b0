import type { Pattern } from '../../../contract/address.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import type { Signal } from '../../../contract/signal.ts';
import type { Micros } from '../../../contract/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Access } from '../../access/access.ts';
import { WireValue } from '../../protocol/wire-value.ts';
import type { RouterCounters } from '../counters.ts';
import { deadlineOf, lateVerdict, type LatePolicy } from '../../clock/late-policy.ts';
import type { Cause, Delivery, LocalSession, Origin, Timed } from '../delivery/delivery.ts';
import type { Exchange } from '../exchange.ts';
import { HeldLocks } from './held-locks.ts';
import type { ScheduledBundles } from '../requests/scheduled-bundles.ts';
import type { LocalQueue } from '../delivery/local-queue.ts';
import { LocalBundle, waitingBytesOf } from './local-bundle.ts';
import { isRefusal } from '../state/param-write.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import { checkPublish } from '../requests/signal-request.ts';
import { isForSession, signalMisplaced } from '../requests/signal-to-session.ts';
import { publishOf } from '../state/signal-message.ts';
import type { LocalSubscription } from '../subscriptions/subscription.ts';
import type { TimelineStage } from '../state/timeline-stage.ts';

export interface LocalParticipantOptions {
  readonly name: string;
  /** whether its subscriptions get what it published itself */
  readonly echo: boolean;
  /** what it may do; undefined: everything */
  readonly access: Access | undefined;
  readonly clock: Clock;
  readonly counters: RouterCounters;
  readonly exchange: Exchange;
  readonly timelines: TimelineStage;
  readonly queue: LocalQueue;
  readonly scheduled: ScheduledBundles;
  readonly latePolicy: LatePolicy;
}

/** A participant in the process. */
export class LocalParticipant implements LocalSession {
  readonly #options: LocalParticipantOptions;
  readonly #subscriptions = new Map<LocalSubscription, Pattern>();
  readonly #locks: HeldLocks;

  constructor(options: LocalParticipantOptions) {
    this.#options = options;
    this.#locks = new HeldLocks(options.name);
  }

  publish(signals: readonly Signal[], cause?: Cause): Refusal | undefined {
    const origin: Origin = { name: this.#options.name, owner: this, fromLocal: true, cause };
    let first: Refusal | undefined;
    for (const signal of signals) {
      const refusal = this.#accept(signal, origin);
      if (!refusal) continue;
      first ??= refusal;
      this.#options.counters.refuse(refusal.code);
    }
    this.#options.queue.drain();
    return first;
  }

  schedule(signals: readonly Signal[], at: Micros): Timed {
    const { clock, latePolicy, counters, scheduled } = this.#options;
    const now = clock.nowMicros();
    if (at <= now) {
      if (lateVerdict(at, now, latePolicy) === 'drop') {
        counters.missedBundlesTotal++;
        return 'late';
      }
      this.publish(signals);
      return 'done';
    }
    try {
      const deadline = deadlineOf(BigInt(at), now, latePolicy);
      const bundle = new LocalBundle(() => {
        // What it passes on is stamped with the last look.
        clock.nowMicros();
        this.publish(signals);
      }, counters);
      scheduled.add({ owner: this, id: undefined, deadline, sizeBytes: waitingBytesOf(signals), bundle });
      return 'waits';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return 'full';
    }
  }

  subscribe(pattern: Pattern, run: (deliveries: readonly Delivery[]) => void): Cancel {
    const { name, echo, exchange, access } = this.#options;
    const isWhole = !access || access.mayAll('read', pattern);
    const readable = isWhole ? run : readableOnly(access, run);
    const subscription: LocalSubscription = { name, run: readable, pending: [], isClosed: false, owner: this, echo };
    this.#subscriptions.set(subscription, pattern);
    exchange.subscribe(pattern, subscription);
    return () => this.#end(subscription);
  }

  close(): void {
    this.#options.scheduled.forget(this);
    for (const subscription of [...this.#subscriptions.keys()]) this.#end(subscription);
    this.#locks.release(this.#options.exchange.table);
  }

  #end(subscription: LocalSubscription): void {
    const pattern = this.#subscriptions.get(subscription);
    if (pattern === undefined) return;
    subscription.isClosed = true;
    subscription.pending = [];
    this.#subscriptions.delete(subscription);
    this.#options.exchange.unsubscribe(pattern, subscription);
  }

  #accept(signal: Signal, origin: Origin): Refusal | undefined {
    const { access } = this.#options;
    if (access && !access.may('write', signal.address)) {
      const message = `This needs write:${signal.address}; allowed is ${access.words}.`;
      return { code: errorNumber.outOfScope, message, address: signal.address };
    }
    try {
      return signal.kind === 'param' ? this.#set(signal, origin) : this.#pass(signal, origin);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { code: errorNumber.invalidValue, message: error.message, address: signal.address };
    }
  }

  #set(signal: Extract<Signal, { kind: 'param' }>, origin: Origin): Refusal | undefined {
    const { exchange, clock, name } = this.#options;
    const value = WireValue.of(signal.value);
    const movedAt = origin.cause?.movedAt ?? origin.cause?.arrivedAt;
    const write = { address: signal.address, value, writer: name, at: clock.nowMicros(), movedAt, isOwn: true };
    const record = exchange.set(write, origin);
    if (isRefusal(record)) return record;
    this.#locks.note(record);
    return undefined;
  }

  #pass(signal: Exclude<Signal, { kind: 'param' }>, origin: Origin): Refusal | undefined {
    const message = publishOf(signal);
    const address = checkPublish(message, this.#options.exchange.rules);
    if (typeof address === 'object') return address;
    if (isForSession(address)) return signalMisplaced(address);
    if (message.kind === 'timeline') return this.#options.timelines.take({ message, address, origin });
    this.#options.exchange.publish(message, address, origin);
    return undefined;
  }
}

/** Nothing comes where nothing of a batch may be read. */
function readableOnly(
  access: Access,
  run: (deliveries: readonly Delivery[]) => void,
): (deliveries: readonly Delivery[]) => void {
  return (deliveries) => {
    const readable = deliveries.filter(({ signal }) => access.may('read', signal.address));
    if (readable.length > 0) run(readable);
  };
}
