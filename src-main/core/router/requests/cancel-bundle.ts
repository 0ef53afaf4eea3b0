import type { Value } from '../../../contract/signal.ts';
import { cancelBundleAddress } from '../../protocol/correlation.ts';
import { messageType, type PublishMessage } from '../../protocol/messages.ts';
import { acknowledge, type Asked } from './acknowledge.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';

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
  const cancelled = context.scheduled.cancel(session.client ?? session, id);
  if (!cancelled)
    return { code: errorNumber.addressNotFound, message: `No bundle of yours with the id ${id} waits.`, address };
  cancelled.cancelled();
  if (request.id !== undefined) acknowledge(context, { session, request }, { type: messageType.ack, address });
  return undefined;
}

function idOf(value: Value): bigint | undefined {
  if (value.type === 'i64') return value.value;
  const isWhole = value.type === 'f64' && Number.isSafeInteger(value.value) && value.value >= 0;
  return isWhole ? BigInt(value.value) : undefined;
}
