import { tryAddress, type Address } from '../../../contract/address.ts';
import { text, type MapEntry } from '../../../contract/signal.ts';
import { messageType, type PublishMessage } from '../../protocol/messages.ts';
import { p2pAnnounceAddress, signalTarget } from '../../protocol/p2p.ts';
import { WireValue } from '../../protocol/wire-value.ts';
import { acknowledge, type Asked } from './acknowledge.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';

/** Whether a PUBLISH there is for one session, not for subscribers. */
export function isForSession(address: Address): boolean {
  return signalTarget(address) !== undefined;
}

/** Signals go alone, and only sessions send them: nobody else could be answered. */
export function signalMisplaced(address: Address): Refusal {
  const message = 'A peer-to-peer signal is sent by a session, by itself.';
  return { code: errorNumber.forbidden, message, address };
}

/** Takes what a peer tells another to that one session, which needs no subscription for it. `from` in the value is the
 *  sender's session: added where it is missing, refused where it is another's.
 *  @see CLASP-WIRE §15 */
export function answerSignal(context: RequestContext, asked: Asked, message: PublishMessage): Refusal | undefined {
  const { signals, limits } = context;
  const { session, request } = asked;
  const address = tryAddress(message.address);
  const target = signalTarget(message.address) ?? '';
  if (!signals.allows(session)) {
    const many = `More than ${limits.signalsBurstMax} peer-to-peer signals at once, or ${limits.signalsPerSecondMax} a second.`;
    return { code: errorNumber.limitReached, message: many, address: message.address };
  }
  const { value } = message;
  if (!value || value.size > limits.signalBytesMax || value.value.type !== 'map') {
    const expected = `Expected a map with type, from and correlation_id, of ${limits.signalBytesMax} bytes at most.`;
    return { code: errorNumber.invalidValue, message: expected, address: message.address };
  }
  const entries = value.value.value;
  const refusal = foreignName(entries, 'from', { id: session.id, address: message.address });
  if (refusal) return refusal;
  const signed = entries.some(([key]) => key === 'from')
    ? message
    : { ...message, value: WireValue.of({ type: 'map', value: [...entries, ['from', text(session.id)]] }) };
  if (!signals.pass(target, signed, session.id)) {
    const gone = 'No session has this id, or no more.';
    return { code: errorNumber.notFound, message: gone, address: message.address };
  }
  if (request.id !== undefined && request.qos !== 'fire')
    acknowledge(context, asked, { type: messageType.ack, ...(address !== undefined && { address }) });
  return undefined;
}

/** Who can be connected to is said by itself. @returns why not */
export function checkAnnounce({ value }: PublishMessage, address: Address, id: string): Refusal | undefined {
  if (address !== p2pAnnounceAddress || value?.value.type !== 'map') return undefined;
  return foreignName(value.value.value, 'session_id', { id, address });
}

function foreignName(
  entries: readonly MapEntry[],
  key: string,
  { id, address }: { readonly id: string; readonly address: string },
): Refusal | undefined {
  const isForeign = entries.some(([name, value]) => name === key && !(value.type === 'string' && value.value === id));
  if (!isForeign) return undefined;
  const message = `In ${key} stands the id of the session that sends, which is ${id}.`;
  return { code: errorNumber.forbidden, message, address };
}
