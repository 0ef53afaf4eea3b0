import type { Value } from '../../contract/signal.ts';
import { messageType, type PublishMessage } from '../protocol/messages.ts';
import { acknowledge, type Asked } from './acknowledge.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';

/** A PUBLISH there, with the id of a BUNDLE that waits for its time as the value, cancels it. The wire has no message for
 *  it; old routers pass it on, and nobody listens. */
export const cancelBundleAddress = '/clasp/bundle/cancel';

/** Cancels a bundle of the same client.
 *  @returns why not: it has run, or there is none */
export function answerCancelBundle(
  context: RequestContext,
  { session, request }: Asked,
  { value }: PublishMessage,
): Refusal | undefined {
  const address = cancelBundleAddress;
  const id = value && idOf(value.value);
  if (id === undefined)
    return { code: errorNumber.invalidValue, message: 'Give the id of the BUNDLE as a whole number.', address };
  if (!context.scheduled.cancel(session.client ?? session, id))
    return { code: errorNumber.addressNotFound, message: `No bundle of yours with the id ${id} waits.`, address };
  if (request.id !== undefined) acknowledge(context, { session, request }, { type: messageType.ack, address });
  return undefined;
}

function idOf(value: Value): bigint | undefined {
  if (value.type === 'i64') return value.value;
  const isWhole = value.type === 'f64' && Number.isSafeInteger(value.value) && value.value >= 0;
  return isWhole ? BigInt(value.value) : undefined;
}
