import { isExact, matcherOf, tryAddress, type Pattern } from '../../../contract/address.ts';
import type { Value } from '../../../contract/signal.ts';
import type { Clock } from '../../../ports/clock.ts';
import { codeOfKind } from '../../protocol/enumerations.ts';
import { messageType, type PublishMessage, type SetMessage } from '../../protocol/messages.ts';
import type { RouterCounters } from '../counters.ts';
import type { RouterLimits } from '../limits.ts';
import type { Session } from '../sessions/session.ts';
import { SessionGate } from '../sessions/session-gate.ts';
import { isBatch, SharedFrame } from '../delivery/shared-frame.ts';
import { publishedValue } from '../state/signal-message.ts';
import type { SessionTarget } from './subscription.ts';

/** Moves of one gesture that reach one session in a second, however many come. */
export const gestureMovesPerSecond = 60;

export interface ThinningOptions {
  readonly clock: Clock;
  readonly limits: Pick<RouterLimits, 'thinnedMax' | 'thinnedBytesMax' | 'epsilonBytesMax'>;
  readonly counters: RouterCounters;
}

type Flowing = SetMessage | PublishMessage;

/** Hands messages to sessions that do not want all of them. */
export class Thinning {
  readonly #options: ThinningOptions;

  constructor(options: ThinningOptions) {
    this.#options = options;
  }

  /** @param made the frame, if an earlier session had it made
   *  @returns the frame, if it is made by now */
  pass(message: Flowing, target: SessionTarget, made: SharedFrame | undefined): SharedFrame | undefined {
    const { session, plainMask, subscriptions } = target;
    const bit = 1 << codeOfKind(message.type === messageType.set ? 'param' : message.kind);
    const isGesture = message.type === messageType.publish && message.kind === 'gesture';
    const isMove = isGesture && message.phase === 'move';
    let frame = made;
    if (!isMove && (isGesture || (plainMask & bit) !== 0 || isLocking(message))) {
      // A move that waits must not come after the end of its gesture, nor an old value after the newest.
      if (isGesture) session.gate?.flush(keyOf(message));
      session.gate?.passed(keyOf(message));
      frame ??= new SharedFrame(message);
      session.line.add(frame);
      return frame;
    }
    const wanting = subscriptions.filter(({ mask, isLeftBehind }) => (mask & bit) !== 0 && isLeftBehind !== true);
    if (wanting.length === 0) return frame;
    const hasEpsilon = wanting.some(({ options }) => options.epsilon !== undefined);
    (session.gate ?? this.#open(session)).offer({
      key: keyOf(message),
      value: hasEpsilon ? valueNear(message, this.#options.limits.epsilonBytesMax) : undefined,
      frame: () => (frame ??= new SharedFrame(message)),
      subscriptions: wanting,
      rateMax: isMove ? gestureMovesPerSecond : undefined,
    });
    return frame;
  }

  #open(session: Session): SessionGate {
    const { clock, limits, counters } = this.#options;
    session.gate = new SessionGate({
      clock,
      limits,
      send: (frame) => session.line.add(frame),
      isCurrent: (subscription) => session.subscriptions.get(subscription.id) === subscription,
      onThinned: () => counters.thinnedTotal++,
    });
    return session.gate;
  }
}

/** A session is shown the params that a pattern covers as they stand: what it saw of them before says nothing any more. */
export function noteShown({ gate }: Session, pattern: Pattern): void {
  if (!gate) return;
  if (isExact(pattern)) return gate.showed(paramKey + pattern);
  const covers = matcherOf(pattern);
  for (const key of gate.keys()) {
    const address = key.startsWith(paramKey) && tryAddress(key.slice(paramKey.length));
    if (address && covers(address)) gate.showed(key);
  }
}

/** Whoever hears of a param hears of its lock. */
function isLocking(message: Flowing): boolean {
  return message.type === messageType.set && (message.lock === true || message.unlock === true);
}

/** Before the address of a param. */
const paramKey = 'param ';

/** What takes the place of what: of a gesture the moves of one finger. */
function keyOf(message: Flowing): string {
  if (message.type === messageType.set) return paramKey + message.address;
  const finger = message.kind === 'gesture' ? ` ${message.id ?? 0}` : '';
  return `${message.kind} ${message.address}${finger}`;
}

/** @returns undefined for what is too large to be compared each time, and for a batch, whose last sample does not stand for
 *  the others: they count as moved */
function valueNear(message: Flowing, bytesMax: number): Value | undefined {
  if (message.type === messageType.publish && isBatch(message)) return undefined;
  if ((message.value?.size ?? 0) > bytesMax) return undefined;
  return message.type === messageType.set ? message.value.value : publishedValue(message);
}
