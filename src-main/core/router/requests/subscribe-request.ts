import { tryPattern, type Pattern } from '../../../contract/address.ts';
import { allKindsMask, codeOfKind } from '../../protocol/enumerations.ts';
import { messageType, type SubscribeMessage } from '../../protocol/messages.ts';
import type { Asked } from './acknowledge.ts';
import { sendPast } from './past-request.ts';
import { badPattern, errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import type { RemoteSubscription, Session } from '../sessions/session.ts';
import { timelineReportBit } from '../subscriptions/subscription.ts';
import { noteShown } from '../subscriptions/thinning.ts';
import { createSubscriptionSources } from '../subscriptions/subscription-source.ts';

/** Begins a subscription, or replaces the session's one of the same id, and sends what is there already, then what
 *  it asked for of the past.
 *  @returns why not; then an older one of that id goes on */
export function answerSubscribe(context: RequestContext, asked: Asked, message: SubscribeMessage): Refusal | undefined {
  const { limits, exchange } = context;
  const { session } = asked;
  const pattern = tryPattern(message.pattern);
  if (pattern === undefined || deepWildcards(pattern) > limits.deepWildcardsMax) return badPattern(message.pattern);
  const older = session.subscriptions.get(message.id);
  if (!older && isFull(context, session)) {
    const text = `A session holds at most ${limits.subscriptionsPerSessionMax} subscriptions, all together ${limits.subscriptionsMax}.`;
    return { code: errorNumber.limitReached, message: text, address: message.pattern };
  }
  if (older) exchange.unsubscribe(older.pattern, older);
  const mask = maskOf(session, message);
  const subscription: RemoteSubscription = { session, id: message.id, pattern, mask, options: message.options ?? {} };
  session.subscriptions.set(message.id, subscription);
  exchange.subscribe(pattern, subscription);
  if ((mask & (1 << codeOfKind('param'))) !== 0) noteShown(session, pattern);
  for (const source of createSubscriptionSources(context, asked, subscription)) session.line.addFrom(source);
  sendPast(context, asked, subscription);
  return undefined;
}

/** An unknown id is left without a word, as old routers do; only clients that give request ids know an ACK of it. */
export function answerUnsubscribe(context: RequestContext, { session, request }: Asked, id: number): void {
  const subscription = session.subscriptions.get(id);
  session.subscriptions.delete(id);
  if (subscription) context.exchange.unsubscribe(subscription.pattern, subscription);
  if (request.id !== undefined && request.qos !== 'fire') session.reply({ type: messageType.ack }, request);
}

/** Old clients take every kind and show any value that comes: how timelines stand is for those who said they know them. */
function maskOf({ knowsTimelines }: Session, { types }: SubscribeMessage): number {
  const kinds = types === 0 ? allKindsMask : types;
  return knowsTimelines && (kinds & (1 << codeOfKind('timeline'))) !== 0 ? kinds | timelineReportBit : kinds;
}

/** What a session has inherited does not count, since its client may have made other subscriptions meanwhile, and has not
 *  said yet which of the old it still wants. Together they are at most twice as many. */
function isFull({ limits, exchange }: RequestContext, { subscriptions, inherited }: Session): boolean {
  const { subscriptionsPerSessionMax: most, subscriptionsMax } = limits;
  if (exchange.subscriptionCount >= subscriptionsMax || subscriptions.size >= 2 * most) return true;
  if (subscriptions.size < most) return false;
  const inheritedCount = inherited.filter((each) => subscriptions.get(each.id) === each).length;
  return subscriptions.size - inheritedCount >= most;
}

/** How many `**` it has. */
export function deepWildcards(pattern: Pattern): number {
  return pattern.split('**').length - 1;
}
