import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { messageType, type Draft, type FederationSyncMessage } from './messages.ts';

// FEDERATION_SYNC [CLASP-WIRE §3].

const flag = { since: 0x80, origin: 0x40 } as const;

export function writeFederationSync(writer: ByteWriter, message: FederationSyncMessage): void {
  const { patterns, revisions, since, origin } = message;
  writer.u8(message.operation);
  writer.count(patterns.length);
  for (const pattern of patterns) writer.string(pattern);
  writer.count(revisions.length);
  for (const [address, revision] of revisions) {
    writer.string(address);
    writer.u64(revision);
  }
  writer.u8((since === undefined ? 0 : flag.since) | (origin === undefined ? 0 : flag.origin));
  if (since !== undefined) writer.u64(since);
  if (origin !== undefined) writer.string(origin);
}

export function readFederationSync(reader: ByteReader): FederationSyncMessage {
  const operation = reader.u8();
  const patterns: string[] = [];
  for (let left = reader.count(2); left > 0; left--) patterns.push(reader.name());
  const revisions: [string, bigint][] = [];
  for (let left = reader.count(10); left > 0; left--) revisions.push([reader.name(), reader.u64()]);
  const message: Draft<FederationSyncMessage> = { type: messageType.federationSync, operation, patterns, revisions };
  const flags = reader.u8();
  if (flags & flag.since) message.since = reader.u64();
  if (flags & flag.origin) message.origin = reader.string();
  return message;
}
