import { lockDenied, lockGranted } from '../../protocol/lock-answers.ts';
import { messageType, type AckMessage, type SetMessage } from '../../protocol/messages.ts';
import { isRefusal, tookRuledLock, type ParamRecord, type ParamWrite } from '../state/param-write.ts';
import { acknowledge, originOf, type Asked } from './acknowledge.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import { writeOf } from './signal-request.ts';

/** Writes a param, or says why not. A lock that another holds is denied as `denyLock` does. */
export function answerSet(context: RequestContext, asked: Asked, message: SetMessage): Refusal | undefined {
  const { clock, exchange } = context;
  const { session } = asked;
  const write = writeOf(message, session.id, clock.seen);
  if (isRefusal(write)) return write;
  const record = exchange.set(write, originOf(asked));
  if (isRefusal(record)) return write.lock ? denyLock(context, asked, { write, refusal: record }) : record;
  session.locks.note(record);
  acknowledge(context, asked, ackOf(message, record));
  return undefined;
}

function ackOf({ lock, unlock }: SetMessage, record: ParamRecord): AckMessage {
  const { address, revision, holder } = record;
  const ack: AckMessage = { type: messageType.ack, address, revision };
  if ((lock || tookRuledLock(record)) && holder !== undefined) return lockGranted(ack, holder);
  return unlock ? { ...ack, locked: false } : ack;
}

interface Denied {
  readonly write: ParamWrite;
  readonly refusal: Refusal;
}

/** ACK says who holds the lock, for which ERROR has no place. Who gives its requests ids gets that alone; others, to whom
 *  any ACK means that it was done, get the ERROR of the protocol before it.
 *  @returns the refusal where it is about something else */
function denyLock(
  { exchange, counters }: RequestContext,
  { session, request }: Asked,
  { write: { address }, refusal }: Denied,
): Refusal | undefined {
  const holder = exchange.table.get(address)?.holder;
  if (refusal.code !== errorNumber.lockHeld || holder === undefined) return refusal;
  counters.refuse(refusal.code);
  if (request.id === undefined) session.send({ type: messageType.error, ...refusal });
  session.reply(lockDenied(address, holder), request);
  return undefined;
}
