import type { Address } from '../../contract/address.ts';
import {
  messageType,
  type BundleMessage,
  type Message,
  type PublishMessage,
  type SetMessage,
} from '../protocol/messages.ts';
import { acknowledge, type Asked } from './acknowledge.ts';
import { isRefusal, type ParamRecord, type ParamWrite } from './param-write.ts';
import type { Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import type { Session } from './session.ts';
import { checkPublish, writeOf } from './signal-request.ts';

/** One step of a bundle, checked as far as that goes without the state. */
type Step =
  | { readonly message: SetMessage; readonly write: ParamWrite }
  | { readonly message: PublishMessage; readonly address: Address };

/** Applies all SETs and PUBLISHes of a bundle in their order, or none of them. Subscribers get them one by one, with nothing
 *  from elsewhere in between. Other messages in a bundle are passed over and counted.
 *  @returns the refusal of the first step that cannot be */
export function answerBundle(context: RequestContext, asked: Asked, bundle: BundleMessage): Refusal | undefined {
  const { session } = asked;
  const steps = planSteps(context, session, bundle);
  if (isRefusal(steps)) return steps;
  const writes = steps.flatMap((step) => ('write' in step ? [step.write] : []));
  const records = context.exchange.table.writeAll(writes);
  if (isRefusal(records)) return records;
  const lastRevision = spread(context, session, steps, records);
  const revision = lastRevision === undefined ? {} : { revision: lastRevision };
  acknowledge(context, asked, { type: messageType.ack, ...revision });
  return undefined;
}

function planSteps(context: RequestContext, session: Session, bundle: BundleMessage): readonly Step[] | Refusal {
  const at = context.clock.nowMicros();
  const steps: Step[] = [];
  for (const message of flatten(bundle)) {
    if (message.type === messageType.set) {
      const write = writeOf(message, session.id, at);
      if (isRefusal(write)) return write;
      steps.push({ message, write });
    } else if (message.type === messageType.publish) {
      const address = checkPublish(message);
      if (typeof address === 'object') return address;
      steps.push({ message, address });
    } else {
      context.counters.ignoredTotal++;
    }
  }
  return steps;
}

/** Bundles inside bundles count as if their messages stood there; the codec bounds how deep they go. */
function* flatten(bundle: BundleMessage): Generator<Message> {
  for (const message of bundle.messages) {
    if (message.type === messageType.bundle) yield* flatten(message);
    else yield message;
  }
}

/** @returns the revision of the last SET, if there was one */
function spread(
  { exchange }: RequestContext,
  session: Session,
  steps: readonly Step[],
  records: readonly ParamRecord[],
): bigint | undefined {
  let written = 0;
  for (const step of steps) {
    if ('address' in step) {
      exchange.publish(step.message, step.address, session.origin);
      continue;
    }
    const record = records[written++];
    if (!record) continue;
    exchange.announceSet(record, step.message, session.origin);
    session.locks.note(record);
  }
  return records.at(-1)?.revision;
}
