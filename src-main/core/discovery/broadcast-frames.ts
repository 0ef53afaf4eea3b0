import { AppError } from '../../contract/errors.ts';
import { signalKinds } from '../../contract/signal.ts';
import { decodeFrame, encodeFrame } from '../protocol/frame.ts';
import { messageType, type Message } from '../protocol/messages.ts';

/** UDP port on which CLASP routers are asked for. @see CLASP-WIRE §13 */
export const broadcastPort = 7331;
/** The answer has no place for a port, so whoever asked dials this one. */
export const assumedPort = 7330;
/** How long answers are awaited. */
export const listenWindowMs = 5000;

/** Asks who is there. @returns the same bytes each time, V-UDP of the golden vectors */
export function discoveryRequest(): Uint8Array {
  return encodeFrame({ type: messageType.hello, version: 1, name: 'Discovery', features: [] });
}

/** @param bytes one datagram
 *  @returns whether it asks who is there: a HELLO of anybody; false for anything else */
export function isDiscoveryRequest(bytes: Uint8Array): boolean {
  return tryDecode(bytes)?.type === messageType.hello;
}

/** @param time microseconds since the Unix epoch */
export function discoveryAnswer(router: { name: string; session: string; time: number }): Uint8Array {
  const { name, session, time } = router;
  const message = { version: 1, features: signalKinds, time: BigInt(time), session, name };
  return encodeFrame({ type: messageType.welcome, ...message });
}

/** Who answered. Old routers send WELCOME, the specification says ANNOUNCE: both count.
 *  @returns undefined for any other bytes; the names as they came */
export function readDiscoveryAnswer(
  bytes: Uint8Array,
): { readonly name: string; readonly features: readonly string[] } | undefined {
  const message = tryDecode(bytes);
  if (message?.type === messageType.welcome) return { name: message.name, features: message.features.map(letterOf) };
  if (message?.type !== messageType.announce) return undefined;
  const kinds = new Set(message.signals.map(({ kind }) => kind));
  return { name: message.namespace, features: [...kinds].map(letterOf) };
}

/** As in the TXT record of mDNS. */
function letterOf(kind: (typeof signalKinds)[number]): string {
  return { param: 'p', event: 'e', stream: 's', gesture: 'g', timeline: 't' }[kind];
}

function tryDecode(bytes: Uint8Array): Message | undefined {
  try {
    return decodeFrame(bytes).message;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
