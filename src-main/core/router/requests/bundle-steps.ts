import type { Address } from '../../../contract/address.ts';
import type { Micros } from '../../../contract/units.ts';
import {
  messageType,
  type BundleMessage,
  type Draft,
  type Message,
  type PublishMessage,
  type SetMessage,
} from '../../protocol/messages.ts';
import { cancelBundleAddress } from '../../protocol/correlation.ts';
import type { Exchange } from '../exchange.ts';
import { originOf, type Asked } from './acknowledge.ts';
import type { HalfKept } from '../sessions/earlier-requests.ts';
import { checkGestures } from './gesture-room.ts';
import { isRefusal, type ParamRecord, type ParamWrite } from '../state/param-write.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import type { RequestContext } from './request-context.ts';
import { checkLock, checkPublish, writeOf } from './signal-request.ts';
import { checkAnnounce, isForSession, signalMisplaced } from './signal-to-session.ts';
import type { TimelineStep } from '../state/timeline-stage.ts';

interface Written {
  readonly message: SetMessage;
  readonly write: ParamWrite;
}

interface Passed {
  readonly message: PublishMessage;
  readonly address: Address;
}

interface Moved {
  timeline: TimelineStep;
}

/** One SET or PUBLISH of a bundle, checked as far as that goes without the state. */
type Step = Written | Passed | Moved;

/** All that is to be done, in its order. */
export interface BundlePlan {
  readonly steps: readonly Step[];
  /** of all SETs; their time changes when they are done later */
  readonly writes: readonly Draft<ParamWrite>[];
  readonly hasLock: boolean;
  readonly hasTimeline: boolean;
  readonly gestures: readonly Passed[];
}

/** Checks a bundle before anything of it is done. What is neither SET nor PUBLISH is passed over and counted.
 *  @returns the plan, or why it cannot be */
export function planBundle(context: RequestContext, asked: Asked, bundle: BundleMessage): BundlePlan | Refusal {
  const at = context.clock.nowMicros();
  const steps: Step[] = [];
  for (const message of flatten(bundle)) {
    if (message.type === messageType.set) {
      const write = writeOf(message, asked.session.id, at);
      if (isRefusal(write)) return write;
      steps.push({ message, write });
    } else if (message.type === messageType.publish) {
      const step = planPublish(context, asked, message);
      if (isRefusal(step)) return step;
      steps.push(step);
    } else {
      context.counters.ignoredTotal++;
    }
  }
  return planOf(steps);
}

/** What it would write and pass on. */
export function writesOf({ steps }: BundlePlan): readonly (SetMessage | PublishMessage)[] {
  return steps.map((step) => ('timeline' in step ? step.timeline.message : step.message));
}

/** What is left to do of a bundle when a crash let one part of it reach the disk. */
export function withoutPart({ steps }: BundlePlan, kept: HalfKept['kept']): BundlePlan {
  return planOf(steps.filter((step) => partOf(step) !== kept));
}

/** The same plan later, in the session that its client has by now: the time is another by then, and so may be who holds a
 *  lock, who is still there, and what is announced. */
export function renewPlan(
  { timelines, exchange }: RequestContext,
  asked: Asked,
  { plan: { steps, writes }, at }: { readonly plan: BundlePlan; readonly at: Micros },
): Refusal | undefined {
  const { session } = asked;
  const holdsNothing = session.phase === 'closed';
  for (const write of writes) {
    write.writer = session.id;
    write.at = at;
    write.holdsNothing = holdsNothing;
  }
  if (writes.length === steps.length) return undefined;
  const origin = originOf(asked);
  for (const step of steps) {
    if ('timeline' in step) {
      const timeline = timelines.plan({ ...step.timeline, origin });
      if (isRefusal(timeline)) return timeline;
      step.timeline = timeline;
    } else if ('address' in step) {
      const address = checkPassed(exchange, asked, step.message);
      if (typeof address === 'object') return address;
    }
  }
  return undefined;
}

