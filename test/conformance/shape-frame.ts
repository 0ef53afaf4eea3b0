import { frameMagic } from '../../src-main/core/protocol/frame.ts';
import { frameHeaderBytes, frameTimestampBytes, payloadBytesMax } from '../../src-main/core/protocol/limits.ts';

/** Writes the header of a frame over the first bytes, with a timestamp where it is too long for one without.
 *  @param bytes 4 to 65 547 */
export function shapeFrame(bytes: Uint8Array): Uint8Array {
  const isTimed = bytes.length > frameHeaderBytes + payloadBytesMax;
  const payloadBytes = bytes.length - frameHeaderBytes - (isTimed ? frameTimestampBytes : 0);
  bytes.set([frameMagic, isTimed ? 0x21 : 0x01, payloadBytes >> 8, payloadBytes & 0xff]);
  return bytes;
}
