import type { Address } from '../../contract/address.ts';
import { AppError } from '../../contract/errors.ts';
import { micros, type Micros } from '../../contract/units.ts';
import {
  messageType,
  type AckMessage,
  type BundleMessage,
  type Message,
  type PublishMessage,
  type SetMessage,
} from '../protocol/messages.ts';
import { acknowledge, originOf, type Asked } from './acknowledge.ts';
import { deadlineOf, lateVerdict } from '../clock/late-policy.ts';
import { checkGestures } from './gesture-room.ts';
import { isRefusal, type ParamRecord, type ParamWrite } from './param-write.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import type { WaitingBundle } from './scheduled-bundles.ts';
import { checkPublish, writeOf } from './signal-request.ts';
import type { TimelineStep } from './timeline-stage.ts';

interface Passed {
  readonly message: PublishMessage;
  readonly address: Address;
}

/** One step of a bundle, checked as far as that goes without the state. */
type Step = { readonly message: SetMessage; readonly write: ParamWrite } | Passed | { readonly timeline: TimelineStep };

/** Applies all SETs and PUBLISHes of a bundle in their order, or none of them. Subscribers get them one by one, with nothing
 *  from elsewhere in between. Other messages in a bundle are passed over and counted.
 *  @returns the refusal of the first step that cannot be */
export function answerBundle(context: RequestContext, asked: Asked, bundle: BundleMessage): Refusal | undefined {
  if (bundle.timestamp === undefined) return runBundle(context, asked, bundle);
  const now = context.clock.nowMicros();
  if (bundle.timestamp > BigInt(now)) return scheduleBundle(context, asked, bundle);
  const deadline = micros(Number(bundle.timestamp));
  if (lateVerdict(deadline, now, context.latePolicy) === 'run') return runBundle(context, asked, bundle);
  context.counters.missedBundlesTotal++;
  return tooLate(micros(now - deadline));
}

function runBundle(context: RequestContext, asked: Asked, bundle: BundleMessage): Refusal | undefined {
  const steps = planSteps(context, asked, bundle);
  if (isRefusal(steps)) return steps;
  const revision = applySteps(context, asked, steps);
  if (typeof revision === 'object') return revision;
  acknowledge(context, asked, ackOf(revision));
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
  const steps = planSteps(context, asked, kept);
  if (isRefusal(steps)) return steps;
  const isCommit = request.qos === 'commit';
  const run = (): void => {
    const revision = tryApply(context, { ...asked, session: session.client?.session ?? session }, steps);
    if (typeof revision === 'object') miss(context, asked, revision);
    else if (isCommit) acknowledge(context, asked, ackOf(revision));
  };
  const missed = (late: Micros): void => miss(context, asked, tooLate(late));
  // Who only wanted to know that it waits knows that it does no more.
  const cancelled = (): void => {
    if (isCommit) refuse(context, asked, { code: errorNumber.missed, message: 'The bundle was cancelled.' });
  };
  const owner = session.client ?? session;
  const waiting: WaitingBundle = { run, missed, cancelled };
  scheduled.add({ owner, id: request.id, deadline, sizeBytes: sizeOf(kept), bundle: waiting });
  if (!isCommit) acknowledge(context, asked, ackOf(undefined));
  return undefined;
}

/** In the session that its client has by now, whose locks are its own. Nobody else is there to catch what it throws. */
function tryApply(context: RequestContext, asked: Asked, planned: readonly Step[]): bigint | undefined | Refusal {
  try {
    const steps = planAnew(context, asked, planned);
    return isRefusal(steps) ? steps : applySteps(context, asked, steps);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: errorNumber.invalidValue, message: error.message };
  }
}

/** Its time came, and nothing of it was done. */
function miss(context: RequestContext, asked: Asked, refusal: Refusal): void {
  context.counters.missedBundlesTotal++;
  refuse(context, asked, refusal);
}

function refuse({ counters }: RequestContext, { session, request }: Asked, refusal: Refusal): void {
  counters.refuse(refusal.code);
  session.reply({ type: messageType.error, ...refusal }, request);
}

