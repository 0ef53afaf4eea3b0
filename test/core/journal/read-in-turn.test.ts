import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { readInTurn } from '../../../src-main/core/journal/read-in-turn.ts';
import type { SignalPage, SignalQuery } from '../../../src-main/ports/journal-store.ts';

const page = {
  bytes: new Uint8Array(),
  ends: new Uint32Array(),
  times: new Float64Array(),
  rest: undefined,
  damaged: 0,
};
const query = { pattern: parsePattern('/**'), mask: 0xff, from: 0, to: 9, rest: undefined };

describe('pages of many readers', () => {
  it('[RT282] are asked for one after the other, in the order of asking, also behind one that cannot be read', async () => {
    const asked: { readonly limit: number; settle: (fault?: Error) => void }[] = [];
    const store = readInTurn({
      readSignals: ({ limit }: SignalQuery) =>
        new Promise<SignalPage>((resolve, reject) =>
          asked.push({ limit, settle: (fault) => (fault ? reject(fault) : resolve(page)) }),
        ),
    });
    const pages = [1, 2, 3].map((limit) => store.readSignals({ ...query, limit }));
    const outcomes = Promise.allSettled(pages);
    for (const fault of [undefined, new Error('the disk is gone'), undefined]) {
      while (asked.length === 0) await Promise.resolve();
      expect(asked).toHaveLength(1);
      asked.shift()?.settle(fault);
    }
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
