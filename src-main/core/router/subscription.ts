import type { LocalReceiver } from './local-queue.ts';
import type { RemoteSubscription, Session } from './session.ts';

/** A subscription of a participant in the process; wants all kinds. */
export interface LocalSubscription extends LocalReceiver {
  readonly owner: object;
  /** whether it gets what its own owner published */
  readonly echo: boolean;
}

export type Subscription = RemoteSubscription | LocalSubscription;

/** Who gets a message, made once per address. A session stands here once, however many of its subscriptions match. */
export interface Targets {
  readonly sessions: readonly SessionTarget[];
  readonly locals: readonly LocalSubscription[];
}

export interface SessionTarget {
  readonly session: Session;
  /** the kinds that any of its matching subscriptions wants */
  readonly mask: number;
}

/** Sorts the subscriptions that cover one address by who gets the message. */
export function targetsOf(subscriptions: readonly Subscription[]): Targets {
  const masks = new Map<Session, number>();
  const locals: LocalSubscription[] = [];
  for (const subscription of subscriptions) {
    if ('session' in subscription) {
      masks.set(subscription.session, (masks.get(subscription.session) ?? 0) | subscription.mask);
    } else {
      locals.push(subscription);
    }
  }
  return { sessions: [...masks].map(([session, mask]) => ({ session, mask })), locals };
}
