import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { openPast } from '../../../src-main/core/journal/past-reader.ts';
import type { SignalPage, SignalQuery } from '../../../src-main/ports/journal-store.ts';

const query = { pattern: parsePattern('/**'), mask: 0xff, from: 0, to: 9, limit: 10 };

/** Pages with so many signals each. */
function bench(counts: readonly number[], { damaged = 0, kept = Promise.resolve(), more = {} } = {}) {
  const asked: SignalQuery[] = [];
  const said: unknown[] = [];
  const say = (message: string, data?: unknown): void => void said.push([message, data]);
  const log = { error: say, warn: say, info: say, debug: say, child: () => log };
  const readSignals = async (each: SignalQuery): Promise<SignalPage> => {
    const index = asked.push(each) - 1;
    const ends = new Uint32Array(Math.min(counts[index] ?? 0, each.limit));
    const rest = index + 1 < counts.length ? { next: index + 1, end: 99 } : undefined;
    return { bytes: new Uint8Array(), ends, times: new Float64Array(ends.length), rest, damaged };
  };
  const reader = openPast({ store: { readSignals }, log, query: { ...query, ...more }, whenKept: () => kept });
  const readAll = async (): Promise<number[]> => {
    const found: number[] = [];
    for (let page = await reader.next(); page; page = await reader.next()) found.push(page.ends.length);
    return found;
  };
  return { asked, said, reader, readAll };
}

describe('reading what happened', () => {
  it('[JR32] goes on where the page before ended, up to the limit', async () => {
    const { asked, readAll } = bench([4, 0, 4, 4, 4]);
    expect(await readAll()).toEqual([4, 0, 4, 2]);
    expect(asked.map(({ limit, rest }) => [limit, rest?.next])).toEqual([
      [10, undefined],
      [6, 1],
      [6, 2],
      [2, 3],
    ]);
  });

  it('[JR32] ends with the last page', async () => {
    const { readAll, reader } = bench([4, 1]);
    expect(await readAll()).toEqual([4, 1]);
    expect(await reader.next()).toBeUndefined();
  });

  it('[RT463] asks for what a store knows, and nothing else that was asked for can keep it from a thread', async () => {
    const { asked, readAll } = bench([1], { more: { isNewestFirst: true, isWanted: () => true } });
    await readAll();
    expect(asked.map((each) => structuredClone(each))).toEqual([{ ...query, isNewestFirst: true, rest: undefined }]);
  });

  it('[JR33] fails when what was accepted until now cannot be put on disk', async () => {
    const { reader, asked } = bench([4], { kept: Promise.reject(new Error('the disk is full')) });
    await expect(reader.next()).rejects.toThrow('the disk is full');
    expect(asked).toEqual([]);
  });

  it('[JR30] says once how much was damaged', async () => {
    const { readAll, said } = bench([1, 1, 1], { damaged: 2 });
    await readAll();
    expect(said).toEqual([['damaged parts of the journal are left out of a replay', { damaged: 6 }]]);
  });
});
