import { micros, type Micros } from '../../contract/units.ts';
import type { KeptJournal, PackedAnswers } from '../../ports/journal-store.ts';
import { ByteReader } from '../protocol/byte-reader.ts';
import { ByteWriter } from '../protocol/byte-writer.ts';
import { readMessage } from '../protocol/decode-message.ts';
import { writeMessage } from '../protocol/encode-message.ts';
import { frameBytesMax } from '../protocol/limits.ts';
import { messageType } from '../protocol/messages.ts';
import type { Answer } from '../router/sessions/answered-requests.ts';
import type { EarlierAnswer } from '../router/sessions/earlier-requests.ts';
import { crc32 } from './crc32.ts';

// An answer: flags, str secret of the client, u64 request id, u64 time in µs, the payload of its ACK or ERROR [CLASP-WIRE §3],
// u32 checksum of all before.

const flag = { params: 1, signals: 2, inOrder: 4 } as const;
const sumBytes = 4;
/** More would let a client fill the disk with its secret alone. */
export const keptSecretMax = 128;

/** One answer on its way to the disk. */
export interface KeptAnswer {
  readonly secret: string;
  readonly id: bigint;
  readonly at: Micros;
  readonly answer: Answer;
  /** where what it did is kept: in each of these the answer must be found, or not all of it is there */
  readonly inParams: boolean;
  readonly inSignals: boolean;
  readonly isInOrder: boolean;
}

/** @returns undefined for none */
export function packAnswers(answers: readonly KeptAnswer[]): PackedAnswers | undefined {
  if (answers.length === 0) return undefined;
  const writer = new ByteWriter(frameBytesMax);
  const parts = answers.map((answer) => {
    writer.reset();
    writeAnswer(writer, answer);
    return writer.copy();
  });
  let at = 0;
  const ends = Uint32Array.from(parts, ({ length }) => (at += length));
  const bytes = new Uint8Array(at);
  for (const [index, part] of parts.entries()) bytes.set(part, ends[index - 1] ?? 0);
  return { bytes, ends };
}

/** One that makes no sense is given as undefined. */
export function* unpackAnswers({ bytes, ends }: PackedAnswers): Generator<KeptAnswer | undefined, undefined> {
  for (const [index, end] of ends.entries()) yield tryRead(bytes.subarray(ends[index - 1] ?? 0, end));
  return undefined;
}

/** What both files have, in the order of being kept.
 *  @returns and how many make no sense */
export function joinAnswers({ ofParams, ofSignals }: KeptJournal['answers']): {
  readonly answers: readonly EarlierAnswer[];
  readonly unreadable: number;
} {
  const [inParams, inSignals] = [[...unpackAnswers(ofParams)], [...unpackAnswers(ofSignals)]];
  const found = new Map<string, EarlierAnswer>();
  for (const kept of inParams) if (kept) found.set(keyOf(kept), earlierOf(kept, 'params'));
  for (const kept of inSignals) {
    if (!kept) continue;
    const key = keyOf(kept);
    const known = found.get(key);
    if (!known) found.set(key, earlierOf(kept, 'signals'));
    else if (known.kept === 'params') found.set(key, { ...known, kept: undefined });
  }
  const unreadable = [...inParams, ...inSignals].filter((kept) => kept === undefined).length;
  return { answers: [...found.values()].sort((one, other) => one.at - other.at), unreadable };
}

function keyOf({ secret, id }: KeptAnswer): string {
  return `${id} ${secret}`;
}

function earlierOf(kept: KeptAnswer, where: 'params' | 'signals'): EarlierAnswer {
  const { secret, id, at, answer, inParams, inSignals, isInOrder } = kept;
  const isAll = !(inParams && inSignals);
  // Signals alone do not tell that the params before them are on disk.
  return { secret, id, at, answer, kept: isAll ? undefined : where, endsAllBefore: isInOrder && where === 'params' };
}

function writeAnswer(writer: ByteWriter, kept: KeptAnswer): void {
  const { secret, id, at, answer, inParams, inSignals, isInOrder } = kept;
  writer.u8((inParams ? flag.params : 0) | (inSignals ? flag.signals : 0) | (isInOrder ? flag.inOrder : 0));
  writer.string(secret);
  writer.u64(id);
  writer.u64(BigInt(Math.floor(at)));
  writeMessage(writer, answer);
  writer.u32(crc32(writer.copy()));
}

/** SQLite does not notice a flipped bit. */
function tryRead(entry: Uint8Array): KeptAnswer | undefined {
  const reader = new ByteReader();
  const end = entry.length - sumBytes;
  try {
    reader.open(entry, end, entry.length);
    if (reader.u32() !== crc32(entry, 0, end)) return undefined;
    reader.open(entry, 0, end);
    const flags = reader.u8();
    const [secret, id, at] = [reader.string(), reader.u64(), micros(Number(reader.u64()))];
    const answer = readMessage(reader);
    if (answer.type !== messageType.ack && answer.type !== messageType.error) return undefined;
    const has = (bit: number): boolean => (flags & bit) !== 0;
    return {
      secret,
      id,
      at,
      answer,
      inParams: has(flag.params),
      inSignals: has(flag.signals),
      isInOrder: has(flag.inOrder),
    };
  } catch {
    return undefined;
  }
}
