import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import {
  messageType,
  type Draft,
  type ReplayMessage,
  type SubscribeMessage,
  type SubscribeOptions,
} from './messages.ts';

// SUBSCRIBE and REPLAY [CLASP-WIRE §3].

const optionFlag = { maxRate: 1, epsilon: 2, history: 4, window: 8 } as const;
const replayFlag = { from: 0x80, to: 0x40, limit: 0x20 } as const;

export function writeSubscribe(writer: ByteWriter, message: SubscribeMessage): void {
  writer.u32(message.id);
  writer.string(message.pattern);
  writer.u8(message.types);
  writeOptions(writer, message.options ?? {});
}

export function readSubscribe(reader: ByteReader): SubscribeMessage {
  const id = reader.u32();
  const pattern = reader.name();
  const types = reader.u8();
  const options = readOptions(reader);
  return { type: messageType.subscribe, id, pattern, types, ...(options && { options }) };
}

export function writeReplay(writer: ByteWriter, message: ReplayMessage): void {
  const { from, to, limit } = message;
  writer.u8(
    (from === undefined ? 0 : replayFlag.from) |
      (to === undefined ? 0 : replayFlag.to) |
      (limit === undefined ? 0 : replayFlag.limit),
  );
  writer.string(message.pattern);
  if (from !== undefined) writer.u64(from);
  if (to !== undefined) writer.u64(to);
  if (limit !== undefined) writer.u32(limit);
  writer.u8(message.types);
}

export function readReplay(reader: ByteReader): ReplayMessage {
  const flags = reader.u8();
  const range: Draft<Pick<ReplayMessage, 'from' | 'to' | 'limit'>> = {};
  const pattern = reader.name();
  if (flags & replayFlag.from) range.from = reader.u64();
  if (flags & replayFlag.to) range.to = reader.u64();
  if (flags & replayFlag.limit) range.limit = reader.u32();
  return { type: messageType.replay, pattern, ...range, types: reader.u8() };
}

function writeOptions(writer: ByteWriter, options: SubscribeOptions): void {
  const { maxRate, epsilon, history, window } = options;
  writer.u8(
    (maxRate === undefined ? 0 : optionFlag.maxRate) |
      (epsilon === undefined ? 0 : optionFlag.epsilon) |
      (history === undefined ? 0 : optionFlag.history) |
      (window === undefined ? 0 : optionFlag.window),
  );
  if (maxRate !== undefined) writer.u32(maxRate);
  if (epsilon !== undefined) writer.f64(epsilon);
  if (history !== undefined) writer.u32(history);
  if (window !== undefined) writer.u32(window);
}

function readOptions(reader: ByteReader): SubscribeOptions | undefined {
  const flags = reader.u8();
  if (flags === 0) return undefined;
  const options: Draft<SubscribeOptions> = {};
  if (flags & optionFlag.maxRate) options.maxRate = reader.u32();
  if (flags & optionFlag.epsilon) options.epsilon = reader.f64();
  if (flags & optionFlag.history) options.history = reader.u32();
  if (flags & optionFlag.window) options.window = reader.u32();
  return options;
}
