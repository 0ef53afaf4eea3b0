import type { PlacedFrame } from '../../ports/placed-frame.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { tryAddress, type Address } from '../../contract/address.ts';
import { ProtocolError } from '../../contract/errors.ts';
import type { FrameHead } from './frame-heads.ts';
import type { GesturePhase, SignalKind } from '../../contract/signal.ts';
import { codeOfKind, codeOfPhase, kindOfCode, phaseOfCode } from './enumerations.ts';
import { frameHeaderBytes } from './limits.ts';
import { messageType, type Message, type PublishMessage, type SetMessage } from './messages.ts';
import { ReceivedSet } from './state-codec.ts';
import { readValue, writeValue } from './value-codec.ts';
import type { WireValue } from './wire-value.ts';

// PUBLISH [CLASP-WIRE §3].

const flag = { timestamp: 0x10, id: 0x08 } as const;
const kindShift = 5;
const phaseMask = 0x07;
const content = { none: 0, value: 1, samples: 2 } as const;

export function writePublish(writer: ByteWriter, message: PublishMessage): void {
  if (message instanceof ReceivedPublish && message.writeAsItCame(writer)) return;
  const { timestamp, id, rate } = message;
  writer.u8(flagsOf(message));
  writer.string(message.address);
  writeContent(writer, message);
  if (timestamp !== undefined) writer.u64(timestamp);
  if (id !== undefined) writer.u32(id);
  if (rate !== undefined) writer.u32(rate);
}

export function readPublish(reader: ByteReader): PublishMessage {
  const start = reader.place;
  const flags = reader.u8();
  const kind = kindOfCode(flags >> kindShift);
  const message = new ReceivedPublish(kind, reader.name());
  if (kind === 'gesture') message.phase = phaseOfCode(flags & phaseMask);
  readContent(reader, message);
  if (flags & flag.timestamp) message.timestamp = reader.u64();
  if (flags & flag.id) message.id = reader.u32();
  // The rate has no flag: it is there when there is room for it.
  if (reader.remaining >= 4) message.rate = reader.u32();
  if (flags === flagsOf(message)) message.cameAs(reader.bytes, start, reader.place);
  return message;
}

/** The message of a frame whose head is known. @param frame stays */
export function publishUnder({ flags, address }: FrameHead, value: WireValue, frame: PlacedFrame): PublishMessage {
  const message = new ReceivedPublish(kindOfCode(flags >> kindShift), address, address);
  if (message.kind === 'gesture') message.phase = phaseOfCode(flags & phaseMask);
  message.value = value;
  message.cameAs(frame.slab, frame.start + frameHeaderBytes + 1, frame.end);
  message.frame = frame;
  return message;
}

/** Notes that a message makes up this frame, whose bytes stay, with a header before it.
 *  @returns whether it is just as `encodeFrame` would write it */
export function cameIn(message: PublishMessage, frame: PlacedFrame): boolean {
  return message instanceof ReceivedPublish && message.cameIn(frame);
}

/** @returns the frame that a message can be passed on in unchanged, for one that came so from a WebSocket client */
export function frameAsItCame(message: Message): PlacedFrame | undefined {
  return message instanceof ReceivedPublish || message instanceof ReceivedSet ? message.frame : undefined;
}

/** @returns undefined for what is no address; what was met before need not be looked at again */
export function addressIn(message: SetMessage | PublishMessage): Address | undefined {
  const isReceived = message instanceof ReceivedPublish || message instanceof ReceivedSet;
  return (isReceived ? message.found : undefined) ?? tryAddress(message.address);
}

/** A PUBLISH from the wire. Passed on as it is, its bytes are copied, which costs less than writing each of its fields, or its
 *  frame is; one made of it with anything changed is another object, and written. */
class ReceivedPublish implements PublishMessage {
  readonly type = messageType.publish;
  readonly kind: SignalKind;
  readonly address: string;
  phase?: GesturePhase;
  value?: WireValue;
  samples?: readonly number[];
  timestamp?: bigint;
  id?: number;
  rate?: number;
  /** where the address is known to be one */
  found: Address | undefined;
  /** can be passed on as it is */
  frame: PlacedFrame | undefined;
  #bytes: Uint8Array | undefined;
  #start = 0;
  #end = 0;

  constructor(kind: SignalKind, address: string, found?: Address) {
    this.found = found;
    this.kind = kind;
    this.address = address;
  }

  /** @param bytes a view of the frame, just as `writePublish` would write the message */
  cameAs(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  /** Only of what is written just as it came. */
  cameIn(frame: PlacedFrame): boolean {
    if (this.#bytes === undefined) return false;
    this.frame = frame;
    return true;
  }

  /** @returns whether there was something to copy */
  writeAsItCame(writer: ByteWriter): boolean {
    if (this.#bytes === undefined) return false;
    writer.part(this.#bytes, this.#start, this.#end);
    return true;
  }
}

function flagsOf({ kind, phase, timestamp, id }: PublishMessage): number {
  let flags = (codeOfKind(kind) << kindShift) | (phase === undefined ? 0 : codeOfPhase(phase));
  if (timestamp !== undefined) flags |= flag.timestamp;
  if (id !== undefined) flags |= flag.id;
  return flags;
}

function writeContent(writer: ByteWriter, message: PublishMessage): void {
  if (message.value !== undefined) {
    writer.u8(content.value);
    writeValue(writer, message.value);
  } else if (message.samples !== undefined) {
    writer.u8(content.samples);
    writer.count(message.samples.length);
    for (const sample of message.samples) writer.f64(sample);
  } else {
    writer.u8(content.none);
  }
}

function readContent(reader: ByteReader, message: ReceivedPublish): void {
  const kind = reader.u8();
  if (kind === content.value) {
    message.value = readValue(reader);
  } else if (kind === content.samples) {
    const samples: number[] = [];
    for (let left = reader.count(8); left > 0; left--) samples.push(reader.f64());
    message.samples = samples;
  } else if (kind !== content.none) {
    throw new ProtocolError('bad-message', `PUBLISH has content 0, 1 or 2, got ${kind}.`, {
      offset: reader.offset - 1,
    });
  }
}
