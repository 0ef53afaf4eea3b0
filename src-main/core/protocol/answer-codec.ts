import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { messageType, type AckMessage, type Draft, type ErrorMessage, type SyncMessage } from './messages.ts';

// ACK, ERROR and SYNC [CLASP-WIRE §3].

const ackFlag = { address: 1, revision: 2, locked: 4, holder: 8, correlationId: 16 } as const;
const errorFlag = { address: 1, correlationId: 2 } as const;
const syncFlag = { t2: 1, t3: 2 } as const;

export function writeAck(writer: ByteWriter, message: AckMessage): void {
  const { address, revision, locked, holder, correlationId } = message;
  writer.u8(
    (address === undefined ? 0 : ackFlag.address) |
      (revision === undefined ? 0 : ackFlag.revision) |
      (locked === undefined ? 0 : ackFlag.locked) |
      (holder === undefined ? 0 : ackFlag.holder) |
      (correlationId === undefined ? 0 : ackFlag.correlationId),
  );
  if (address !== undefined) writer.string(address);
  if (revision !== undefined) writer.u64(revision);
  if (locked !== undefined) writer.u8(locked ? 1 : 0);
  if (holder !== undefined) writer.string(holder);
  if (correlationId !== undefined) writer.u32(correlationId);
}

export function readAck(reader: ByteReader): AckMessage {
  const message: Draft<AckMessage> = { type: messageType.ack };
  const flags = reader.u8();
  if (flags & ackFlag.address) message.address = reader.name();
  if (flags & ackFlag.revision) message.revision = reader.u64();
  if (flags & ackFlag.locked) message.locked = reader.u8() !== 0;
  if (flags & ackFlag.holder) message.holder = reader.name();
  if (flags & ackFlag.correlationId) message.correlationId = reader.u32();
  return message;
}

export function writeError(writer: ByteWriter, message: ErrorMessage): void {
  const { address, correlationId } = message;
  writer.u16(message.code);
  writer.string(message.message);
  writer.u8(
    (address === undefined ? 0 : errorFlag.address) | (correlationId === undefined ? 0 : errorFlag.correlationId),
  );
  if (address !== undefined) writer.string(address);
  if (correlationId !== undefined) writer.u32(correlationId);
}

export function readError(reader: ByteReader): ErrorMessage {
  const code = reader.u16();
  const message: Draft<ErrorMessage> = { type: messageType.error, code, message: reader.string() };
  const flags = reader.u8();
  if (flags & errorFlag.address) message.address = reader.name();
  if (flags & errorFlag.correlationId) message.correlationId = reader.u32();
  return message;
}

export function writeSync(writer: ByteWriter, message: SyncMessage): void {
  const { t1, t2, t3 } = message;
  writer.u8((t2 === undefined ? 0 : syncFlag.t2) | (t3 === undefined ? 0 : syncFlag.t3));
  writer.u64(t1);
  if (t2 !== undefined) writer.u64(t2);
  if (t3 !== undefined) writer.u64(t3);
}

export function readSync(reader: ByteReader): SyncMessage {
  const flags = reader.u8();
  const message: Draft<SyncMessage> = { type: messageType.sync, t1: reader.u64() };
  if (flags & syncFlag.t2) message.t2 = reader.u64();
  if (flags & syncFlag.t3) message.t3 = reader.u64();
  return message;
}
