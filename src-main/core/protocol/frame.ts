import { LimitError, ProtocolError } from '../../contract/errors.ts';
import { placedFrame, type PlacedFrame } from '../../ports/placed-frame.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readMessage } from './decode-message.ts';
import { writeMessage } from './encode-message.ts';
import { codeOfQos, qosOfCode } from './enumerations.ts';
import { FrameHeads, type FrameHead } from './frame-heads.ts';
import { isLegacyPayload, readLegacyMessage } from './legacy-message.ts';
import { frameHeaderBytes, payloadBytesMax } from './limits.ts';
import { messageType, type Message, type PublishMessage, type Qos, type SetMessage } from './messages.ts';
import { cameIn, publishUnder } from './publish-codec.ts';
import { ReceivedSet, setCameIn } from './state-codec.ts';
import { shortHeader, shortHeaderBytes, shortMessageBytesMax } from './websocket-header.ts';
import { WireValue } from './wire-value.ts';

/** One message with what its header says. `timestamp` is in microseconds. */
export interface Frame {
  readonly message: Message;
  readonly qos: Qos;
  readonly timestamp: bigint | undefined;
}

export interface FrameOptions {
  /** unless given, what CLASP-WIRE §9 names for the message kind */
  readonly qos?: Qos;
  /** microseconds, u64 */
  readonly timestamp?: bigint;
  /** nobody else gets it */
  readonly isForOne?: boolean;
}

/** the first byte of every frame */
export const frameMagic = 0x53;
const timestampFlag = 0x20;
const timestampBytes = 8;
const binaryEncoding = 0x01;
const slabBytes = 4 * 65_536;

const reader = new ByteReader();
const heads = new FrameHeads();
/** Frames for one peer lie apart from those for many, so that what leaves together lies side by side. */
const [forMany, forOne] = [new ByteWriter(slabBytes), new ByteWriter(slabBytes)];

/** Decodes one frame, in either encoding. Bytes behind the declared length are ignored. Values in the message are views of
 *  `bytes`; texts and numbers are not.
 *  @param bytes at least one whole frame
 *  @throws ProtocolError 'bad-frame' | 'bad-length' | 'bad-type' | 'bad-text' | 'bad-message' | 'too-deep'
 *  @throws LimitError when a legacy message holds what no binary frame can carry
 *  @see CLASP-WIRE §1 */
export function decodeFrame(bytes: Uint8Array): Frame {
  return decodePlaced(placedFrame(bytes));
}

/** The same for a frame among others. Offsets in errors count from where it begins. */
export function decodePlaced(frame: PlacedFrame): Frame {
  // A frame that lies alone is not worth a look: that would cost as much as reading it.
  const head = frame.from < frame.start ? heads.find(frame) : undefined;
  return head ? frameUnder(head, frame) : readFrame(frame);
}

/** The first byte of a frame's payload, unchecked: what a binary message is. @returns undefined where there is none */
export function payloadTypeOf({ slab, start, end }: PlacedFrame): number | undefined {
  const at = start + frameHeaderBytes + (isTimed(slab, start) ? timestampBytes : 0);
  return at < end ? slab[at] : undefined;
}

/** Whether a frame's header has a timestamp, unchecked: of a request it is the id. */
export function isTimed(bytes: Uint8Array, start = 0): boolean {
  return ((bytes[start + 1] ?? 0) & timestampFlag) !== 0;
}

function frameUnder(head: FrameHead, frame: PlacedFrame): Frame {
  const { code, address, size, type } = head;
  const value = WireValue.scalar(code, frame.slab, frame.start + size);
  const message =
    type === messageType.set ? new ReceivedSet(address, value, address) : publishUnder(head, value, frame);
  if (message.type === messageType.set) setCameIn(message, frame);
  return { message, qos: qosOfCode(head.qosCode), timestamp: undefined };
}

function readFrame(frame: PlacedFrame): Frame {
  const { slab, start, end } = frame;
  const flags = checkHeader(frame);
  reader.open(slab, start, end);
  reader.skip(2);
  const payloadBytes = reader.u16();
  const timestamp = flags & timestampFlag ? reader.u64() : undefined;
  reader.narrow(payloadBytes);
  const message = isLegacyPayload(slab[reader.place] ?? 0) ? readLegacyMessage(reader) : readMessage(reader);
  const isWhole = reader.remaining === 0 && reader.place === end;
  reader.close();
  const qos = qosOfCode(flags >> 6);
  if (isWhole && (message.type === messageType.set || message.type === messageType.publish)) {
    if (flags === plainFlags(defaultQos(message))) noteFrame(message, frame);
  }
  return { message, qos, timestamp };
}

