import { LimitError } from '../../contract/errors.ts';
import { writeAck, writeError, writeSync } from './answer-codec.ts';
import { writeAnnounce, writeResult } from './announcement-codec.ts';
import type { ByteWriter } from './byte-writer.ts';
import { writeFederationSync } from './federation-codec.ts';
import { writeHello, writeWelcome } from './greeting-codec.ts';
import { bundleDepthMax, payloadBytesMax } from './limits.ts';
import { messageType, type BundleMessage, type Message } from './messages.ts';
import { writePublish } from './publish-codec.ts';
import { writeSet, writeSnapshot } from './state-codec.ts';
import { writeReplay, writeSubscribe } from './subscription-codec.ts';

/** Writes one payload: the type byte, then the body as CLASP-WIRE §3 lays it out.
 *  @param depth how many bundles it lies in
 *  @throws LimitError 'frame-too-large' | 'too-many-items'
 *  @throws InputError 'bad-number' for a number its field cannot hold */
export function writeMessage(writer: ByteWriter, message: Message, depth = 0): void {
  writer.u8(message.type);
  switch (message.type) {
    case messageType.set:
      return writeSet(writer, message);
    case messageType.publish:
      return writePublish(writer, message);
    case messageType.ack:
      return writeAck(writer, message);
    case messageType.snapshot:
      return writeSnapshot(writer, message);
    case messageType.bundle:
      return writeBundle(writer, message, depth);
    case messageType.get:
      return writer.string(message.address);
    case messageType.query:
      return writer.string(message.pattern);
    case messageType.subscribe:
      return writeSubscribe(writer, message);
    case messageType.unsubscribe:
      return writer.u32(message.id);
    case messageType.sync:
      return writeSync(writer, message);
    case messageType.ping:
    case messageType.pong:
      return;
    case messageType.error:
      return writeError(writer, message);
    case messageType.result:
      return writeResult(writer, message);
    case messageType.announce:
      return writeAnnounce(writer, message);
    case messageType.hello:
      return writeHello(writer, message);
    case messageType.welcome:
      return writeWelcome(writer, message);
    case messageType.replay:
      return writeReplay(writer, message);
    case messageType.federationSync:
      return writeFederationSync(writer, message);
    default:
      message satisfies never;
  }
}

function writeBundle(writer: ByteWriter, message: BundleMessage, depth: number): void {
  if (depth >= bundleDepthMax) {
    throw new LimitError('too-many-items', `Bundles nest at most ${bundleDepthMax} deep.`, {
      depthMax: bundleDepthMax,
    });
  }
  const { timestamp, messages } = message;
  writer.u8(timestamp === undefined ? 0 : 0x80);
  writer.count(messages.length);
  if (timestamp !== undefined) writer.u64(timestamp);
  for (const inner of messages) {
    const lengthAt = writer.length;
    writer.u16(0);
    writeMessage(writer, inner, depth + 1);
    const size = writer.length - lengthAt - 2;
    if (size > payloadBytesMax)
      throw new LimitError('frame-too-large', 'A bundle does not fit into a frame; split it.');
    writer.patchU16(lengthAt, size);
  }
}
