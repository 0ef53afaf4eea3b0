import { micros } from '../../../contract/units.ts';
import { deadlineOf, lateVerdict } from '../../clock/late-policy.ts';
import { messageType, type BundleMessage } from '../../protocol/messages.ts';
import { acknowledge, type Asked } from './acknowledge.ts';
import { flatten, hasOtherTime, planBundle, tellBundle, withoutPart, writeBundle } from './bundle-steps.ts';
import { isRefusal } from '../state/param-write.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import { ackOf, tooLate, WaitingBundle } from './waiting-bundle.ts';

/** Applies all SETs and PUBLISHes of a bundle in their order, or none of them. Subscribers get them one by one, with nothing
 *  from elsewhere in between. Other messages in a bundle are passed over and counted.
 *  @returns the refusal of the first step that cannot be */
export function answerBundle(context: RequestContext, asked: Asked, bundle: BundleMessage): Refusal | undefined {
  if (hasOtherTime(bundle, bundle.timestamp)) {
    const message = 'A BUNDLE inside another has no time of its own: give it to the outer one, or send the two apart.';
    return { code: errorNumber.invalidMessage, message };
  }
  // What was begun is ended, whatever the time.
  if (bundle.timestamp === undefined || asked.request.halfKept) return runBundle(context, asked, bundle);
  const now = context.clock.nowMicros();
  if (bundle.timestamp > BigInt(now)) return scheduleBundle(context, asked, bundle);
  const deadline = micros(Number(bundle.timestamp));
  if (lateVerdict(deadline, now, context.latePolicy) === 'run') return runBundle(context, asked, bundle);
  context.counters.missedBundlesTotal++;
  return tooLate(micros(now - deadline));
}

function runBundle(context: RequestContext, asked: Asked, bundle: BundleMessage): Refusal | undefined {
  const { halfKept } = asked.request;
  const whole = planBundle(context, asked, bundle);
  if (isRefusal(whole)) return whole;
  const plan = halfKept ? withoutPart(whole, halfKept.kept) : whole;
  const records = writeBundle(context, asked, plan);
  if (isRefusal(records)) return records;
  const revision = tellBundle(context, asked, { plan, records });
  acknowledge(context, asked, halfKept?.kept === 'params' ? halfKept.answer : ackOf(revision));
  return undefined;
}

/** Looks at it now as far as that goes without the state, and does it in its time.
 *  Under commit the ACK comes when it is done, otherwise when it waits; ERROR may still follow.
 *  @throws InputError 'too-far-ahead'; LimitError 'too-many-items' */
function scheduleBundle(context: RequestContext, asked: Asked, bundle: BundleMessage): Refusal | undefined {
  const { clock, scheduled, latePolicy } = context;
  const { session, request } = asked;
  const deadline = deadlineOf(bundle.timestamp ?? 0n, clock.nowMicros(), latePolicy);
  const kept = copyOf(bundle);
  const plan = planBundle(context, asked, kept);
  if (isRefusal(plan)) return plan;
  const waiting = new WaitingBundle(context, asked, plan);
  const owner = session.client ?? session;
  scheduled.add({ owner, id: request.id, deadline, sizeBytes: sizeOf(kept), bundle: waiting });
  if (request.qos !== 'commit') acknowledge(context, asked, ackOf(undefined));
  return undefined;
}

/** Values are views of a frame that is gone by then. */
function copyOf(bundle: BundleMessage): BundleMessage {
  const messages = [...flatten(bundle)].map((message) => {
    if (message.type !== messageType.set && message.type !== messageType.publish) return message;
    return message.value ? { ...message, value: message.value.copy() } : { ...message };
  });
  return { type: messageType.bundle, messages };
}

function sizeOf({ messages }: BundleMessage): number {
  return messages.reduce((size, message) => {
    if (message.type !== messageType.set && message.type !== messageType.publish) return size;
    const samples = message.type === messageType.publish ? message.samples : undefined;
    return size + 64 + message.address.length * 2 + (message.value?.size ?? 0) + (samples?.length ?? 0) * 8;
  }, 0);
}
