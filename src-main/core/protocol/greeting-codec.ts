import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { featureBitsOf, featuresOf, kindFeaturesOf } from './enumerations.ts';
import { messageType, type HelloMessage, type WelcomeMessage } from './messages.ts';

// HELLO and WELCOME [CLASP-WIRE §3]. An empty token means none.

export function writeHello(writer: ByteWriter, message: HelloMessage): void {
  writer.u8(message.version);
  writer.u8(featureBitsOf(message.features));
  writer.string(message.name);
  writer.string(message.token ?? '');
}

export function readHello(reader: ByteReader): HelloMessage {
  const version = reader.u8();
  const features = featuresOf(reader.u8());
  const name = reader.string();
  const token = reader.string();
  return { type: messageType.hello, version, features, name, ...(token !== '' && { token }) };
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
