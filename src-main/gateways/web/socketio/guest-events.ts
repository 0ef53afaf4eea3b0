import { eventFault } from '../../../contract/event-names.ts';
import { InputError } from '../../../contract/errors.ts';
import { carriedValue, type Value } from '../../../contract/signal.ts';
import { encodedSize } from '../../../core/protocol/values.ts';
import { eventOfPath, pathOfEvent } from '../../../core/realtime/event-paths.ts';
import { argumentOf, valueOfArguments } from '../../../platform/event-arguments.ts';
import { payloadBytesMax } from '../../../platform/payload-codec.ts';
import type { WebDelivery } from '../web-guest.ts';

/** What a client says or is told: an event with its arguments, without how it is answered. */
export interface GuestEvent {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** What a client asks by an event. */
export type GuestCall =
  /** `plain`: any other event is the address that it is called by */
  | { readonly is: 'set' | 'emit' | 'stream' | 'plain'; readonly address: string; readonly value: Value }
  | { readonly is: 'get'; readonly address: string }
  | { readonly is: 'subscribe' | 'unsubscribe'; readonly pattern: string }
  /** a room is a pattern: who is in it hears what is under it */
  | { readonly is: 'join' | 'leave'; readonly room: string };

/** @throws InputError 'bad-arguments' | 'bad-value' */
export function readCall({ event, args }: GuestEvent): GuestCall {
  switch (event) {
    case 'set':
    case 'stream':
      return { is: event, address: addressIn(args, `${event}(address, value)`, 2), value: valueIn(args.slice(1)) };
    case 'emit':
      return { is: event, address: addressIn(args, 'emit(address, value)', 1), value: valueIn(args.slice(1)) };
    case 'get':
      return { is: event, address: addressIn(args, 'get(address)', 1) };
    case 'subscribe':
    case 'unsubscribe':
      return { is: event, pattern: addressIn(args, `${event}(pattern)`, 1) };
    case 'join':
    case 'leave':
      return { is: event, room: addressIn(args, `${event}(room)`, 1) };
    default:
      return { is: 'plain', address: pathOfEvent(event), value: valueIn(args) };
  }
}

/** What a subscriber is told: `signal` with address, value and what else is known of it.
 *  @param isPlain it wants an event called by the address, with the value alone; where no event can be called so, it gets `signal`
 *  @throws InputError 'bad-value' for what its receiver would end the connection for */
export function signalEvent({ signal, isStanding, revision }: WebDelivery, isPlain: boolean): GuestEvent {
  const value = argumentOf(carriedValue(signal));
  if (isPlain) {
    const event = eventOfPath(signal.address);
    if (eventFault(event) === undefined) return { event, args: [value] };
  }
  const meta = {
    kind: signal.kind,
    ...(isStanding && { standing: true }),
    ...(revision !== undefined && { revision: plainRevision(revision) }),
    ...(signal.kind === 'stream' && signal.rate !== undefined && { rate: signal.rate }),
    ...(signal.kind === 'stream' && signal.samples && { samples: signal.samples }),
    ...(signal.kind === 'gesture' && { phase: signal.phase, gestureId: signal.gestureId }),
  };
  return { event: 'signal', args: [signal.address, value, meta] };
}

/** Revisions count from one: a double holds all that there will ever be. */
export function plainRevision(revision: bigint): number {
  return Number(revision);
}

function addressIn(args: readonly unknown[], expected: string, least: number): string {
  const [address] = args;
  if (typeof address === 'string' && args.length >= least) return address;
  throw new InputError('bad-arguments', `Expected ${expected}.`);
}

function valueIn(args: readonly unknown[]): Value {
  const value = valueOfArguments(args);
  if (encodedSize(value) <= payloadBytesMax) return value;
  throw new InputError('bad-value', `A value has at most ${payloadBytesMax} bytes.`);
}
