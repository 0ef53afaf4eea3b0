import type { Pattern } from '../../../contract/address.ts';
import type { PackedSignals } from '../../../ports/journal-store.ts';

/** What happened, to be read again. */
export interface History {
  /** Opens what was accepted until now; it ends there, however much comes meanwhile. */
  open(query: HistoryQuery): HistoryReader;
}

export interface HistoryQuery {
  readonly pattern: Pattern;
  /** bit `1 << kind code` for each kind wanted */
  readonly mask: number;
  /** µs since the Unix epoch, both included */
  readonly from: number;
  readonly to: number;
  /** at most as many, 1 or more */
  readonly limit: number;
  /** the newest page first, each next one older; the last may go a little beyond the limit */
  readonly isNewestFirst?: boolean;
}

/** A few signals, oldest first; may be none. */
export type PastSignals = Pick<PackedSignals, 'bytes' | 'ends' | 'times'>;

export interface HistoryReader {
  /** The next few; undefined when there is no more. One call at a time.
   *  @throws UnavailableError 'cannot-write-file' as a rejection */
  next(): Promise<PastSignals | undefined>;
}
