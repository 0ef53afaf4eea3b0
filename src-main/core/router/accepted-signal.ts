import { parseAddress, type Address } from '../../contract/address.ts';
import { micros, type Micros } from '../../contract/units.ts';
import { codeOfKind } from '../protocol/enumerations.ts';
import { messageType, type PublishMessage, type SetMessage } from '../protocol/messages.ts';
import type { Delivery, Origin } from './delivery/delivery.ts';
import { SharedFrame } from './delivery/shared-frame.ts';
import { signalOf } from './state/signal-message.ts';

type Flowing = SetMessage | PublishMessage;

/** What was accepted last, on its way to memory, journal and receivers. One object takes each in turn, since making one for
 *  each would cost as much as keeping the signal: whoever could be interrupted by another signal reads it before. */
export class AcceptedSignal {
  address = parseAddress('/none');
  origin: Origin;
  /** to be set with each */
  at: Micros = micros(0);
  /** kind code */
  code = 0;
  /** of the masks that want it */
  bit = 0;
  /** participants in the process do not get it */
  isForRemote = false;

  constructor(origin: Origin) {
    this.origin = origin;
  }

  /** A new one, for all. */
  take(message: Flowing, address: Address, origin: Origin): this {
    this.address = address;
    this.origin = origin;
    this.code = message.type === messageType.set ? 0 : codeOfKind(message.kind);
    this.bit = 1 << this.code;
    this.isForRemote = false;
    return this;
  }
}

/** What was asked under commit reaches a slow session too, or that session ends. */
const asWhole = { isWhole: true };

/** For all receivers. */
export function frameOf(message: Flowing, { isCommit }: Origin): SharedFrame {
  return new SharedFrame(message, isCommit ? asWhole : undefined);
}

/** For participants in the process. */
export function deliveryOf(
  message: Flowing,
  { address, origin, at }: Pick<AcceptedSignal, 'address' | 'origin' | 'at'>,
): Delivery {
  return {
    signal:
      message.type === messageType.set
        ? { kind: 'param', address, value: message.value.value }
        : signalOf(message, address),
    from: origin.name,
    ...(origin.owner.name !== undefined && { fromName: origin.owner.name }),
    fromLocal: origin.fromLocal,
    at,
    ...(origin.cause && { cause: origin.cause }),
  };
}