/** Writes all SETs, or nothing.
 *  @returns what became of them, to be told by `tellBundle`, or why nothing can be done */
export function writeBundle(
  { exchange, timelines }: RequestContext,
  { session }: Asked,
  { steps, writes, hasLock, hasTimeline, gestures }: BundlePlan,
): readonly ParamRecord[] | Refusal {
  // Nobody would release it.
  if (hasLock && session.phase === 'closed')
    return { code: errorNumber.unavailable, message: 'The session that would hold the lock has ended.' };
  const refusal = hasTimeline && timelines.check(steps.flatMap((step) => ('timeline' in step ? [step.timeline] : [])));
  if (refusal) return refusal;
  const crowded = gestures.length > 0 && checkGestures(exchange, session, gestures);
  if (crowded) return crowded;
  const [only] = writes;
  if (!only || writes.length > 1) return exchange.table.writeAll(writes);
  const record = exchange.table.write(only);
  return isRefusal(record) ? record : [record];
}

/** Tells everyone what a bundle did, one step after the other, and does what is left: timelines and what is passed on.
 *  @returns the revision of the last SET, if there was one */
export function tellBundle(
  { exchange, timelines }: RequestContext,
  asked: Asked,
  { plan, records }: { readonly plan: BundlePlan; readonly records: readonly ParamRecord[] },
): bigint | undefined {
  const origin = originOf(asked);
  let written = 0;
  for (const step of plan.steps) {
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
    exchange.announceSet(record, step.write, origin);
    asked.session.locks.note(record);
  }
  return records.at(-1)?.revision;
}

function planOf(steps: readonly Step[]): BundlePlan {
  const writes = steps.flatMap((step) => ('write' in step ? [step.write] : []));
  const hasLock = writes.some(({ lock }) => lock === true);
  const hasTimeline = steps.some((step) => 'timeline' in step);
  return { steps, writes, hasLock, hasTimeline, gestures: steps.flatMap(gestureIn) };
}

/** Where it is kept. */
function partOf(step: Step): HalfKept['kept'] {
  return 'write' in step || 'timeline' in step ? 'params' : 'signals';
}

function gestureIn(step: Step): readonly Passed[] {
  return 'address' in step && step.message.kind === 'gesture' ? [step] : [];
}

/** Bundles inside bundles count as if their messages stood there; the codec bounds how deep they go. */
export function* flatten(bundle: BundleMessage): Generator<Message> {
  for (const message of bundle.messages) {
    if (message.type === messageType.bundle) yield* flatten(message);
    else yield message;
  }
}

/** Whether a bundle inside this one is for another time: the whole is done at once or not at all, so it cannot be. */
export function hasOtherTime({ messages }: BundleMessage, time: bigint | undefined): boolean {
  return messages.some((message) => {
    if (message.type !== messageType.bundle) return false;
    return (message.timestamp !== undefined && message.timestamp !== time) || hasOtherTime(message, time);
  });
}

/** What cancels a bundle has an answer of its own, which one among others could not have. */
function checkPassed(exchange: Exchange, { session }: Asked, message: PublishMessage): Address | Refusal {
  const address = checkPublish(message, exchange.rules);
  if (address === cancelBundleAddress) {
    const text = 'What cancels a bundle is sent by itself, not in a bundle.';
    return { code: errorNumber.invalidMessage, message: text, address };
  }
  if (typeof address === 'object') return address;
  if (isForSession(address)) return signalMisplaced(address);
  const foreign = checkAnnounce(message, address, session.id);
  if (foreign) return foreign;
  return checkLock(message, address, { table: exchange.table, writer: session.id }) ?? address;
}

function planPublish(context: RequestContext, asked: Asked, message: PublishMessage): Step | Refusal {
  const address = checkPassed(context.exchange, asked, message);
  if (typeof address === 'object') return address;
  if (message.kind !== 'timeline') return { message, address };
  const timeline = context.timelines.plan({ message, address, origin: originOf(asked) });
  return isRefusal(timeline) ? timeline : { timeline };
}
