import type { JournalStore } from '../../ports/journal-store.ts';

type Reading = Pick<JournalStore, 'readSignals'>;

/** The same store, asked for one page at a time, by one reader after the other: what is written waits for the disk in the
 *  same thread, behind one page and not behind as many as there are readers. */
export function readInTurn(store: Reading): Reading {
  let last: Promise<unknown> = Promise.resolve();
  return {
    readSignals: (query) => {
      const page = last.then(() => store.readSignals(query));
      // Whoever asked for a page hears why it cannot be read; the next one is another matter.
      last = page.catch(() => undefined);
      return page;
    },
  };
}
