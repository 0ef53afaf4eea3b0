import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../../src-main/contract/address.ts';
import type { History, PastSignals } from '../../../../src-main/core/router/memory/history.ts';
import { readNewest, type NewestPast } from '../../../../src-main/core/router/memory/newest-past.ts';

const perPage = 7;

/** A journal of signals of ten bytes, one at each of these times, seven looked at for a page. */
function journalOf(times: readonly number[]) {
  const looked: number[][] = [];
  const open: History['open'] = (query) => {
    const left = [...times];
    const next = async (): Promise<PastSignals | undefined> => {
      if (left.length === 0) return Promise.resolve(undefined);
      const look = query.isNewestFirst ? left.splice(-perPage) : left.splice(0, perPage);
      looked.push(look);
      const page = look.filter((at) => at >= query.from && at <= query.to);
      const bytes = Uint8Array.from(page.flatMap((at) => Array<number>(10).fill(at % 251)));
      return Promise.resolve({
        bytes,
        ends: Uint32Array.from(page, (_, i) => (i + 1) * 10),
        times: Float64Array.from(page),
      });
    };
    return { next };
  };
  return { history: { open }, looked };
}

const query = {
  pattern: parsePattern('/**'),
  mask: 0xff,
  from: 0,
  to: 100e6,
  limit: 10,
  bytesMax: 1e9,
  pagesMax: 1000,
  isWanted: () => true,
};
const timesOf = ({ pages }: NewestPast): number[] => pages.flatMap(({ times }) => [...times]);

describe('the newest of a journal', () => {
  it('[RT163] are as many as wanted, oldest first, looked for no further back than it takes', async () => {
    const times = Array.from({ length: 100 }, (_, i) => (i + 1) * 1e6);
    const { history, looked } = journalOf(times);
    expect(timesOf(await readNewest(history, query))).toEqual(times.slice(-10));
    expect(looked).toHaveLength(2);
    expect(timesOf(await readNewest(history, { ...query, limit: 1000 }))).toEqual(times);
    expect(timesOf(await readNewest(history, { ...query, from: 97e6, limit: 1000 }))).toEqual(times.slice(-4));
    expect(timesOf(await readNewest(history, { ...query, to: 5e5 }))).toEqual([]);
  });

  it('[RT163] keep their bytes where a page is cut, and are bounded in bytes', async () => {
    const { history, looked } = journalOf(Array.from({ length: 30 }, (_, i) => 99e6 + i));
    const { pages } = await readNewest(history, query);
    for (const { bytes, ends, times } of pages)
      expect([...ends].map((end) => bytes[end - 1])).toEqual([...times].map((at) => at % 251));
    looked.splice(0);
    const few = await readNewest(history, { ...query, limit: 1000, bytesMax: 100 });
    expect(timesOf(few)).toEqual(Array.from({ length: 14 }, (_, i) => 99e6 + 16 + i));
    expect(looked).toHaveLength(2);
  });

  it('[RT283] are looked for no further once nobody wants them', async () => {
    const { history, looked } = journalOf(Array.from({ length: 100 }, (_, i) => (i + 1) * 1e6));
    let looks = 0;
    const isWanted = (): boolean => ++looks < 4;
    const nothing = { pages: [], isCut: false };
    expect(await readNewest(history, { ...query, limit: 1000, isWanted })).toEqual(nothing);
    expect(looked).toHaveLength(4);
  });

  it('[RT329] are looked for in a bounded number of pages, and are then without a gap up to the newest', async () => {
    const instants = fc.uniqueArray(fc.nat(40e6), { maxLength: 80 });
    const numbers = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.nat(14), fc.nat(40e6));
    await fc.assert(
      fc.asyncProperty(instants, numbers, async (made, [limit, pagesMax, from]) => {
        const times = made.toSorted((one, other) => one - other);
        const { history, looked } = journalOf(times);
        const found = await readNewest(history, { ...query, to: 40e6, from, limit, pagesMax });
        const all = times.filter((at) => at >= from).slice(-limit);
        const reached = times.slice(Math.max(0, times.length - perPage * pagesMax)).filter((at) => at >= from);
        expect(timesOf(found)).toEqual(reached.slice(-limit));
        if (!found.isCut) expect(timesOf(found)).toEqual(all);
        expect(looked.length).toBeLessThanOrEqual(pagesMax + 1);
      }),
    );
  });
});
