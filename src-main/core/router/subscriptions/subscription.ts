import { maskOf } from '../../protocol/enumerations.ts';
import type { LocalReceiver } from '../delivery/local-queue.ts';
import type { RemoteSubscription, Session } from '../sessions/session.ts';

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
  /** those of them that one wants each time */
  readonly plainMask: number;
  /** all that match */
  readonly subscriptions: readonly RemoteSubscription[];
}

/** In the mask of a subscription, above the kinds: it hears how timelines stand as well. */
export const timelineReportBit = 1 << 8;

/** What must not be left out: maxRate and epsilon are for what flows. */
const neverThinned = maskOf(['event', 'timeline']);

/** Sorts the subscriptions that cover one address by who gets the message. */
export function targetsOf(subscriptions: readonly Subscription[]): Targets {
  const bySession = new Map<Session, RemoteSubscription[]>();
  const locals: LocalSubscription[] = [];
  for (const subscription of subscriptions) {
    if (!('session' in subscription)) {
      locals.push(subscription);
      continue;
    }
    const there = bySession.get(subscription.session);
    if (there) there.push(subscription);
    else bySession.set(subscription.session, [subscription]);
  }
  return { sessions: [...bySession].map(([session, its]) => targetOf(session, its)), locals };
}

function targetOf(session: Session, subscriptions: readonly RemoteSubscription[]): SessionTarget {
  let mask = 0;
  let plainMask = 0;
  for (const each of subscriptions) {
    mask |= each.mask;
    plainMask |= isThinned(each) ? each.mask & neverThinned : each.mask;
  }
  return { session, mask, plainMask, subscriptions };
}

function isThinned({ options: { maxRate, epsilon } }: RemoteSubscription): boolean {
  return (maxRate !== undefined && maxRate > 0) || epsilon !== undefined;
}
