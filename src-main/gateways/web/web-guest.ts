import { matcherOf, parseAddress, parsePattern, type Address, type Pattern } from '../../contract/address.ts';
import { InputError, LimitError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import type { ForeignClient, StandingParam } from '../../ports/gateway.ts';

/** Subscriptions of one client. */
export const subscriptionsMax = 500;

/** A signal as a client of the web hears it: its address as the client writes it. */
export interface WebDelivery {
  readonly signal: Signal;
  /** it was there when the client subscribed */
  readonly isStanding: boolean;
  /** of a param */
  readonly revision: bigint | undefined;
}

interface WebGuestOptions {
  readonly session: ForeignClient;
  /** the address that all others are under; empty for none */
  readonly prefix: string;
  readonly deliver: (delivery: WebDelivery) => void;
}

interface Subscription {
  readonly pattern: Pattern;
  readonly covers: (address: Address) => boolean;
  /** once it is given */
  cancel: Cancel | undefined;
}

/** One client of the web as it stands in the router: what it may ask, whatever it speaks. Addresses and patterns are those that
 *  the client writes, which are under the prefix of the door.
 *  Each call is answered when the router has answered it.
 *  @throws as rejections: InputError 'bad-address' | 'bad-pattern'; LimitError; AppError with the router's refusal;
 *  UnavailableError 'link-closed' */
export class WebGuest {
  readonly #options: WebGuestOptions;
  /** in the order in which they were asked for; of a pattern two, while it is asked for again */
  readonly #subscriptions = new Set<Subscription>();
  #isClosed = false;

  constructor(options: WebGuestOptions) {
    this.#options = options;
  }

  /** Sets a param. @param expectedRevision it has to stand at that; 0: nothing was ever set there. @returns its revision */
  async set(address: string, value: Value, expectedRevision?: bigint): Promise<bigint | undefined> {
    return this.#publish({ kind: 'param', address: this.#addressOf(address), value }, expectedRevision);
  }

  /** Has an event happen. */
  async emit(address: string, value: Value): Promise<void> {
    await this.#publish({ kind: 'event', address: this.#addressOf(address), value });
  }

  /** Sends a value of something that flows; it is passed on and not kept, and the answer says that it was sent. */
  async stream(address: string, value: Value): Promise<void> {
    await this.#publish({ kind: 'stream', address: this.#addressOf(address), value });
  }

  /** @returns undefined for nothing, also for a param that was cleared */
  async get(address: string): Promise<StandingParam | undefined> {
    const answer = await this.look(address);
    return answer?.value.type === 'null' ? undefined : answer;
  }

  /** As `get`; what was cleared is null, at its revision. */
  async look(address: string): Promise<StandingParam | undefined> {
    return this.#options.session.get(this.#addressOf(address));
  }

  /** What stands comes first, then what changes and happens, once however many subscriptions cover it. Asked for again, what
   *  stands comes again. */
  async subscribe(pattern: string): Promise<void> {
    const wanted = this.#patternOf(pattern);
    const before = this.#ofPattern(wanted);
    if (this.#subscriptions.size - before.length >= subscriptionsMax)
      throw new LimitError('too-many-subscriptions', `A client has at most ${subscriptionsMax} subscriptions.`);
    const subscription: Subscription = { pattern: wanted, covers: matcherOf(wanted), cancel: undefined };
    this.#subscriptions.add(subscription);
    try {
      const cancel = await this.#options.session.subscribe(wanted, (signal, isStanding, revision) =>
        this.#deliver(subscription, { signal, isStanding, revision }),
      );
      if (!this.#subscriptions.has(subscription)) {
        cancel();
        return;
      }
      subscription.cancel = cancel;
      for (const each of before) this.#drop(each);
    } catch (error) {
      this.#drop(subscription);
      throw error;
    }
  }

  /** @returns whether it was subscribed */
  unsubscribe(pattern: string): boolean {
    const found = this.#ofPattern(this.#patternOf(pattern));
    for (const each of found) this.#drop(each);
    return found.length > 0;
  }

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const each of this.#subscriptions) this.#drop(each);
    this.#options.session.close(reason);
  }

  #publish(signal: Signal, expectedRevision?: bigint): Promise<bigint | undefined> {
    return this.#options.session.publish(signal, expectedRevision);
  }

  #ofPattern(pattern: Pattern): Subscription[] {
    return [...this.#subscriptions].filter((each) => each.pattern === pattern);
  }

  #drop(subscription: Subscription): void {
    subscription.cancel?.();
    this.#subscriptions.delete(subscription);
  }

  #deliver(subscription: Subscription, { signal, isStanding, revision }: WebDelivery): void {
    if (this.#isClosed || !this.#subscriptions.has(subscription)) return;
    if (isStanding ? signal.value.type === 'null' : this.#firstFor(signal.address) !== subscription) return;
    const address = signal.address.slice(this.#options.prefix.length) as Address;
    // What stands at the prefix itself has no address here.
    if (address !== '') this.#options.deliver({ signal: { ...signal, address }, isStanding, revision });
  }

  /** One that is given before one that is asked for, which gets nothing yet where the others do. */
  #firstFor(address: Address): Subscription | undefined {
    const all = [...this.#subscriptions].filter(({ covers }) => covers(address));
    return all.find(({ cancel }) => cancel) ?? all[0];
  }

  #addressOf(written: string): Address {
    assertSlash(written, 'bad-address');
    return parseAddress(this.#options.prefix + written);
  }

  #patternOf(written: string): Pattern {
    assertSlash(written, 'bad-pattern');
    return parsePattern(this.#options.prefix + written);
  }
}

/** What does not begin with one would run into the prefix. */
function assertSlash(written: string, code: 'bad-address' | 'bad-pattern'): void {
  if (!written.startsWith('/')) throw new InputError(code, 'Begin it with a slash: /desk/fader/1.');
}
