import type { Address, Pattern } from '../../contract/address.ts';
import type { SignalSettings } from '../../contract/show.ts';
import { nullValue } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { LookedClock } from '../clock/looked-clock.ts';
import { ActiveGestures, type ActiveGesture } from '../gesture/active-gestures.ts';
import { messageType, type Draft, type PublishMessage, type SetMessage } from '../protocol/messages.ts';
import { numbered } from '../protocol/state-codec.ts';
import { WireValue } from '../protocol/wire-value.ts';
import { AcceptedSignal, deliveryOf, frameOf } from './accepted-signal.ts';
import type { AnnouncedSignals } from './state/announced-signals.ts';
import type { RouterCounters } from './counters.ts';
import type { Delivery, Origin } from './delivery/delivery.ts';
import { ExpiredParams } from './state/expired-params.ts';
import type { Recorder } from './keeper.ts';
import type { RouterLimits } from './limits.ts';
import type { LocalQueue } from './delivery/local-queue.ts';
import { ParamExpiry } from './state/param-expiry.ts';
import { isRefusal, tookRuledLock, type ParamRecord, type ParamWrite } from './state/param-write.ts';
import { RecentSignals } from './memory/recent-signals.ts';
import type { Refusal } from './requests/refusal.ts';
import type { RouterMeter } from './router-meter.ts';
import { SharedFrame } from './delivery/shared-frame.ts';
import { SignalRules } from './state/signal-rules.ts';
import { StreamMemory } from './memory/stream-memory.ts';
import { SubscriptionIndex } from './subscriptions/subscription-index.ts';
import {
  targetsOf,
  timelineReportBit,
  type LocalSubscription,
  type Subscription,
  type Targets,
} from './subscriptions/subscription.ts';
import { Thinning } from './subscriptions/thinning.ts';
import { ValueTable } from './state/value-table.ts';

/** What a SET asks for beside the value, and when. */
export type SetFlags = Pick<ParamWrite, 'lock' | 'unlock' | 'ttl' | 'at' | 'came'>;

/** Hears of what is passed on and not stored: who sent it, and when it was accepted. */
export type PassWatcher = (address: Address, from: string, at: Micros) => void;

export interface ExchangeOptions {
  readonly clock: LookedClock;
  readonly limits: RouterLimits;
  readonly counters: RouterCounters;
  readonly queue: LocalQueue;
  readonly announced: AnnouncedSignals;
}

