import type { Pattern } from '../contract/address.ts';
import type { Micros } from '../contract/units.ts';

/** Keeps the newest value of every param over a restart, and signals to be read again. What `append` and `appendSignals`
 *  acknowledge survives kill -9 and power loss; what they reject left nothing behind. Addresses and entries of params are
 *  bytes to it: their meaning is in core/journal. Damage to the one does no harm to the other. */
export interface JournalStore {
  /** What was kept; call it once, before all else. */
  load(): Promise<KeptJournal>;
  /** Replaces what was kept of each address, all of a batch together. Batches arrive in the order of the calls.
   *  @throws UnavailableError 'cannot-write-file' */
  append(batch: JournalBatch): Promise<void>;
  /** Adds signals behind those that are there, all of a batch together. Batches arrive in the order of the calls.
   *  @throws UnavailableError 'cannot-write-file' */
  appendSignals(batch: SignalBatch): Promise<SignalsAppended>;
  /** Looks at some of what is kept, never so long that an `append` has to wait: go on until `rest` is undefined. What is
   *  appended after the first call is not among it.
   *  @throws UnavailableError 'cannot-write-file' when the disk is at fault */
  readSignals(query: SignalQuery): Promise<SignalPage>;
  /** Deletes some of the oldest, never so long that an `append` has to wait.
   *  @returns whether there is more to be deleted
   *  @throws UnavailableError 'cannot-write-file' */
  pruneSignals(bounds: SignalBounds): Promise<boolean>;
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
  readonly answers?: PackedAnswers;
}

/** What was answered to requests whose doing stands in the same batch, one behind the other; `ends` tells where each ends.
 *  Of those with params and of those with signals a store keeps the newest 65,536. */
export interface PackedAnswers {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

export interface JournalNotes {
  /** of the show on the table */
  readonly showId: string | null;
  /** at least as high as that of any address that is gone */
  readonly revisionFloor: bigint;
  /** at least as high as that of any address that came further than what is kept of it */
  readonly knownFloor: bigint;
  /** whether nothing was told to anybody that is not here; not so any more once the store was loaded */
  readonly isComplete: boolean;
}

export interface KeptJournal {
  /** by the time each address came first */
  readonly chunks: readonly PackedEntries[];
  readonly notes: JournalNotes;
  /** as they came with params, and with signals; oldest first */
  readonly answers: { readonly ofParams: PackedAnswers; readonly ofSignals: PackedAnswers };
  /** null when all is well */
  readonly setAside: JournalSetAside | null;
}

/** A file that could not be read whole: what of it made sense is back, the file itself was put aside. */
export interface JournalSetAside {
  readonly path: string;
  readonly reason: string;
  /** params, or chunks of signals, that are back */
  readonly saved: number;
}

/** Signals in the order in which the router accepted them. All four lists are of one length. */
export interface PackedSignals {
  /** payloads of SET and PUBLISH, one behind the other [CLASP-WIRE §3]: each begins with its type (0x21, 0x20), its flags
   *  (for PUBLISH the kind in bits 7-5), and its address: u16 length, big-endian, and UTF-8 */
  readonly bytes: Uint8Array;
  /** where each ends in `bytes` */
  readonly ends: Uint32Array;
  /** when each was accepted, in µs */
  readonly times: Float64Array;
  /** who sent each, as a place in `writers` */
  readonly from: Uint16Array;
  /** session ids, and names of participants in the process */
  readonly writers: readonly string[];
  /** signals that were left out before the first of these */
  readonly lost: number;
}

export interface SignalBatch {
  readonly chunks: readonly PackedSignals[];
  readonly answers?: PackedAnswers;
  /** whether somebody waits for them to survive power loss too; kill -9 they survive without it */
  readonly isDurable: boolean;
}

export interface SignalsAppended {
  /** what was kept before was damaged; null when all is well */
  readonly setAside: JournalSetAside | null;
}

export interface SignalQuery {
  readonly pattern: Pattern;
  /** bit `1 << kind code` for each kind wanted */
  readonly mask: number;
  /** µs, both included */
  readonly from: number;
  readonly to: number;
  /** at most as many, 1 or more */
  readonly limit: number;
  /** of the page before; undefined for the first */
  readonly rest: SignalRest | undefined;
  /** the newest page first, each next one older; a page has its own oldest first, and may have a few more than the limit.
   *  Where times run back, as over a clock that was set, it may end before all of `from` was found */
  readonly isNewestFirst?: boolean;
}

/** Where a page ended and where the last will. */
export interface SignalRest {
  readonly next: number;
  readonly end: number;
}

/** Some of those that were asked for, oldest first. */
export interface SignalPage extends Pick<PackedSignals, 'bytes' | 'ends' | 'times'> {
  /** undefined when there is no more */
  readonly rest: SignalRest | undefined;
  /** chunks that were damaged and passed over */
  readonly damaged: number;
}

export interface SignalBounds {
  readonly bytesMax: number;
  /** what was accepted before may go */
  readonly before: Micros;
}
