/** Keeps the newest value of every param over a restart. What `append` acknowledges survives kill -9 and power loss; what
 *  it rejects left nothing behind. Addresses and entries are bytes to it: their meaning is in core/journal. */
export interface JournalStore {
  /** What was kept; call it once, before all else. */
  load(): Promise<KeptJournal>;
  /** Replaces what was kept of each address, all of a batch together. Batches arrive in the order of the calls.
   *  @throws UnavailableError 'cannot-write-file' */
  append(batch: JournalBatch): Promise<void>;
  /** Waits for what runs. Nothing may be called afterwards. */
  close(): Promise<void>;
}

/** Addresses with their entries, packed. Three bounds for each: its address is the UTF-8 from the first up to the second,
 *  its entry the bytes from there up to the third. An entry without bytes stands for an address that is gone. */
export interface PackedEntries {
  readonly bytes: Uint8Array;
  readonly bounds: Uint32Array;
}

export interface JournalBatch {
  /** an address that comes twice is taken as it comes last */
  readonly chunks: readonly PackedEntries[];
  readonly notes: JournalNotes;
}

export interface JournalNotes {
  /** of the show on the table */
  readonly showId: string | null;
  /** at least as high as that of any address that is gone */
  readonly revisionFloor: bigint;
}

export interface KeptJournal {
  /** by the time each address came first */
  readonly chunks: readonly PackedEntries[];
  readonly notes: JournalNotes;
  /** a journal that could not be read and where it was put aside; null when all is well */
  readonly setAside: { readonly path: string; readonly reason: string } | null;
}