/** The middle of the router: what is accepted becomes state and goes to everyone who subscribed to it, encoded at most once. */
export class Exchange {
  readonly table: ValueTable;
  readonly rules: SignalRules;
  readonly streams = new StreamMemory();
  readonly gestures: ActiveGestures<object>;
  readonly #expiry: ParamExpiry;
  readonly #index: SubscriptionIndex<Subscription, Targets>;
  readonly recent: RecentSignals;
  readonly expired: ExpiredParams;
  #keptAt: Micros;
  #subscriptionCount = 0;
  readonly #options: ExchangeOptions;
  readonly #accepted = new AcceptedSignal(routerOrigin);
  readonly #taps = new Set<LocalSubscription>();
  readonly #thinning: Thinning;
  #record: Recorder | undefined;
  #meter: RouterMeter | undefined;
  #onPass: PassWatcher | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#thinning = new Thinning(options);
    const { clock, limits, announced } = options;
    this.#keptAt = clock.nowMicros();
    this.recent = new RecentSignals(limits, this.#keptAt);
    this.expired = new ExpiredParams(limits);
    const rules = new SignalRules({ announced, cachedMax: limits.cachedTargetsMax });
    this.rules = rules;
    this.table = new ValueTable(limits, (address) => rules.of(address));
    this.#expiry = new ParamExpiry(options.clock, (address) => this.#expire(address));
    this.table.watchTtls((record) => this.#expiry.note(record));
    this.gestures = new ActiveGestures({ clock: options.clock, onLost: (gesture) => this.#cancelGesture(gesture) });
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
  watchPasses(run: PassWatcher): void {
    this.#onPass = run;
  }

  /** `run` gets everything accepted from now on. One at a time. */
  recordWith(run: Recorder | undefined): void {
    this.#record = run;
  }

  /** Measures from now on. */
  measureWith(meter: RouterMeter): void {
    this.#meter = meter;
  }

  /** From now on the show says this about writes. Locks that a rule gave end with it.
   *  @throws InputError 'bad-pattern' */
  applyRules(settings: SignalSettings): void {
    this.rules.load(settings);
    this.table.releaseUnruled();
  }

  /** Writes a param and tells all its subscribers, the sender included. */
  set(write: ParamWrite, origin: Origin): ParamRecord | Refusal {
    const record = this.table.write(write);
    if (!isRefusal(record)) this.announceSet(record, write, origin);
    return record;
  }

  /** Tells the subscribers of a param what was written. */
  announceSet(record: ParamRecord, asked: SetFlags, origin: Origin): void {
    const { address } = record;
    const message = asItCame(record, asked) ?? setOf(record, asked);
    this.streams.forget(address);
    const accepted = this.#accepted.take(message, address, origin);
    accepted.at = asked.at;
    this.#spread(message, accepted, this.#keep(message, accepted));
  }

  /** Passes a PUBLISH on to everyone but its sender; no state is made of it, also not for a param. What a session sent counts
   *  as accepted at the last look at the clock. */
  publish(message: PublishMessage, address: Address, origin: Origin): void {
    const { clock } = this.#options;
    const at = origin.fromLocal ? clock.nowMicros() : clock.seen;
    this.#onPass?.(address, origin.name, at);
    // Before this one is on its way: what ends by it may have to be told first.
    if (message.kind === 'gesture')
      this.gestures.note(gestureOf(message, address, origin.owner), message.phase ?? 'start');
    const accepted = this.#accepted.take(message, address, origin);
    accepted.at = at;
    if (message.kind === 'stream') this.streams.note(message, accepted);
    else this.streams.forget(address);
    this.#spread(message, accepted, this.#keep(message, accepted));
  }

  /** Nothing happens by itself any more. */
  close(): void {
    this.#expiry.close();
    this.gestures.close();
  }

  /** Tells how a timeline stands, to those who know timelines. */
  report(message: PublishMessage, address: Address, origin: Origin): void {
    const accepted = this.#accepted.take(message, address, origin);
    accepted.at = this.#options.clock.nowMicros();
    accepted.bit = timelineReportBit;
    this.#spread(message, accepted);
  }

  /** Subscribers hear of the end by a SET of null. Mappings and bridges do not: a lamp keeps its level. */
  #expire(address: Address): void {
    const record = this.table.expire(address);
    if (!record) return;
    const { clock, counters } = this.#options;
    counters.expiredTotal++;
    this.expired.note(address, record.revision + 1n);
    const value = WireValue.of(nullValue);
    const message: SetMessage = { type: messageType.set, address, value, revision: record.revision + 1n };
    const accepted = this.#accepted.take(message, address, routerOrigin);
    accepted.at = clock.nowMicros();
    accepted.isForRemote = true;
    this.#spread(message, accepted, this.#keep(message, accepted));
    this.table.ended(record);
  }

  /** Times never run back, so that what happened can be cut in two at one of them.
   *  @returns its frame, where that was made to be remembered */
  #keep(message: SetMessage | PublishMessage, accepted: AcceptedSignal): SharedFrame | undefined {
    const { origin, at } = accepted;
    if (at > this.#keptAt) this.#keptAt = at;
    const frame = this.recent.isOff ? undefined : frameOf(message, origin);
    this.recent.add(frame, accepted, this.#keptAt);
    this.#record?.(message, origin, this.#keptAt);
    return frame;
  }

  #cancelGesture({ address, id }: ActiveGesture<object>): void {
    const message: PublishMessage = { type: messageType.publish, kind: 'gesture', address, id, phase: 'cancel' };
    this.publish(message, address, routerOrigin);
  }

  /** @param made its frame, if it was made already */
  #spread(message: SetMessage | PublishMessage, accepted: AcceptedSignal, made?: SharedFrame): void {
    const { counters } = this.#options;
    const { address, origin, at, code, bit, isForRemote } = accepted;
    const targets = this.#index.targetsOf(address);
    const isSet = message.type === messageType.set;
    counters.messages[code] = (counters.messages[code] ?? 0) + 1;
    if (targets.sessions.length > 0) {
      let copies = 0;
      const isMove = !isSet && message.phase === 'move';
      const since = this.#meter?.since(origin, at);
      let frame = made ?? (origin.isCommit ? frameOf(message, origin) : undefined);
      for (const target of targets.sessions) {
        const { session, mask, plainMask } = target;
        if ((mask & bit) === 0 || (!isSet && session === origin.owner)) continue;
        copies++;
        const sentBefore = since === undefined ? 0 : session.outbox.framesTotal;
        if ((plainMask & bit) !== 0 && !isMove && !session.gate) session.line.add((frame ??= new SharedFrame(message)));
        else frame = this.#thinning.pass(message, target, frame);
        // What waits because its receiver asked for fewer is not late.
        if (since !== undefined && session.outbox.framesTotal > sentBefore) this.#meter?.sent(target, { bit, since });
      }
      counters.copies[code] = (counters.copies[code] ?? 0) + copies;
      this.#meter?.spread(targets.sessions, bit);
    }
    const locals = isForRemote ? [] : targets.locals;
    if (locals.length > 0 || this.#taps.size > 0) {
      this.#spreadLocally(deliveryOf(message, { address, origin, at }), locals, origin);
    }
  }

  #spreadLocally(delivery: Delivery, locals: readonly LocalSubscription[], { owner }: Origin): void {
    for (const tap of this.#taps) this.#options.queue.add(tap, delivery);
    for (const local of locals) {
      if (local.echo || local.owner !== owner) this.#options.queue.add(local, delivery);
    }
  }
}

/** @returns undefined for one that has become more than it was, or that did not come in a frame */
function asItCame(record: ParamRecord, { lock, unlock, ttl, came }: SetFlags): SetMessage | undefined {
  if (!came || lock || unlock || ttl || tookRuledLock(record) || !record.value.equals(came.value)) return undefined;
  return numbered(came, record.revision);
}

function setOf(record: ParamRecord, { lock: isAsked, unlock, ttl }: SetFlags): SetMessage {
  const { address, value, revision } = record;
  const message: Draft<SetMessage> = { type: messageType.set, address, value, revision };
  if (isAsked || tookRuledLock(record)) message.lock = true;
  if (unlock) message.unlock = true;
  if (ttl) message.ttl = ttl;
  return message;
}

/** what the router does by itself */
const routerOrigin: Origin = { name: 'router', owner: {}, fromLocal: true, cause: undefined };

export function gestureOf({ id = 0 }: PublishMessage, address: Address, owner: object): ActiveGesture<object> {
  return { owner, address, id };
}
