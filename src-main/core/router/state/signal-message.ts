import type { Address } from '../../../contract/address.ts';
import { f64, nullValue, type Signal, type Value } from '../../../contract/signal.ts';
import type { Micros } from '../../../contract/units.ts';
import { messageType, type PublishMessage } from '../../protocol/messages.ts';
import { WireValue } from '../../protocol/wire-value.ts';

/** The PUBLISH that carries a signal other than a param's SET. Samples go before the value, since the wire has room for one.
 *  @throws LimitError when no frame can carry the value
 *  @throws InputError 'bad-number' for a number its type cannot hold */
export function publishOf(signal: Exclude<Signal, { kind: 'param' }>): PublishMessage {
  const { kind, address, timestamp } = signal;
  const samples = kind === 'stream' && signal.samples && signal.samples.length > 0 ? signal.samples : undefined;
  return {
    type: messageType.publish,
    kind,
    address,
    ...(samples ? { samples } : { value: WireValue.of(signal.value) }),
    ...(kind === 'gesture' && { phase: signal.phase, id: signal.gestureId }),
    ...(kind === 'stream' && signal.rate !== undefined && { rate: signal.rate }),
    ...(timestamp !== undefined && { timestamp: BigInt(timestamp) }),
  };
}

/** The signal in a PUBLISH. Samples alone have their last one as the value; a time that is no safe number is left out. */
export function signalOf(message: PublishMessage, address: Address): Signal {
  const value = publishedValue(message);
  const timestamp = microsOf(message.timestamp);
  const timed = timestamp === undefined ? {} : { timestamp };
  switch (message.kind) {
    case 'param':
      return { kind: 'param', address, value };
    case 'event':
    case 'timeline':
      return { kind: message.kind, address, value, ...timed };
    case 'stream': {
      const { samples, rate } = message;
      return {
        kind: 'stream',
        address,
        value,
        ...(samples && { samples }),
        ...(rate !== undefined && { rate }),
        ...timed,
      };
    }
    case 'gesture':
      return { kind: 'gesture', address, value, gestureId: message.id ?? 0, phase: message.phase ?? 'start', ...timed };
    default:
      return message.kind satisfies never;
  }
}

/** Its value; of samples the last. */
export function publishedValue({ value, samples }: PublishMessage): Value {
  if (value) return value.value;
  const last = samples?.at(-1);
  return last === undefined ? nullValue : f64(last);
}

function microsOf(timestamp: bigint | undefined): Micros | undefined {
  const number = Number(timestamp);
  return Number.isSafeInteger(number) ? (number as Micros) : undefined;
}
