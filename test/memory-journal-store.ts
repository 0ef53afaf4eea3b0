import { matches, parseAddress } from '../src-main/contract/address.ts';
import { codeOfKind } from '../src-main/core/protocol/enumerations.ts';
import { ByteReader } from '../src-main/core/protocol/byte-reader.ts';
import { readMessage } from '../src-main/core/protocol/decode-message.ts';
import { messageType, type PublishMessage, type SetMessage } from '../src-main/core/protocol/messages.ts';
import { keptAnswersMax } from '../src-main/platform/answer-table.ts';
import type {
  JournalBatch,
  JournalNotes,
  JournalStore,
  PackedAnswers,
  PackedEntries,
  PackedSignals,
  SignalBatch,
  SignalBounds,
  SignalPage,
  SignalQuery,
  SignalsAppended,
} from '../src-main/ports/journal-store.ts';

/** What outlives a restart: hand it to the next store. */
export interface MemoryJournal {
  readonly entries: Map<string, Uint8Array>;
  notes: JournalNotes;
  readonly signals: KeptSignal[];
  /** of the signal that comes next */
  next: number;
  /** those that came with params, and with signals */
  readonly answers: { readonly ofParams: Uint8Array[]; readonly ofSignals: Uint8Array[] };
}

export interface KeptSignal {
  readonly number: number;
  readonly at: number;
  readonly by: string;
  readonly payload: Uint8Array;
  readonly message: SetMessage | PublishMessage;
}

export function emptyJournal(): MemoryJournal {
  return {
    entries: new Map(),
    notes: { showId: null, revisionFloor: 0n, knownFloor: 0n, isComplete: true },
    signals: [],
    next: 1,
    answers: { ofParams: [], ofSignals: [] },
  };
}

/** A journal without a disk. `fault` makes every append fail while it is set, `hold` keeps them waiting. */
export class MemoryJournalStore implements JournalStore {
  readonly journal: MemoryJournal;
  readonly batches: JournalBatch[] = [];
  fault: Error | undefined;
  hold: Promise<void> = Promise.resolve();
  closed = false;
  readonly signalBatches: SignalBatch[] = [];
  /** signals that one call looks at */
  signalsPerCall = 100;

  constructor(journal = emptyJournal()) {
    this.journal = journal;
  }

  async load() {
    const { entries, notes, answers } = this.journal;
    this.journal.notes = { ...notes, isComplete: false };
    const packed = { ofParams: joinAnswers(answers.ofParams), ofSignals: joinAnswers(answers.ofSignals) };
    return { chunks: [packEntries([...entries])], notes, answers: packed, setAside: null };
  }

  async append(batch: JournalBatch): Promise<void> {
    await this.hold;
    if (this.fault) throw this.fault;
    this.batches.push(batch);
    for (const chunk of batch.chunks) {
      for (const [address, entry] of unpackEntries(chunk)) {
        if (entry.length > 0) this.journal.entries.set(address, entry);
        else this.journal.entries.delete(address);
      }
    }
    this.journal.notes = batch.notes;
    keepAnswers(this.journal.answers.ofParams, batch.answers);
  }

  async appendSignals(batch: SignalBatch): Promise<SignalsAppended> {
    await this.hold;
    if (this.fault) throw this.fault;
    this.signalBatches.push(batch);
    for (const chunk of batch.chunks) {
      this.journal.next += chunk.lost;
      for (const signal of unpackSignals(chunk)) this.journal.signals.push({ ...signal, number: this.journal.next++ });
    }
    keepAnswers(this.journal.answers.ofSignals, batch.answers);
    return { setAside: null };
  }

