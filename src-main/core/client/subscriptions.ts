import { matches, parsePattern, tryAddress, type Address, type Pattern } from '../../contract/address.ts';
import { LimitError, messageOf, type AppError } from '../../contract/errors.ts';
import type { SignalKind } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { Log } from '../../ports/log.ts';
import { correlationOf } from '../protocol/correlation.ts';
import { maskHas, maskOf } from '../protocol/enumerations.ts';
import { messageType, type SubscribeMessage, type SubscribeOptions } from '../protocol/messages.ts';
import { AwaitedPasts } from './awaited-pasts.ts';
import type { ClientLimits } from './client-limits.ts';
import { KnownParams } from './known-params.ts';
import { changeOf, endOf, kindOf, receivedOf, type Carrier, type Received } from './received.ts';

/** What a subscription asks the router for. Where subscriptions of one client overlap, the router sends one copy, and
 *  each of them gets it. */
export interface SubscribeRequest extends SubscribeOptions {
  /** none, or left out: all kinds */
  readonly types?: readonly SignalKind[];
  /** The router does not give it; it is asked for again with the next session. */
  readonly onRefused?: (error: AppError) => void;
  /** What was there has been handed over; again with each session. Old routers never say so. */
  readonly onGiven?: () => void;
  /** Of the past that it asked for, older signals are missing, or may be; what there is follows. Without it, `onNotice` hears so. */
  readonly onPastCut?: (error: AppError) => void;
}

export interface ClientSubscription {
  readonly id: number;
  readonly pattern: Pattern;
  readonly mask: number;
  readonly message: SubscribeMessage;
  readonly run: (received: Received) => void;
  readonly onRefused: ((error: AppError) => void) | undefined;
  readonly onGiven: (() => void) | undefined;
  readonly onPastCut: ((error: AppError) => void) | undefined;
  /** in the header of its SUBSCRIBE on the connection that is there now */
  askedWith: bigint | undefined;
  /** whether the router has said there that it stands; old ones never do */
  isGranted: boolean;
  /** whether it asked for the past and has not had it whole */
  lacksPast: boolean;
}

export interface SubscriptionsOptions {
  readonly limits: Pick<ClientLimits, 'subscriptionsMax' | 'cachedTargetsMax' | 'knownParamsMax'>;
  readonly log: Log;
}

