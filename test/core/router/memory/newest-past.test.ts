import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../../src-main/contract/address.ts';
import type { History, HistoryQuery, PastSignals } from '../../../../src-main/core/router/memory/history.ts';
import { readNewest } from '../../../../src-main/core/router/memory/newest-past.ts';

/** A journal of signals of ten bytes, one at each of these times, seven in a page. */
function journalOf(times: readonly number[]): { readonly history: History; readonly asked: HistoryQuery[] } {
  const asked: HistoryQuery[] = [];
  const open: History['open'] = (query) => {
    asked.push(query);
    const left = times.filter((at) => at >= query.from && at <= query.to);
    const next = async (): Promise<PastSignals | undefined> => {
      const page = left.splice(0, 7);
      if (page.length === 0) return Promise.resolve(undefined);
      const bytes = Uint8Array.from(page.flatMap((at) => Array<number>(10).fill(at % 251)));
      return Promise.resolve({
        bytes,
        ends: Uint32Array.from(page, (_, i) => (i + 1) * 10),
        times: Float64Array.from(page),
      });
    };
    return { next };
  };
  return { history: { open }, asked };
}

const query = {
  pattern: parsePattern('/**'),
  mask: 0xff,
  from: 0,
  to: 100e6,
  limit: 10,
  bytesMax: 1e9,
  isWanted: () => true,
};
const timesOf = (pages: readonly PastSignals[]): number[] => pages.flatMap(({ times }) => [...times]);

describe('the newest of a journal', () => {
  it('[RT163] are as many as wanted, oldest first, looked for no further back than it takes', async () => {
    const times = Array.from({ length: 100 }, (_, i) => (i + 1) * 1e6);
    const { history, asked } = journalOf(times);
    expect(timesOf(await readNewest(history, query))).toEqual(times.slice(-10));
    expect(asked.map(({ from }) => from)).toEqual([99e6, 84e6]);
    expect(timesOf(await readNewest(history, { ...query, limit: 1000 }))).toEqual(times);
    expect(timesOf(await readNewest(history, { ...query, from: 97e6, limit: 1000 }))).toEqual(times.slice(-4));
    expect(timesOf(await readNewest(history, { ...query, to: 5e5 }))).toEqual([]);
  });

  it('[RT163] keep their bytes where a page is cut, and are bounded in bytes', async () => {
    const { history } = journalOf(Array.from({ length: 30 }, (_, i) => 99e6 + i));
    const pages = await readNewest(history, query);
    for (const { bytes, ends, times } of pages)
      expect([...ends].map((end) => bytes[end - 1])).toEqual([...times].map((at) => at % 251));
    const few = await readNewest(history, { ...query, limit: 1000, bytesMax: 100 });
    expect(timesOf(few).at(-1)).toBe(99e6 + 29);
    expect(timesOf(few).length).toBeLessThan(20);
  });

  it('[RT283] are looked for no further once nobody wants them', async () => {
    const { history, asked } = journalOf(Array.from({ length: 100 }, (_, i) => (i + 1) * 1e6));
    let looks = 0;
    const isWanted = (): boolean => ++looks < 4;
    expect(await readNewest(history, { ...query, limit: 1000, isWanted })).toEqual([]);
    expect(asked).toHaveLength(2);
  });
});