function tooLate(late: Micros): Refusal {
  const message = `The bundle was ${Math.ceil(late / 1000)} ms too late for this router, and nothing of it was done.`;
  return { code: errorNumber.missed, message };
}

function ackOf(revision: bigint | undefined): AckMessage {
  return { type: messageType.ack, ...(revision !== undefined && { revision }) };
}

/** @returns the revision of the last SET, if there was one, or why nothing of it was done */
function applySteps(context: RequestContext, asked: Asked, steps: readonly Step[]): bigint | undefined | Refusal {
  const writes = steps.flatMap((step) => ('write' in step ? [step.write] : []));
  // Nobody would release it.
  if (asked.session.phase === 'closed' && writes.some(({ lock }) => lock))
    return { code: errorNumber.unavailable, message: 'The session that would hold the lock has ended.' };
  const refusal = context.timelines.check(steps.flatMap((step) => ('timeline' in step ? [step.timeline] : [])));
  if (refusal) return refusal;
  const crowded = checkGestures(context.exchange, asked.session, steps.flatMap(gestureIn));
  if (crowded) return crowded;
  const records = context.exchange.table.writeAll(writes);
  if (isRefusal(records)) return records;
  return spread(context, asked, steps, records);
}

function gestureIn(step: Step): readonly Passed[] {
  return 'address' in step && step.message.kind === 'gesture' ? [step] : [];
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

function planSteps(context: RequestContext, asked: Asked, bundle: BundleMessage): readonly Step[] | Refusal {
  const at = context.clock.nowMicros();
  const steps: Step[] = [];
  for (const message of flatten(bundle)) {
    if (message.type === messageType.set) {
      const write = writeOf(message, asked.session.id, at);
      if (isRefusal(write)) return write;
      steps.push({ message, write });
    } else if (message.type === messageType.publish) {
      const address = checkPublish(message, context.exchange.rules);
      if (typeof address === 'object') return address;
      const step =
        message.kind === 'timeline' ? planTimeline(context, asked, { message, address }) : { message, address };
      if (isRefusal(step)) return step;
      steps.push(step);
    } else {
      context.counters.ignoredTotal++;
    }
  }
  return steps;
}

/** The time is another by now, and so may be who holds a lock, who is still there, and what is announced. */
function planAnew(
  { clock, timelines, exchange }: RequestContext,
  asked: Asked,
  steps: readonly Step[],
): readonly Step[] | Refusal {
  const at = clock.nowMicros();
  const { session } = asked;
  const origin = originOf(asked);
  const holdsNothing = session.phase === 'closed';
  const anew: Step[] = [];
  for (const step of steps) {
    if ('write' in step) {
      anew.push({ message: step.message, write: { ...step.write, writer: session.id, at, holdsNothing } });
    } else if ('timeline' in step) {
      const timeline = timelines.plan({ ...step.timeline, origin });
      if (isRefusal(timeline)) return timeline;
      anew.push({ timeline });
    } else {
      const address = checkPublish(step.message, exchange.rules);
      if (typeof address === 'object') return address;
      anew.push(step);
    }
  }
  return anew;
}

function planTimeline({ timelines }: RequestContext, asked: Asked, publish: Passed): Step | Refusal {
  const timeline = timelines.plan({ ...publish, origin: originOf(asked) });
  return isRefusal(timeline) ? timeline : { timeline };
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
  { exchange, timelines }: RequestContext,
  asked: Asked,
  steps: readonly Step[],
  records: readonly ParamRecord[],
): bigint | undefined {
  const origin = originOf(asked);
  let written = 0;
  for (const step of steps) {
    if ('timeline' in step) {
      timelines.perform(step.timeline);
      continue;
    }
    if ('address' in step) {
      exchange.publish(step.message, step.address, origin);
      continue;
    }
    const record = records[written++];
    if (!record) continue;
    exchange.announceSet(record, step.message, origin);
    asked.session.locks.note(record);
  }
  return records.at(-1)?.revision;
}