/** Who wants what, over all connections. */
export class Subscriptions {
  /** signals whose address is none */
  ignoredTotal = 0;
  readonly pasts = new AwaitedPasts<ClientSubscription>();
  readonly #options: SubscriptionsOptions;
  readonly #byId = new Map<number, ClientSubscription>();
  readonly #targets = new Map<string, readonly ClientSubscription[]>();
  readonly #known: KnownParams<ClientSubscription>;
  #lastId = 0;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#known = new KnownParams(options.limits.knownParamsMax);
  }

  /** in the order in which they were made */
  all(): Iterable<ClientSubscription> {
    return this.#byId.values();
  }

  /** @throws InputError 'bad-pattern'; LimitError 'too-many-subscriptions' */
  add(pattern: Pattern, run: (received: Received) => void, request: SubscribeRequest): ClientSubscription {
    parsePattern(pattern);
    const { subscriptionsMax } = this.#options.limits;
    if (this.#byId.size >= subscriptionsMax) {
      const message = `A client holds at most ${subscriptionsMax} subscriptions.`;
      throw new LimitError('too-many-subscriptions', message, { subscriptionsMax });
    }
    const { types = [], onRefused, onGiven, onPastCut, ...options } = request;
    const id = ++this.#lastId;
    const mask = maskOf(types);
    const message: SubscribeMessage = { type: messageType.subscribe, id, pattern, types: mask, options };
    const lacksPast = Boolean(options.history) || Boolean(options.window);
    const subscription = {
      ...{ id, pattern, mask, message, run, onRefused, onGiven, onPastCut },
      ...{ askedWith: undefined, isGranted: false, lacksPast },
    };
    this.#byId.set(id, subscription);
    this.#targets.clear();
    return subscription;
  }

  /** @returns false when it had ended before */
  remove(subscription: ClientSubscription): boolean {
    this.#targets.clear();
    this.#known.forget(subscription);
    return this.#byId.delete(subscription.id);
  }

  clear(): void {
    this.#byId.clear();
    this.#targets.clear();
    this.#known.clear();
  }

  /** @param id in the header of its SUBSCRIBE, which leaves now */
  asked(subscription: ClientSubscription, id: bigint): void {
    subscription.askedWith = id;
    subscription.isGranted = false;
    this.#known.asked(subscription);
  }

  /** The router has given it all that was there. A param that it knew and was not given has ended since.
   *  @param count of what was there, as the router says; undefined where some of it may have got lost */
  granted(subscription: ClientSubscription, count: number | undefined): void {
    const { id, pattern, run, onGiven } = subscription;
    subscription.isGranted = true;
    const ended = count === undefined ? [] : this.#known.takeEnded(subscription, count);
    for (const address of ended) if (this.#byId.has(id)) this.#call(pattern, () => run(endOf(address)));
    if (onGiven && this.#byId.has(id)) this.#call(pattern, onGiven);
  }

  /** The subscription whose SUBSCRIBE had this id in its header, or at least its low 32 bits. */
  findAsked(id: bigint | number): ClientSubscription | undefined {
    const correlation = typeof id === 'bigint' ? correlationOf(id) : id;
    return this.#find(({ askedWith }) => askedWith !== undefined && correlationOf(askedWith) === correlation);
  }

  findPattern(pattern: string): ClientSubscription | undefined {
    return this.#find((subscription) => subscription.pattern === pattern);
  }

  refuse(subscription: ClientSubscription, error: AppError): void {
    if (subscription.askedWith !== undefined) this.pasts.end(correlationOf(subscription.askedWith));
    const { id, pattern, onRefused } = subscription;
    this.#options.log.warn('subscription refused', { id, pattern, reason: error.message });
    if (onRefused) this.#call(pattern, () => onRefused(error));
  }

  /** @returns false where nobody is there to hear it */
  tellOfCut({ pattern, onPastCut }: ClientSubscription, error: AppError): boolean {
    if (onPastCut) this.#call(pattern, () => onPastCut(error));
    return onPastCut !== undefined;
  }

  /** @returns whether an ACK with this correlation tells the end of a past */
  endPast(correlation: number): boolean {
    const subscription = this.pasts.end(correlation);
    if (subscription) subscription.lacksPast = false;
    return subscription !== undefined;
  }

  /** What happened at a time before the subscription whose past comes now; nobody else asked for it.
   *  @returns false when no past is awaited */
  deliverPast(carrier: Carrier, pastAt: Micros): boolean {
    const target = this.pasts.first;
    const address = tryAddress(carrier.address);
    if (!target || address === undefined) return false;
    if (this.#byId.has(target.id))
      this.#call(target.pattern, () => target.run({ ...receivedOf(carrier, address), pastAt }));
    return true;
  }

  /** Hands it to every subscription that covers it. @param only to this one alone, which is told what was there already */
  deliver(carrier: Carrier, only?: ClientSubscription): void {
    const address = tryAddress(carrier.address);
    if (address === undefined) {
      this.ignoredTotal++;
      return;
    }
    const kind = kindOf(carrier);
    const isThere = only !== undefined;
    const isLive = 'type' in carrier && !isThere;
    const change = changeOf(carrier);
    if (only) this.#known.given(only);
    let received: Received | undefined;
    for (const target of only ? [only] : this.#targetsOf(address)) {
      // One may have ended while those before it were told.
      if (!maskHas(target.mask, kind) || !this.#byId.has(target.id)) continue;
      if (isLive && this.pasts.has(target)) continue;
      if (change === 'stands') this.#known.heard(target, address);
      else if (change === 'ends') this.#known.heardEnd(target, address);
      const now = (received ??= receivedOf(carrier, address, isThere));
      this.#call(target.pattern, () => target.run(now));
    }
  }

  #targetsOf(address: Address): readonly ClientSubscription[] {
    const known = this.#targets.get(address);
    if (known) return known;
    const found = [...this.#byId.values()].filter(({ pattern }) => matches(pattern, address));
    if (this.#targets.size >= this.#options.limits.cachedTargetsMax) this.#targets.clear();
    this.#targets.set(address, found);
    return found;
  }

  #find(fits: (subscription: ClientSubscription) => boolean): ClientSubscription | undefined {
    for (const subscription of this.#byId.values()) if (fits(subscription)) return subscription;
    return undefined;
  }

  /** One that fails must not keep the others from theirs. */
  #call(pattern: Pattern, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.log.error('subscriber failed', { pattern, reason: messageOf(error), cause: error });
    }
  }
}

/** The same SUBSCRIBE for who has had its past whole. */
export function withoutPast(message: SubscribeMessage): SubscribeMessage {
  const { history: _history, window: _window, ...options } = message.options ?? {};
  return { ...message, options };
}
