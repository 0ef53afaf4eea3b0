/** What of a request's id comes back as the `correlationId` of ACK and ERROR: the low 32 bits, which come again after 71
 *  minutes. */
export function correlationOf(id: bigint): number {
  return Number(BigInt.asUintN(32, id));
}
