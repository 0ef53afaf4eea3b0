import { parseAddress } from '../../contract/address.ts';

/** What of a request's id comes back as the `correlationId` of ACK and ERROR: the low 32 bits, which come again after 71
 *  minutes. */
export function correlationOf(id: bigint): number {
  return Number(BigInt.asUintN(32, id));
}

/** A PUBLISH there, with the id of a BUNDLE that waits for its time as the value, cancels it. The wire has no message for
 *  it; old routers pass it on, and nobody listens. */
export const cancelBundleAddress = parseAddress('/clasp/bundle/cancel');
