import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { conflictStrategies } from '../../contract/signal.ts';
import { codeOfKind, kindOfCode } from './enumerations.ts';
import { messageType, type AnnouncedSignal, type AnnounceMessage, type Draft, type ResultMessage } from './messages.ts';
import { readValue, writeValue } from './value-codec.ts';

// ANNOUNCE and RESULT [CLASP-WIRE §3]. They describe signals alike, but RESULT has no meta. `strategy` is Flyrail's own addition
// to ANNOUNCE: meta has no room for it that old peers would pass over, so it stands behind the body, which they do not read:
// u16 count, count times u16 place of the signal and u8 code.

type SignalMeta = NonNullable<AnnouncedSignal['meta']>;
type ResultSignal = ResultMessage['signals'][number];

const signalFlag = { datatype: 1, access: 2, meta: 4 } as const;
const metaFlag = { unit: 1, range: 2, default: 4, description: 8 } as const;
/** address length, kind, flags */
const signalBytesMin = 4;

export function writeAnnounce(writer: ByteWriter, message: AnnounceMessage): void {
  writer.string(message.namespace);
  writer.count(message.signals.length);
  for (const signal of message.signals) {
    writeSignal(writer, signal, signal.meta ? signalFlag.meta : 0);
    if (signal.meta) writeMeta(writer, signal.meta);
  }
  writeStrategies(writer, message.signals);
}

export function readAnnounce(reader: ByteReader): AnnounceMessage {
  const namespace = reader.string();
  const signals: AnnouncedSignal[] = [];
  for (let left = reader.count(signalBytesMin); left > 0; left--) {
    const [signal, flags] = readSignal(reader);
    signals.push(flags & signalFlag.meta ? { ...signal, meta: readMeta(reader) } : signal);
  }
  return { type: messageType.announce, namespace, signals: withStrategies(reader, signals) };
}

function writeStrategies(writer: ByteWriter, signals: readonly AnnouncedSignal[]): void {
  const named = signals.flatMap(({ meta }, place) => (meta?.strategy === undefined ? [] : [{ place, ...meta }]));
  if (named.length === 0) return;
  writer.count(named.length);
  for (const { place, strategy = 'lww' } of named) {
    writer.u16(place);
    writer.u8(conflictStrategies.indexOf(strategy));
  }
}

/** What follows the body is nobody's fault: anything but a whole list of known strategies is none. */
function withStrategies(reader: ByteReader, signals: readonly AnnouncedSignal[]): readonly AnnouncedSignal[] {
  const left = reader.remaining < 2 ? 0 : reader.u16();
  if (left === 0 || reader.remaining < left * 3) return signals;
  const named: Draft<AnnouncedSignal>[] = signals.map((signal) => ({ ...signal }));
  for (let i = 0; i < left; i++) {
    const signal = named[reader.u16()];
    const strategy = conflictStrategies[reader.u8()];
    if (!signal || !strategy) return signals;
    signal.meta = { ...signal.meta, strategy };
  }
  return named;
}

export function writeResult(writer: ByteWriter, message: ResultMessage): void {
  writer.count(message.signals.length);
  for (const signal of message.signals) writeSignal(writer, signal, 0);
}

export function readResult(reader: ByteReader): ResultMessage {
  const signals: ResultSignal[] = [];
  for (let left = reader.count(signalBytesMin); left > 0; left--) signals.push(readSignal(reader)[0]);
  return { type: messageType.result, signals };
}

function writeSignal(writer: ByteWriter, signal: ResultSignal, moreFlags: number): void {
  const { address, kind, datatype, access } = signal;
  writer.string(address);
  writer.u8(codeOfKind(kind));
  writer.u8(
    moreFlags | (datatype === undefined ? 0 : signalFlag.datatype) | (access === undefined ? 0 : signalFlag.access),
  );
  if (datatype !== undefined) writer.string(datatype);
  if (access !== undefined) writer.string(access);
}

function readSignal(reader: ByteReader): [ResultSignal, flags: number] {
  const signal: Draft<ResultSignal> = { address: reader.string(), kind: kindOfCode(reader.u8()) };
  const flags = reader.u8();
  if (flags & signalFlag.datatype) signal.datatype = reader.string();
  if (flags & signalFlag.access) signal.access = reader.string();
  return [signal, flags];
}

function writeMeta(writer: ByteWriter, meta: SignalMeta): void {
  writer.u8(
    (meta.unit === undefined ? 0 : metaFlag.unit) |
      (meta.range === undefined ? 0 : metaFlag.range) |
      (meta.default === undefined ? 0 : metaFlag.default) |
      (meta.description === undefined ? 0 : metaFlag.description),
  );
  if (meta.unit !== undefined) writer.string(meta.unit);
  if (meta.range !== undefined) {
    writer.f64(meta.range[0]);
    writer.f64(meta.range[1]);
  }
  if (meta.default !== undefined) writeValue(writer, meta.default);
  if (meta.description !== undefined) writer.string(meta.description);
}

function readMeta(reader: ByteReader): SignalMeta {
  const meta: Draft<SignalMeta> = {};
  const flags = reader.u8();
  if (flags & metaFlag.unit) meta.unit = reader.string();
  if (flags & metaFlag.range) meta.range = [reader.f64(), reader.f64()];
  if (flags & metaFlag.default) meta.default = readValue(reader);
  if (flags & metaFlag.description) meta.description = reader.string();
  return meta;
}
