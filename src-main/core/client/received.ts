import type { Address } from '../../contract/address.ts';
import { nullValue, type Signal, type SignalKind } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { messageType, type PublishMessage, type SetMessage, type SnapshotParam } from '../protocol/messages.ts';
import { valueCode } from '../protocol/values.ts';
import { signalOf } from '../router/state/signal-message.ts';

/** One signal as a subscription gets it. */
export interface Received {
  readonly signal: Signal;
  /** what was there already when the session or the subscription began. After a reconnect, and when subscriptions overlap,
   *  the same value may come again: its revision tells. So is null for a param that ended while nobody was connected; that has no
   *  revision. */
  readonly isSnapshot: boolean;
  /** of a param */
  readonly revision?: bigint;
  /** session id of who set it; in snapshots, where the router says so */
  readonly writer?: string;
  /** when the router stored it, by its clock; in snapshots, where the router says so */
  readonly storedAt?: Micros;
  /** of what happened before the subscription, which asked for it: when the router accepted it, by its clock */
  readonly pastAt?: Micros;
}

/** What can reach a subscription. */
export type Carrier = SetMessage | PublishMessage | SnapshotParam;

export function kindOf(carrier: Carrier): SignalKind {
  return 'kind' in carrier ? carrier.kind : 'param';
}

/** What becomes of the router's state by it; nothing by what is passed on and not stored. */
export function changeOf(carrier: Carrier): 'stands' | 'ends' | undefined {
  if ('type' in carrier && carrier.type !== messageType.set) return undefined;
  return carrier.value.code === valueCode.null ? 'ends' : 'stands';
}

/** A param that was heard of is not there any more. */
export function endOf(address: Address): Received {
  return { signal: { kind: 'param', address, value: nullValue }, isSnapshot: true };
}

/** @param isThere a PUBLISH tells what was there already */
export function receivedOf(carrier: Carrier, address: Address, isThere = false): Received {
  if ('type' in carrier && carrier.type === messageType.publish)
    return { signal: signalOf(carrier, address), isSnapshot: isThere };
  const signal: Signal = { kind: 'param', address, value: carrier.value.value };
  if ('type' in carrier) {
    const { revision } = carrier;
    return { signal, isSnapshot: false, ...(revision !== undefined && { revision }) };
  }
  const { revision, writer, timestamp } = carrier;
  const storedAt = Number(timestamp);
  return {
    signal,
    isSnapshot: true,
    revision,
    ...(writer !== undefined && { writer }),
    ...(Number.isSafeInteger(storedAt) && { storedAt: storedAt as Micros }),
  };
}
