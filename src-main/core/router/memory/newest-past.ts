import type { History, HistoryQuery, PastSignals } from './history.ts';

/** how far back the first look goes, and how much further each next one does */
const firstSpanMicros = 1_000_000;
const spanGrowth = 16;

export interface NewestQuery extends HistoryQuery {
  /** the newest so many bytes, about */
  readonly bytesMax: number;
  /** looked at before each page: once it is false nothing more is read, and nothing is found */
  readonly isWanted: () => boolean;
}

/** The newest signals of a journal that can only be read forwards, oldest first, in pages. It looks back further and further
 *  until there are as many as wanted, so that what is found soon is not looked for far away.
 *  @throws UnavailableError 'cannot-write-file' as a rejection */
export async function readNewest(history: History, query: NewestQuery): Promise<readonly PastSignals[]> {
  for (let span = firstSpanMicros; ; span *= spanGrowth) {
    const from = Math.max(query.from, query.to - span);
    const pages = await lastOf(history, { ...query, from });
    if (!query.isWanted()) return [];
    if (from <= Math.max(0, query.from) || countOf(pages) >= query.limit) return pages;
  }
}

async function lastOf(history: History, query: NewestQuery): Promise<readonly PastSignals[]> {
  const reader = history.open({ ...query, from: Math.max(0, query.from), limit: Number.MAX_SAFE_INTEGER });
  const pages: PastSignals[] = [];
  let [count, sizeBytes] = [0, 0];
  for (let page = await reader.next(); page && query.isWanted(); page = await reader.next()) {
    if (page.ends.length === 0) continue;
    pages.push(page);
    count += page.ends.length;
    sizeBytes += page.bytes.length;
    for (let first = pages[0]; first && pages.length > 1; first = pages[0]) {
      const isSpare = count - first.ends.length >= query.limit || sizeBytes - first.bytes.length >= query.bytesMax;
      if (!isSpare) break;
      pages.shift();
      count -= first.ends.length;
      sizeBytes -= first.bytes.length;
    }
  }
  const [first, ...others] = pages;
  return first ? [withoutFirst(first, count - query.limit), ...others] : [];
}

function withoutFirst(page: PastSignals, count: number): PastSignals {
  if (count <= 0) return page;
  const start = page.ends[count - 1] ?? 0;
  return {
    bytes: page.bytes.subarray(start),
    ends: page.ends.slice(count).map((end) => end - start),
    times: page.times.slice(count),
  };
}

function countOf(pages: readonly PastSignals[]): number {
  return pages.reduce((sum, { ends }) => sum + ends.length, 0);
}
