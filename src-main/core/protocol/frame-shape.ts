import { LimitError, ProtocolError } from '../../contract/errors.ts';
import { ByteReader } from './byte-reader.ts';
import { readMessage } from './decode-message.ts';
import { frameMagic } from './frame.ts';
import { isLegacyPayload, readLegacyMessage } from './legacy-message.ts';
import { frameHeaderBytes } from './limits.ts';
import { messageType } from './messages.ts';

/** What lies at a place among bytes that may be anything.
 *  frame: exactly one frame, of so many bytes. beginning: so far one, of so many bytes once the rest has come (the header's
 *  own while that is not whole). garbage: no frame begins here, whatever comes behind it. */
export interface FrameShape {
  readonly kind: 'frame' | 'beginning' | 'garbage';
  readonly sizeBytes: number;
}

const timestampFlag = 0x20;
const timestampBytes = 8;
const rateBytes = 4;
/** Compressed, encrypted, and encodings that nobody has: no sender ever sets them. @see CLASP-WIRE §1 */
const unusedFlags = 0x1e;
const garbage: FrameShape = { kind: 'garbage', sizeBytes: 0 };
const reader = new ByteReader();

/** Tells frames from noise on wires that lose and invent bytes: the header must be one that is sent, and its payload one message
 *  that ends where the payload does. What a newer sender puts behind a message is taken for noise here, else a PING that noise
 *  made up, of 60 KB, would swallow what follows.
 *  @see CLASP-WIRE §1, §12 */
export function frameShapeAt(bytes: Uint8Array, at: number): FrameShape {
  const has = bytes.length - at;
  const flags = bytes[at + 1] ?? 0;
  if (bytes[at] !== frameMagic || (flags & unusedFlags) !== 0) return garbage;
  if (has < frameHeaderBytes) return { kind: 'beginning', sizeBytes: frameHeaderBytes };
  const payloadBytes = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  const headBytes = frameHeaderBytes + ((flags & timestampFlag) !== 0 ? timestampBytes : 0);
  const sizeBytes = headBytes + payloadBytes;
  if (payloadBytes === 0) return { kind: 'garbage', sizeBytes };
  if (has > headBytes && !canRead(bytes, at + headBytes, at + sizeBytes)) return garbage;
  return { kind: has < sizeBytes ? 'beginning' : 'frame', sizeBytes };
}

/** Of a payload that is not whole yet, whether what is there may be one's beginning. */
function canRead(bytes: Uint8Array, start: number, end: number): boolean {
  reader.open(bytes, start, end);
  try {
    if (isLegacyPayload(bytes[start] ?? 0)) readLegacyMessage(reader);
    else readMessage(reader);
    return end - start - reader.offset <= (end > bytes.length ? tailBytesMax(bytes[start]) : 0);
  } catch (error) {
    if (!(error instanceof ProtocolError || error instanceof LimitError)) throw error;
    return end > bytes.length && error.code === 'bad-length' && wantedEnd(error) <= end - start;
  } finally {
    reader.close();
  }
}

/** What may still come of a message that could be whole as it is. */
function tailBytesMax(type: number | undefined): number {
  if (type === messageType.hello || type === messageType.announce) return Infinity;
  return type === messageType.publish ? rateBytes : 0;
}

/** Up to where it wanted to read, from the payload's beginning. */
function wantedEnd({ details: { offset, expected } }: ProtocolError | LimitError): number {
  return typeof offset === 'number' && typeof expected === 'number' ? offset + expected : 0;
}
