import { parseAddress } from '../../contract/address.ts';
import { codeOfKind, codeOfPhase } from './enumerations.ts';
import { messageType } from './messages.ts';

/** ACKs at this address, both ways, let a client that counts get over a reconnect what must arrive. Old peers pass them over.
 *  Client, first of all in a session: `revision`, how many have arrived, and `holder`, of which count; empty for none.
 *  Router: `holder`, the count, and `revision`, the number before the next frame: what comes is numbered from there on.
 *  Client, now and then, for the first time when it has subscribed to all it wants: `revision`, how many have arrived. */
export const arrivalsAddress = parseAddress('/clasp/arrivals');

/** where the payload begins in a frame that has no time */
const payloadAt = 4;
const timestampFlag = 0x20;
const [param, stream, gesture] = [codeOfKind('param'), codeOfKind('stream'), codeOfKind('gesture')];
const move = codeOfPhase('move');

/** Whether a frame from the router must arrive: live events, timelines, and starts, ends and cancels of gestures. Streams and
 *  moves have successors, params stand in the next SNAPSHOT, and what has a time in its header was asked for. Both ends
 *  look at the same bytes, so that their counts cannot differ.
 *  @param start where the frame begins
 *  @see CLASP-WIRE §1, PUBLISH */
export function mustArrive(bytes: Uint8Array, start = 0): boolean {
  if (bytes[start + payloadAt] !== messageType.publish || ((bytes[start + 1] ?? 0) & timestampFlag) !== 0) return false;
  const flags = bytes[start + payloadAt + 1] ?? 0;
  const kind = flags >> 5;
  return kind === gesture ? (flags & 0x07) !== move : kind !== param && kind !== stream;
}

/** The text of the ERROR 503 that tells a client what did not reach it while it was away.
 *  @param count undefined: nobody knows */
export function formatNeverArrived(count: number | undefined): string {
  return count === undefined
    ? 'You were away too long, or the router began anew: what should have arrived meanwhile is not known.'
    : `You were away too long: ${count} events, timelines or ends of gestures were left out.`;
}

/** @returns what such a text says; undefined for any other */
export function tryNeverArrived(text: string): { readonly count: number | undefined } | undefined {
  const found = /^You were away too long(?:: (\d+) |, )/.exec(text);
  return found ? { count: found[1] === undefined ? undefined : Number(found[1]) } : undefined;
}
