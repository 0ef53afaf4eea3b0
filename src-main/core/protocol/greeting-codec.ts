import { ProtocolError } from '../../contract/errors.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { featureBitsOf, featuresOf, kindFeaturesOf } from './enumerations.ts';
import { messageType, type HelloMessage, type WelcomeMessage } from './messages.ts';

// HELLO and WELCOME [CLASP-WIRE §3]. An empty token means none. `resume` is Flyrail's own addition to HELLO.

export function writeHello(writer: ByteWriter, message: HelloMessage): void {
  writer.u8(message.version);
  writer.u8(featureBitsOf(message.features));
  writer.string(message.name);
  writer.string(message.token ?? '');
  // Last and only when there is one: peers that do not know it ignore what stands behind a body.
  if (message.resume !== undefined && message.resume !== '') writer.string(message.resume);
}

export function readHello(reader: ByteReader): HelloMessage {
  const version = reader.u8();
  const features = featuresOf(reader.u8());
  const name = reader.string();
  const token = reader.string();
  const resume = readResume(reader);
  return {
    type: messageType.hello,
    version,
    features,
    name,
    ...(token !== '' && { token }),
    ...(resume !== '' && { resume }),
  };
}

export function writeWelcome(writer: ByteWriter, message: WelcomeMessage): void {
  writer.u8(message.version);
  writer.u8(featureBitsOf(message.features));
  writer.u64(message.time);
  writer.string(message.session);
  writer.string(message.name);
  writer.string(message.token ?? '');
}

export function readWelcome(reader: ByteReader): WelcomeMessage {
  const version = reader.u8();
  const features = kindFeaturesOf(reader.u8());
  const time = reader.u64();
  const session = reader.string();
  const name = reader.string();
  const token = reader.string();
  return { type: messageType.welcome, version, features, time, session, name, ...(token !== '' && { token }) };
}

/** What follows the body is nobody's fault: anything but a whole text is none. */
function readResume(reader: ByteReader): string {
  if (reader.remaining < 2) return '';
  const size = reader.u16();
  if (size > reader.remaining) return '';
  try {
    return reader.text(size);
  } catch (error) {
    if (error instanceof ProtocolError) return '';
    throw error;
  }
}
