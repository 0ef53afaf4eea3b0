import type { History, HistoryQuery, PastSignals } from './history.ts';

export interface NewestQuery extends HistoryQuery {
  /** the newest so many bytes, about */
  readonly bytesMax: number;
  /** pages of the journal that are looked through, however few of them have what is wanted */
  readonly pagesMax: number;
  /** looked at after each page: once it is false nothing more is read, and nothing is found */
  readonly isWanted: () => boolean;
}

export interface NewestPast {
  /** oldest first, without a gap up to the newest */
  readonly pages: readonly PastSignals[];
  /** whether there may be older ones that were not looked for */
  readonly isCut: boolean;
}

/** The newest signals of a journal, page by page from its end, so that what is found soon is not looked for far away.
 *  @throws UnavailableError 'cannot-write-file' as a rejection */
export async function readNewest(history: History, query: NewestQuery): Promise<NewestPast> {
  const reader = history.open({ ...query, isNewestFirst: true });
  const pages: PastSignals[] = [];
  let [left, sizeBytes] = [query.limit, 0];
  for (let looks = 1; left > 0 && sizeBytes < query.bytesMax; looks++) {
    const page = await reader.next();
    if (!query.isWanted()) return { pages: [], isCut: false };
    if (!page) break;
    if (looks > query.pagesMax) return { pages, isCut: true };
    if (page.ends.length === 0) continue;
    pages.unshift(lastOf(page, left));
    left -= page.ends.length;
    sizeBytes += page.bytes.length;
  }
  return { pages, isCut: false };
}

function lastOf(page: PastSignals, most: number): PastSignals {
  const spare = page.ends.length - most;
  if (spare <= 0) return page;
  const start = page.ends[spare - 1] ?? 0;
  return {
    bytes: page.bytes.subarray(start),
    ends: page.ends.slice(spare).map((end) => end - start),
    times: page.times.slice(spare),
  };
}
