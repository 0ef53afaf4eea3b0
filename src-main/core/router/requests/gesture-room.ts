import type { Address } from '../../../contract/address.ts';
import { beginsGesture } from '../../gesture/active-gestures.ts';
import type { PublishMessage } from '../../protocol/messages.ts';
import { gestureOf, type Exchange } from '../exchange.ts';
import { errorNumber, type Refusal } from './refusal.ts';

/** A PUBLISH of kind gesture. */
export interface GesturePublish {
  readonly message: PublishMessage;
  readonly address: Address;
}

type Gestures = Pick<Exchange, 'gestures'>;

/** Whether it can be passed on. One that begins a gesture for which there is no room could not be
 *  cancelled should its owner leave; what goes on or ends always can.
 *  @returns why not */
export function checkGesture(
  { gestures }: Gestures,
  owner: object,
  { message, address }: GesturePublish,
): Refusal | undefined {
  if (!beginsGesture(message.phase ?? 'start')) return undefined;
  return gestures.mayBegin(gestureOf(message, address, owner)) ? undefined : tooMany(address);
}

/** The same for those of a BUNDLE, judged one after the other. */
export function checkGestures(
  { gestures }: Gestures,
  owner: object,
  publishes: readonly GesturePublish[],
): Refusal | undefined {
  const steps = publishes.map(({ message: { id = 0, phase = 'start' }, address }) => ({ address, id, phase }));
  return gestures.mayTake(owner, steps) ? undefined : tooMany(undefined);
}

function tooMany(address: Address | undefined): Refusal {
  const message = 'Too many gestures are under way. End some first.';
  return { code: errorNumber.limitReached, message, ...(address !== undefined && { address }) };
}
