import { ProtocolError } from '../../contract/errors.ts';
import { readAck, readError, readSync } from './answer-codec.ts';
import { readAnnounce, readResult } from './announcement-codec.ts';
import type { ByteReader } from './byte-reader.ts';
import { readFederationSync } from './federation-codec.ts';
import { readHello, readWelcome } from './greeting-codec.ts';
import { bundleDepthMax } from './limits.ts';
import { messageType, type BundleMessage, type Draft, type Message } from './messages.ts';
import { readPublish } from './publish-codec.ts';
import { readSet, readSnapshot } from './state-codec.ts';
import { readReplay, readSubscribe } from './subscription-codec.ts';

/** Reads one binary payload: the type byte, then the body as CLASP-WIRE §3 lays it out. What a newer sender put behind the
 *  body is left unread. Values are views of the frame.
 *  @param depth how many bundles it lies in
 *  @throws ProtocolError 'bad-type' | 'bad-length' | 'bad-text' | 'bad-message' | 'too-deep', with `offset` in bytes */
export function readMessage(reader: ByteReader, depth = 0): Message {
  const type = reader.u8();
  switch (type) {
    case messageType.set:
      return readSet(reader);
    case messageType.publish:
      return readPublish(reader);
    case messageType.ack:
      return readAck(reader);
    case messageType.snapshot:
      return readSnapshot(reader);
    case messageType.bundle:
      return readBundle(reader, depth);
    case messageType.get:
      return { type, address: reader.name() };
    case messageType.query:
      return { type, pattern: reader.name() };
    case messageType.subscribe:
      return readSubscribe(reader);
    case messageType.unsubscribe:
      return { type, id: reader.u32() };
    case messageType.sync:
      return readSync(reader);
    case messageType.ping:
    case messageType.pong:
      return { type };
    case messageType.error:
      return readError(reader);
    case messageType.result:
      return readResult(reader);
    case messageType.announce:
      return readAnnounce(reader);
    case messageType.hello:
      return readHello(reader);
    case messageType.welcome:
      return readWelcome(reader);
    case messageType.replay:
      return readReplay(reader);
    case messageType.federationSync:
      return readFederationSync(reader);
    default:
      throw new ProtocolError('bad-type', `There is no message type 0x${type.toString(16)}.`, {
        offset: reader.offset - 1,
        code: type,
      });
  }
}

function readBundle(reader: ByteReader, depth: number): BundleMessage {
  if (depth >= bundleDepthMax) {
    throw new ProtocolError('too-deep', `Bundles nest deeper than ${bundleDepthMax}.`, { offset: reader.offset });
  }
  const flags = reader.u8();
  const count = reader.count(3);
  const messages: Message[] = [];
  const bundle: Draft<BundleMessage> = { type: messageType.bundle, messages };
  if (flags & 0x80) bundle.timestamp = reader.u64();
  for (let left = count; left > 0; left--) {
    const end = reader.narrow(reader.u16());
    messages.push(readMessage(reader, depth + 1));
    reader.widen(end);
  }
  return bundle;
}