  async readSignals(query: SignalQuery): Promise<SignalPage> {
    if (this.fault) throw this.fault;
    // As on its way to the thread of the real one, which refuses what cannot be copied.
    const { pattern, mask, from, to, limit, rest, isNewestFirst } = structuredClone(query);
    const { next, end } = rest ?? { next: 0, end: this.journal.next };
    const left = this.journal.signals.filter(({ number }) => number >= next && number < end);
    const looked = isNewestFirst ? left.slice(-this.signalsPerCall) : left.slice(0, this.signalsPerCall);
    const wanted = looked.filter(
      ({ at, message }) =>
        at >= from &&
        at <= to &&
        (mask & (1 << codeOfKind(message.type === messageType.set ? 'param' : message.kind))) !== 0 &&
        matches(pattern, parseAddress(message.address)),
    );
    const found = isNewestFirst ? wanted : wanted.slice(0, limit);
    const before = looked[0] && left[0] !== looked[0] ? { next: 0, end: looked[0].number } : undefined;
    const last = found.length < wanted.length ? found.at(-1) : looked.at(-1);
    return {
      ...joinPayloads(found),
      times: Float64Array.from(found, ({ at }) => at),
      rest: isNewestFirst ? before : last && last.number + 1 < end ? { next: last.number + 1, end } : undefined,
      damaged: 0,
    };
  }

  async pruneSignals({ bytesMax, before }: SignalBounds): Promise<boolean> {
    const { signals } = this.journal;
    const sizeBytes = signals.reduce((sum, { payload }) => sum + payload.length, 0);
    const [oldest] = signals;
    if (!oldest || (sizeBytes <= bytesMax && oldest.at >= before)) return false;
    signals.shift();
    return true;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function keepAnswers(kept: Uint8Array[], answers: PackedAnswers | undefined): void {
  if (!answers) return;
  const { bytes, ends } = answers;
  for (const [i, end] of ends.entries()) kept.push(bytes.slice(ends[i - 1] ?? 0, end));
  kept.splice(0, Math.max(0, kept.length - keptAnswersMax));
}

function joinAnswers(answers: readonly Uint8Array[]): PackedAnswers {
  let at = 0;
  return {
    bytes: new Uint8Array(Buffer.concat(answers)),
    ends: Uint32Array.from(answers, ({ length }) => (at += length)),
  };
}

export function packEntries(entries: readonly (readonly [string, Uint8Array])[]): PackedEntries {
  const parts = entries.flatMap(([address, entry]) => [new TextEncoder().encode(address), entry]);
  const bytes = new Uint8Array(Buffer.concat(parts));
  const ends = parts.map(
    (
      (at) => (part: Uint8Array) =>
        (at += part.length)
    )(0),
  );
  const bounds = entries.flatMap((_, i) => [ends[2 * i - 1] ?? 0, ends[2 * i] ?? 0, ends[2 * i + 1] ?? 0]);
  return { bytes, bounds: Uint32Array.from(bounds) };
}

export function unpackEntries({ bytes, bounds }: PackedEntries): [string, Uint8Array][] {
  return Array.from({ length: bounds.length / 3 }, (_, i) => [
    new TextDecoder().decode(bytes.subarray(bounds[3 * i], bounds[3 * i + 1])),
    bytes.slice(bounds[3 * i + 1], bounds[3 * i + 2]),
  ]);
}

/** What a chunk holds; `number` as if nothing came before. */
export function unpackSignals({ bytes, ends, times, from, writers, lost }: PackedSignals): KeptSignal[] {
  return Array.from(ends, (end, i) => {
    const payload = bytes.slice(ends[i - 1] ?? 0, end);
    return {
      number: lost + i + 1,
      at: times[i] ?? 0,
      by: writers[from[i] ?? 0] ?? '',
      payload,
      message: signalIn(payload),
    };
  });
}

export function messagesOf({ bytes, ends }: Pick<PackedSignals, 'bytes' | 'ends'>): (SetMessage | PublishMessage)[] {
  return Array.from(ends, (end, i) => signalIn(bytes.slice(ends[i - 1] ?? 0, end)));
}

function signalIn(payload: Uint8Array): SetMessage | PublishMessage {
  const reader = new ByteReader();
  reader.open(payload, 0, payload.length);
  const message = readMessage(reader);
  if (message.type === messageType.set || message.type === messageType.publish) return message;
  throw new Error(`expected a SET or a PUBLISH, got ${message.type}`);
}

function joinPayloads(signals: readonly KeptSignal[]): Pick<PackedSignals, 'bytes' | 'ends'> {
  let at = 0;
  const ends = Uint32Array.from(signals, ({ payload }) => (at += payload.length));
  return { bytes: new Uint8Array(Buffer.concat(signals.map(({ payload }) => payload))), ends };
}
