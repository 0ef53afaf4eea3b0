import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ProtocolError } from '../../contract/errors.ts';
import { codeOfKind, codeOfPhase, kindOfCode, phaseOfCode } from './enumerations.ts';
import { messageType, type Draft, type PublishMessage } from './messages.ts';
import { readValue, writeValue } from './value-codec.ts';

// PUBLISH [CLASP-WIRE §3].

const flag = { timestamp: 0x10, id: 0x08 } as const;
const kindShift = 5;
const phaseMask = 0x07;
const content = { none: 0, value: 1, samples: 2 } as const;

export function writePublish(writer: ByteWriter, message: PublishMessage): void {
  const { kind, phase, timestamp, id, rate } = message;
  let flags = (codeOfKind(kind) << kindShift) | (phase === undefined ? 0 : codeOfPhase(phase));
  if (timestamp !== undefined) flags |= flag.timestamp;
  if (id !== undefined) flags |= flag.id;
  writer.u8(flags);
  writer.string(message.address);
  writeContent(writer, message);
  if (timestamp !== undefined) writer.u64(timestamp);
  if (id !== undefined) writer.u32(id);
  if (rate !== undefined) writer.u32(rate);
}

export function readPublish(reader: ByteReader): PublishMessage {
  const flags = reader.u8();
  const kind = kindOfCode(flags >> kindShift);
  const message: Draft<PublishMessage> = { type: messageType.publish, kind, address: reader.name() };
  if (kind === 'gesture') message.phase = phaseOfCode(flags & phaseMask);
  readContent(reader, message);
  if (flags & flag.timestamp) message.timestamp = reader.u64();
  if (flags & flag.id) message.id = reader.u32();
  // The rate has no flag: it is there when there is room for it.
  if (reader.remaining >= 4) message.rate = reader.u32();
  return message;
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

function readContent(reader: ByteReader, message: Draft<PublishMessage>): void {
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
