import type { JournalBatch, JournalNotes, JournalStore, PackedEntries } from '../src-main/ports/journal-store.ts';

/** What outlives a restart: hand it to the next store. */
export interface MemoryJournal {
  readonly entries: Map<string, Uint8Array>;
  notes: JournalNotes;
}

export function emptyJournal(): MemoryJournal {
  return { entries: new Map(), notes: { showId: null, revisionFloor: 0n } };
}

/** A journal without a disk. `fault` makes every append fail while it is set, `hold` keeps them waiting. */
export class MemoryJournalStore implements JournalStore {
  readonly journal: MemoryJournal;
  readonly batches: JournalBatch[] = [];
  fault: Error | undefined;
  hold: Promise<void> = Promise.resolve();
  closed = false;

  constructor(journal = emptyJournal()) {
    this.journal = journal;
  }

  async load() {
    const { entries, notes } = this.journal;
    return { chunks: [packEntries([...entries])], notes, setAside: null };
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
  }

  async close(): Promise<void> {
    this.closed = true;
  }
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