/** @param frame with the header that it would be given, and nothing else in it */
function noteFrame(message: SetMessage | PublishMessage, frame: PlacedFrame): void {
  if (frame.from === frame.start) return;
  if (message.type === messageType.set) {
    if (!isPlain(message)) return;
    setCameIn(message, frame);
  } else if (!cameIn(message, frame)) return;
  heads.learn(frame, message.address);
}

function isPlain({ revision, lock, unlock, ttl }: SetMessage): boolean {
  return revision === undefined && lock === undefined && unlock === undefined && ttl === undefined;
}

/** Encodes one frame in the binary encoding.
 *  @returns immutable bytes; they share a slab with other frames, so copy what is to be kept, and never transfer `buffer`
 *  @throws LimitError, InputError as `encodeOnSlab` */
export function encodeFrame(message: Message, options?: FrameOptions): Uint8Array {
  return writeFrame(message, options).carve(shortHeaderBytes);
}

/** The same without a view of the bytes, which costs as much as a short message itself.
 *  @throws LimitError 'frame-too-large' past `payloadBytesMax`, 'too-many-items' for bundles nested too deep
 *  @throws InputError 'bad-number' for a number its field cannot hold */
export function encodeOnSlab(message: Message, options?: FrameOptions): PlacedFrame {
  const writer = writeFrame(message, options);
  const frameBytes = writer.length - shortHeaderBytes;
  const isShort = frameBytes <= shortMessageBytesMax;
  if (isShort) writer.patchU16(0, shortHeader(frameBytes));
  const { slab, end } = writer;
  const from = writer.settle();
  const start = from + shortHeaderBytes;
  return { slab, from: isShort ? from : start, start, end };
}

/** Leaves room for the header of a short WebSocket message before it. */
function writeFrame(message: Message, options: FrameOptions | undefined): ByteWriter {
  const timestamp = options?.timestamp;
  const writer = options?.isForOne ? forOne : forMany;
  writer.reset(shortHeaderBytes);
  const flags = plainFlags(options?.qos ?? defaultQos(message)) | (timestamp === undefined ? 0 : timestampFlag);
  // Magic, flags and the size that is filled in below, in one go.
  writer.u32(frameMagic * 0x100_0000 + (flags << 16));
  if (timestamp !== undefined) writer.u64(timestamp);
  const headBytes = writer.length;
  writeMessage(writer, message);
  const size = writer.length - headBytes;
  if (size > payloadBytesMax) {
    throw new LimitError(
      'frame-too-large',
      `A message holds at most ${payloadBytesMax} bytes, this one has ${size}; split it.`,
      {
        bytesMax: payloadBytesMax,
        bytes: size,
      },
    );
  }
  writer.patchU16(shortHeaderBytes + 2, size);
  return writer;
}

/** @see CLASP-WIRE §9; for timelines, where the reference codecs differ, the stronger of the two */
export function defaultQos(message: Message): Qos {
  switch (message.type) {
    case messageType.bundle:
      return 'commit';
    case messageType.set:
    case messageType.subscribe:
    case messageType.unsubscribe:
    case messageType.replay:
    case messageType.federationSync:
      return 'confirm';
    case messageType.publish:
      if (message.kind === 'timeline') return 'commit';
      return message.kind === 'stream' || message.kind === 'gesture' ? 'fire' : 'confirm';
    default:
      return 'fire';
  }
}

/** of a binary frame without a timestamp */
function plainFlags(qos: Qos): number {
  return (codeOfQos(qos) << 6) | binaryEncoding;
}

function checkHeader({ slab, start, end }: PlacedFrame): number {
  if (end - start < frameHeaderBytes) {
    throw new ProtocolError('bad-frame', `A frame has at least ${frameHeaderBytes} bytes, got ${end - start}.`, {
      offset: 0,
    });
  }
  if (slab[start] !== frameMagic) {
    throw new ProtocolError('bad-frame', `A frame begins with 0x53, got 0x${(slab[start] ?? 0).toString(16)}.`, {
      offset: 0,
    });
  }
  return slab[start + 1] ?? 0;
}
