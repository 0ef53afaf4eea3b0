import type { Clock } from '../../ports/clock.ts';
import type { ClientLimits } from './client-limits.ts';
import type { PlainFrame } from './outgoing.ts';
import { Resender } from './resender.ts';
import type { ClientSubscription } from './subscriptions.ts';

export interface SubscriptionArrivalsOptions {
  readonly clock: Clock;
  readonly limits: Pick<ClientLimits, 'resendFirstMs' | 'resendCapMs'>;
  /** sends a SUBSCRIBE once more as it was: the router does it once */
  readonly again: (bytes: Uint8Array) => void;
  /** a SUBSCRIBE under another id: the router gives everything once more */
  readonly anew: (subscription: ClientSubscription) => PlainFrame;
}

interface Arrival {
  bytes: Uint8Array;
  /** as the ACK says; undefined until it has come */
  expected: number | undefined;
  /** addresses of params, and of timelines, under whichever id they came: of many frames some get lost each time */
  readonly heard: Set<string>;
}

/** Looks after subscriptions on a connection that loses frames: a SUBSCRIBE is sent again until it is acknowledged, and
 *  made anew while some of what the router gave with it is missing. */
export class SubscriptionArrivals {
  readonly #options: SubscriptionArrivalsOptions;
  readonly #arrivals = new Map<ClientSubscription, Arrival>();
  readonly #resender: Resender<ClientSubscription>;

  constructor(options: SubscriptionArrivalsOptions) {
    this.#options = options;
    const { clock, limits } = options;
    this.#resender = new Resender<ClientSubscription>({
      clock,
      first: limits.resendFirstMs,
      cap: limits.resendCapMs,
      resend: (subscription) => this.#resend(subscription),
    });
  }

  /** @param bytes its SUBSCRIBE, on its way */
  expect(subscription: ClientSubscription, bytes: Uint8Array): void {
    this.#arrivals.set(subscription, { bytes, expected: undefined, heard: new Set() });
    this.#resender.watch(subscription);
  }

  /** @param what address of a param, or a timeline's with `timeline ` before it */
  heard(subscription: ClientSubscription, what: string): void {
    const arrival = this.#arrivals.get(subscription);
    if (!arrival) return;
    arrival.heard.add(what);
    this.#look(subscription, arrival);
  }

  /** @param count of all that the router gave with it */
  acknowledged(subscription: ClientSubscription, count: number): void {
    const arrival = this.#arrivals.get(subscription);
    if (!arrival) return;
    arrival.expected = count;
    this.#look(subscription, arrival);
  }

  forget(subscription: ClientSubscription): void {
    this.#arrivals.delete(subscription);
    this.#resender.forget(subscription);
  }

  /** The session is over. */
  stop(): void {
    this.#arrivals.clear();
    this.#resender.stop();
  }

  #look(subscription: ClientSubscription, { expected, heard }: Arrival): void {
    if (expected !== undefined && heard.size >= expected) this.forget(subscription);
  }

  #resend(subscription: ClientSubscription): void {
    const arrival = this.#arrivals.get(subscription);
    if (!arrival) return;
    if (arrival.expected !== undefined) {
      arrival.bytes = this.#options.anew(subscription).bytes;
      arrival.expected = undefined;
    }
    this.#options.again(arrival.bytes);
  }
}
