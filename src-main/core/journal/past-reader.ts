import type { JournalStore, SignalRest } from '../../ports/journal-store.ts';
import type { Log } from '../../ports/log.ts';
import type { HistoryQuery, HistoryReader } from '../router/memory/history.ts';

export interface PastOptions {
  readonly store: Pick<JournalStore, 'readSignals'>;
  readonly log: Log;
  readonly query: HistoryQuery;
  /** resolves when what was accepted until the call is on disk */
  readonly whenKept: () => Promise<void>;
}

/** Reads kept signals page by page. */
export function openPast({ store, log, query, whenKept }: PastOptions): HistoryReader {
  // Nothing else that a query may have by chance: the store lives in a thread, to which a function cannot be copied.
  const { pattern, mask, from, to, isNewestFirst } = query;
  const asked = { pattern, mask, from, to, ...(isNewestFirst && { isNewestFirst }) };
  let kept: Promise<void> | undefined = whenKept();
  // Whoever reads hears of it; nobody may ever read.
  kept.catch(() => undefined);
  let rest: SignalRest | undefined;
  let left = query.limit;
  let isDone = false;
  let damaged = 0;

  return {
    next: async () => {
      if (isDone) return undefined;
      await kept;
      kept = undefined;
      const page = await store.readSignals({ ...asked, limit: left, rest });
      rest = page.rest;
      left -= page.ends.length;
      damaged += page.damaged;
      isDone = rest === undefined || left <= 0;
      if (isDone && damaged > 0) log.error('damaged parts of the journal are left out of a replay', { damaged });
      return page;
    },
  };
}
