import { tryAddress, tryPattern } from '../../../contract/address.ts';
import {
  messageType,
  type AnnounceMessage,
  type GetMessage,
  type Message,
  type PublishMessage,
  type QueryMessage,
  type SyncMessage,
} from '../../protocol/messages.ts';
import { acknowledge, headerOf, originOf, type Asked } from './acknowledge.ts';
import { answerBundle } from './bundle-request.ts';
import { answerCancelBundle } from './cancel-bundle.ts';
import { cancelBundleAddress } from '../../protocol/correlation.ts';
import { checkGesture } from './gesture-room.ts';
import { badAddress, badPattern, errorNumber, type Refusal } from './refusal.ts';
import { answerReplay } from './replay-request.ts';
import type { RequestContext } from './request-context.ts';
import { createResultSource } from './result-source.ts';
import type { Session } from '../sessions/session.ts';
import { answerSet } from './set-request.ts';
import { checkLock, checkPublish } from './signal-request.ts';
import { answerSignal, checkAnnounce, isForSession } from './signal-to-session.ts';
import { answerSubscribe, answerUnsubscribe, deepWildcards } from './subscribe-request.ts';

/** Does what a message of a greeted session asks for.
 *  @returns why it was refused; then nothing has changed and the caller sends the ERROR */
export function answer(context: RequestContext, asked: Asked, message: Message): Refusal | undefined {
  switch (message.type) {
    case messageType.set:
      return answerSet(context, asked, message);
    case messageType.publish:
      return answerPublish(context, asked, message);
    case messageType.bundle:
      return answerBundle(context, asked, message);
    case messageType.get:
      return answerGet(context, asked, message);
    case messageType.subscribe:
      return answerSubscribe(context, asked, message);
    case messageType.unsubscribe:
      answerUnsubscribe(context, asked, message.id);
      return undefined;
    case messageType.query:
      return answerQuery(context, asked, message);
    case messageType.announce:
      return answerAnnounce(context, asked, message);
    case messageType.sync:
      answerSync(context, asked.session, message);
      return undefined;
    case messageType.ping:
      asked.session.send({ type: messageType.pong });
      return undefined;
    case messageType.hello:
      return { code: errorNumber.invalidMessage, message: 'The session has said HELLO already.' };
    case messageType.replay:
      return answerReplay(context, asked, message);
    case messageType.federationSync:
      return { code: errorNumber.unavailable, message: 'This router does not federate.' };
    case messageType.ack:
      return context.away.acknowledge(asked.session, message);
    case messageType.welcome:
    case messageType.snapshot:
    case messageType.error:
    case messageType.result:
    case messageType.pong:
      context.counters.ignoredTotal++;
      return undefined;
    default:
      return message satisfies never;
  }
}

function answerPublish(context: RequestContext, asked: Asked, message: PublishMessage): Refusal | undefined {
  const address = checkPublish(message, context.exchange.rules);
  if (typeof address === 'object') return address;
  if (address === cancelBundleAddress) return answerCancelBundle(context, asked, message);
  if (isForSession(address)) return answerSignal(context, asked, message);
  const foreign = checkAnnounce(message, address, asked.session.id);
  if (foreign) return foreign;
  const locked = checkLock(message, address, { table: context.exchange.table, writer: asked.session.id });
  if (locked) return locked;
  const crowded = message.kind === 'gesture' && checkGesture(context.exchange, asked.session, { message, address });
  if (crowded) return crowded;
  const origin = originOf(asked);
  if (message.kind === 'timeline') {
    const refusal = context.timelines.take({ message, address, origin });
    if (refusal) return refusal;
  } else {
    context.exchange.publish(message, address, origin);
  }
  // Old clients know no ACK of PUBLISH.
  const { id, qos } = asked.request;
  if (id !== undefined && qos !== 'fire') acknowledge(context, asked, { type: messageType.ack, address });
  return undefined;
}

function answerGet(
  { exchange }: RequestContext,
  { session, request }: Asked,
  { address }: GetMessage,
): Refusal | undefined {
  if (tryAddress(address) === undefined) return badAddress(address);
  const record = exchange.table.get(address);
  if (!record) return { code: errorNumber.addressNotFound, message: 'Nothing is known at this address.', address };
  session.send({ type: messageType.snapshot, params: [record] }, headerOf(request));
  return undefined;
}

function answerQuery(context: RequestContext, { session, request }: Asked, message: QueryMessage): Refusal | undefined {
  const pattern = tryPattern(message.pattern);
  if (pattern === undefined || deepWildcards(pattern) > context.limits.deepWildcardsMax)
    return badPattern(message.pattern);
  session.line.addFrom(
    createResultSource({
      announced: context.announced,
      table: context.exchange.table,
      timelines: context.timelines.addresses(),
      recent: context.exchange.recent,
      pattern,
      header: headerOf(request),
      frameBytesMax: session.connection.maxBytes,
      scanPerTurnMax: context.limits.scanPerTurnMax,
    }),
  );
  return undefined;
}

function answerAnnounce(
  context: RequestContext,
  { session, request }: Asked,
  message: AnnounceMessage,
): Refusal | undefined {
  const misnamed = namespaceFault(message.namespace);
  if (misnamed) return misnamed;
  for (const { address } of message.signals) {
    const fault = announcedFault(address, context.limits.deepWildcardsMax);
    if (fault) return fault;
  }
  const refusal = context.announced.announce(session.id, message.signals);
  if (refusal) return refusal;
  const addresses = message.signals.map(({ address }) => address);
  context.exchange.table.releaseUnruled(addresses.some((address) => address.includes('*')) ? undefined : addresses);
  acknowledge(context, { session, request }, { type: messageType.ack, address: message.namespace });
  return undefined;
}

/** The beginning of addresses: one itself, with or without a slash behind it, a pattern, or a slash for all. */
function namespaceFault(text: string): Refusal | undefined {
  const stem = text.endsWith('/') ? text.slice(0, -1) : text;
  if (text === '/' || tryAddress(stem) !== undefined || (stem.includes('*') && tryPattern(stem) !== undefined))
    return undefined;
  const message = 'A namespace is the beginning of addresses, like /desk: it starts with / and has no empty parts.';
  return { code: errorNumber.invalidAddress, message, address: text };
}

/** An owner may announce many signals at once by a pattern [CLASP 5.3]. */
function announcedFault(text: string, deepWildcardsMax: number): Refusal | undefined {
  if (!text.includes('*')) return tryAddress(text) === undefined ? badAddress(text) : undefined;
  const pattern = tryPattern(text);
  return pattern === undefined || deepWildcards(pattern) > deepWildcardsMax ? badPattern(text) : undefined;
}

function answerSync({ clock, counters }: RequestContext, session: Session, { t1, t2 }: SyncMessage): void {
  // An answer to a SYNC that this router never sends.
  if (t2 !== undefined) {
    counters.ignoredTotal++;
    return;
  }
  const now = BigInt(clock.nowMicros());
  session.send({ type: messageType.sync, t1, t2: now, t3: now });
}
