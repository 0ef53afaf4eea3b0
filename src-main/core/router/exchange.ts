import type { Address, Pattern } from '../../contract/address.ts';
import type { Signal } from '../../contract/signal.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { codeOfKind } from '../protocol/enumerations.ts';
import { messageType, type PublishMessage, type SetMessage } from '../protocol/messages.ts';
import type { RouterCounters } from './counters.ts';
import type { Delivery, Origin } from './delivery.ts';
import type { RouterLimits } from './limits.ts';
import type { LocalQueue } from './local-queue.ts';
import { isRefusal, type ParamRecord, type ParamWrite } from './param-write.ts';
import type { Refusal } from './refusal.ts';
import { SharedFrame } from './shared-frame.ts';
import { signalOf } from './signal-message.ts';
import { StreamMemory } from './stream-memory.ts';
import { SubscriptionIndex } from './subscription-index.ts';
import { targetsOf, type LocalSubscription, type Subscription, type Targets } from './subscription.ts';
import { Thinning } from './thinning.ts';
import { ValueTable } from './value-table.ts';

/** What a SET asks for beside the value. */
export type SetFlags = Pick<ParamWrite, 'lock' | 'unlock' | 'ttl'>;

interface Accepted {
  readonly address: Address;
  readonly at: Micros;
}

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly limits: RouterLimits;
  readonly counters: RouterCounters;
  readonly queue: LocalQueue;
}

/** The middle of the router: what is accepted becomes state and goes to everyone who subscribed to it, encoded at most once. */
export class Exchange {
  readonly table: ValueTable;
  readonly streams = new StreamMemory();
  readonly #index: SubscriptionIndex<Subscription, Targets>;
  #subscriptionCount = 0;
  readonly #options: ExchangeOptions;
  readonly #taps = new Set<LocalSubscription>();
  readonly #thinning: Thinning;
  #onPass: ((address: Address, from: string) => void) | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#thinning = new Thinning(options);
    this.table = new ValueTable(options.limits);
    this.#index = new SubscriptionIndex(options.limits.cachedTargetsMax, targetsOf);
  }

  /** of all sessions and participants in the process */
  get subscriptionCount(): number {
    return this.#subscriptionCount;
  }

  subscribe(pattern: Pattern, subscription: Subscription): void {
    this.#index.add(pattern, subscription);
    this.#subscriptionCount++;
  }

  /** To be called once for each `subscribe`. */
  unsubscribe(pattern: Pattern, subscription: Subscription): void {
    this.#index.remove(pattern, subscription);
    this.#subscriptionCount--;
  }

  /** Taps get everything; without any, nothing is prepared for them. */
  addTap(tap: LocalSubscription): void {
    this.#taps.add(tap);
  }

  removeTap(tap: LocalSubscription): void {
    this.#taps.delete(tap);
  }

  /** Runs for everything that is passed on and not stored. One at a time; it must be quick and not throw. */
  watchPasses(run: (address: Address, from: string) => void): void {
    this.#onPass = run;
  }

  /** Writes a param and tells all its subscribers, the sender included. */
  set(write: ParamWrite, origin: Origin): ParamRecord | Refusal {
    const record = this.table.write(write);
    if (!isRefusal(record)) this.announceSet(record, write, origin);
    return record;
  }

  /** Tells the subscribers of a param what was written. */
  announceSet(record: ParamRecord, { lock, unlock, ttl }: SetFlags, origin: Origin): void {
    const message: SetMessage = {
      type: messageType.set,
      address: record.address,
      value: record.value,
      revision: record.revision,
      ...(lock && { lock }),
      ...(unlock && { unlock }),
      ...(ttl && { ttl }),
    };
    this.streams.forget(record.address);
    // The time of the record: what is made of a param is known by it.
    this.#spread(message, origin, { address: record.address, at: micros(Number(record.timestamp)) });
  }

  /** Passes a PUBLISH on to everyone but its sender; no state is made of it, also not for a param. */
  publish(message: PublishMessage, address: Address, origin: Origin): void {
    this.#onPass?.(address, origin.name);
    const at = this.#options.clock.nowMicros();
    // A level counts from when somebody moved what it comes of.
    if (message.kind === 'stream') this.streams.note(message, { address, at: origin.cause?.movedAt ?? at }, origin);
    else this.streams.forget(address);
    this.#spread(message, origin, { address, at });
  }

  #spread(message: SetMessage | PublishMessage, origin: Origin, { address, at }: Accepted): void {
    this.#options.counters.messagesTotal++;
    const targets = this.#index.targetsOf(address);
    const isSet = message.type === messageType.set;
    if (targets.sessions.length > 0) {
      const bit = 1 << codeOfKind(isSet ? 'param' : message.kind);
      const isMove = !isSet && message.phase === 'move';
      let frame: SharedFrame | undefined;
      for (const target of targets.sessions) {
        const { session, mask, plainMask } = target;
        if ((mask & bit) === 0 || (!isSet && session === origin.owner)) continue;
        if ((plainMask & bit) !== 0 && !isMove && !session.gate)
          session.outbox.add((frame ??= new SharedFrame(message)));
        else frame = this.#thinning.pass(message, target, frame);
      }
    }
    if (targets.locals.length > 0 || this.#taps.size > 0) {
      this.#spreadLocally(localSignal(message, address), targets.locals, { origin, at });
    }
  }

  #spreadLocally(
    signal: Signal,
    locals: readonly LocalSubscription[],
    { origin, at }: Pick<Accepted, 'at'> & { readonly origin: Origin },
  ): void {
    const delivery: Delivery = {
      signal,
      from: origin.name,
      ...(origin.owner.name !== undefined && { fromName: origin.owner.name }),
      fromLocal: origin.fromLocal,
      at,
      ...(origin.cause && { cause: origin.cause }),
    };
    for (const tap of this.#taps) this.#options.queue.add(tap, delivery);
    for (const local of locals) {
      if (local.echo || local.owner !== origin.owner) this.#options.queue.add(local, delivery);
    }
  }
}

function localSignal(message: SetMessage | PublishMessage, address: Address): Signal {
  if (message.type === messageType.set) return { kind: 'param', address, value: message.value.value };
  return signalOf(message, address);
}
