import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import type { Message } from '../../../src-main/core/protocol/messages.ts';
import { fromHex, plain, toHex } from './plain-message.ts';

/** The message in a payload given as hex, as plain data. */
export function decoded(payload: string): unknown {
  const size = (payload.length / 2).toString(16).padStart(4, '0');
  return plain(decodeFrame(fromHex(`5341${size}${payload}`)).message);
}

/** The payload of a message, as hex. */
export function encoded(message: Message): string {
  return toHex(encodeFrame(message).subarray(4));
}

/** A message after a trip over the wire, as plain data. */
export function carried(message: Message): unknown {
  return plain(decodeFrame(encodeFrame(message)).message);
}
