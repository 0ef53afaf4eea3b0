import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parsePattern } from '../../src-main/contract/address.ts';
import { micros } from '../../src-main/contract/units.ts';
import { f64, signalKinds, type SignalKind } from '../../src-main/contract/signal.ts';
import { SignalPacker } from '../../src-main/core/journal/signal-packer.ts';
import { codeOfKind } from '../../src-main/core/protocol/enumerations.ts';
import { messageType, type PublishMessage, type SetMessage } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import type {
  JournalStore,
  KeptJournal,
  PackedAnswers,
  PackedSignals,
  SignalQuery,
  SignalRest,
} from '../../src-main/ports/journal-store.ts';
import { messagesOf, packEntries, unpackEntries } from '../memory-journal-store.ts';

/** One place to keep a journal in, empty at first. `open` gives a store on it, as another process would after a crash. */
export interface JournalStoreBench {
  open(): JournalStore;
  /** ends all that the bench opened */
  dispose(): Promise<void>;
}

/** What every JournalStore does. */
export function journalStoreConformance(name: string, makeBench: () => JournalStoreBench): void {
  // A worker thread takes a second to load on a busy machine.
  describe(`a journal store: ${name}`, () => {
    let bench: JournalStoreBench;
    beforeEach(() => void (bench = makeBench()));
    afterEach(() => bench.dispose());

    it('[JR1] holds nothing at first', async () => {
      const kept = await bench.open().load();
      expect({ ...kept, chunks: entriesOf(kept) }).toEqual({
        chunks: [],
        notes: { showId: null, revisionFloor: 0n, knownFloor: 0n, isComplete: true },
        answers: { ofParams: answers(), ofSignals: answers() },
        setAside: null,
      });
    });

    it('[JR1] gives back the newest of each address, in the order of their first coming, and the last notes', async () => {
      const first = bench.open();
      await first.load();
      await first.append(
        batch(
          'gala',
          0n,
          [
            ['/b', 1],
            ['/a', 2],
            ['/gone', 3],
          ],
          [
            ['/é/日本', 4],
            ['/b', 5],
          ],
        ),
      );
      await first.append(batch('tour', 2n ** 63n, [['/a', 6], ['/c', 7, 0, 255], ['/gone']]));
      const kept = await bench.open().load();
      expect(kept.notes).toEqual({ showId: 'tour', revisionFloor: 2n ** 63n, knownFloor: 5n, isComplete: false });
      expect(entriesOf(kept)).toEqual([
        ['/b', [5]],
        ['/a', [6]],
        ['/é/日本', [4]],
        ['/c', [7, 0, 255]],
      ]);
    });

    describeMany(() => bench);
    describeSignals(() => bench);
    describeAnswers(() => bench);
  });
}

function describeMany(on: () => JournalStoreBench): void {
  it('[JR51] is complete when its last notes say so and nobody has loaded it since', async () => {
    const first = on().open();
    await first.load();
    await first.append({ chunks: [], notes: { showId: 'gala', revisionFloor: 3n, knownFloor: 5n, isComplete: true } });
    expect((await on().open().load()).notes).toEqual({
      showId: 'gala',
      revisionFloor: 3n,
      knownFloor: 5n,
      isComplete: true,
    });
    expect((await on().open().load()).notes).toEqual({
      showId: 'gala',
      revisionFloor: 3n,
      knownFloor: 5n,
      isComplete: false,
    });
  });

  it('[JR1] keeps notes that come alone, and takes many batches at once in their order', async () => {
    const first = on().open();
    await first.load();
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        first.append(
          batch('gala', 0n, [
            ['/a', i],
            [`/${i}`, i],
          ]),
        ),
      ),
    );
    await first.append(batch(null, 7n));
    const kept = await on().open().load();
    expect(kept.notes).toEqual({ showId: null, revisionFloor: 7n, knownFloor: 5n, isComplete: false });
    expect(entriesOf(kept)).toHaveLength(51);
    expect(entriesOf(kept)[0]).toEqual(['/a', [49]]);
  });
}

function describeAnswers(on: () => JournalStoreBench): void {
  it('[JR52] gives back what was answered, of params and of signals, in its order', async () => {
    const first = on().open();
    await first.load();
    await first.append({ ...batch('gala', 0n, [['/a', 1]]), answers: answers([1, 2], [3]) });
    await first.append({ ...batch('gala', 0n), answers: answers([4]) });
    await first.append(batch('gala', 0n));
    await first.appendSignals({
      chunks: [signals([1, 'event', '/a'])],
      isDurable: true,
      answers: answers([5], [], [6]),
    });
    const { answers: kept } = await on().open().load();
    expect(kept).toEqual({ ofParams: answers([1, 2], [3], [4]), ofSignals: answers([5], [], [6]) });
  });

  it('[JR56] keeps the newest 65,536 of each', async () => {
    const first = on().open();
    await first.load();
    const many = Array.from({ length: 40_000 }, (_, i) => [i & 0xff, i >> 8]);
    for (const _ of [1, 2]) {
      await first.append({ ...batch('gala', 0n), answers: answers(...many) });
      await first.appendSignals({ chunks: [], isDurable: false, answers: answers(...many) });
    }
    const { ofParams, ofSignals } = (await on().open().load()).answers;
    const newest = answers(...[...many, ...many].slice(-65_536));
    for (const { bytes, ends } of [ofParams, ofSignals]) {
      expect(ends.length).toBe(65_536);
      expect(Buffer.from(newest.bytes).equals(bytes)).toBe(true);
    }
  });
}

function answers(...entries: readonly (readonly number[])[]): PackedAnswers {
  let at = 0;
  return { bytes: Uint8Array.from(entries.flat()), ends: Uint32Array.from(entries, ({ length }) => (at += length)) };
}

type Row = readonly [address: string, ...entry: number[]];

function batch(showId: string | null, revisionFloor: bigint, ...chunks: (readonly Row[])[]) {
  return {
    chunks: chunks.map((rows) => packEntries(rows.map(([address, ...entry]) => [address, Uint8Array.from(entry)]))),
    notes: { showId, revisionFloor, knownFloor: 5n, isComplete: false },
  };
}

function entriesOf({ chunks }: KeptJournal): [string, number[]][] {
  return chunks.flatMap(unpackEntries).map(([address, entry]) => [address, [...entry]]);
}

function describeSignals(on: () => JournalStoreBench): void {
  it('[JR28] has no signals at first, and nothing to delete', async () => {
    const store = on().open();
    await store.load();
    expect(await readAll(store)).toEqual([]);
    expect(await store.pruneSignals({ bytesMax: 0, before: micros(2 ** 52) })).toBe(false);
  });

  it('[JR28] gives signals back in their order, by kind, time, pattern and limit, also after a restart', async () => {
    const first = on().open();
    await first.load();
    await first.appendSignals({
      chunks: [
        signals([5, 'param', '/a/1'], [6, 'event', '/a/2'], [6, 'stream', '/b/1']),
        signals([7, 'gesture', '/a/1'], [3, 'timeline', '/é/日本']),
      ],
      isDurable: true,
    });
    await first.appendSignals({ chunks: [signals([9, 'param', '/a/1'])], isDurable: false });
    for (const store of [first, on().open()]) {
      if (store !== first) await store.load();
      expect(await readAll(store)).toEqual(['5 /a/1', '6 /a/2', '6 /b/1', '7 /a/1', '3 /é/日本', '9 /a/1']);
      expect(await readAll(store, { pattern: parsePattern('/a/*') })).toEqual(['5 /a/1', '6 /a/2', '7 /a/1', '9 /a/1']);
      expect(await readAll(store, { pattern: parsePattern('/é/日本') })).toEqual(['3 /é/日本']);
      expect(await readAll(store, { from: 6, to: 7 })).toEqual(['6 /a/2', '6 /b/1', '7 /a/1']);
      expect(await readAll(store, { mask: 0x01 })).toEqual(['5 /a/1', '9 /a/1']);
      expect(await readAll(store, { mask: 0x18 })).toEqual(['7 /a/1', '3 /é/日本']);
      expect(await readAll(store, { limit: 2 })).toEqual(['5 /a/1', '6 /a/2']);
      expect(await readAll(store, { limit: 1, pattern: parsePattern('/b/**') })).toEqual(['6 /b/1']);
    }
  });

  it('[JR28] gives nothing that was appended after the first page, and every one before it once', async () => {
    const store = on().open();
    await store.load();
    const many = Array.from({ length: 60 }, (_, i) =>
      signals(...Array.from({ length: 50 }, (__, j) => large(i * 50 + j))),
    );
    await store.appendSignals({ chunks: many, isDurable: false });
    const found: number[] = [];
    let rest: SignalRest | undefined;
    let pages = 0;
    do {
      const page = await store.readSignals({ ...everything, rest });
      found.push(...page.times);
      ({ rest } = page);
      pages++;
      await store.appendSignals({ chunks: [signals([1, 'event', '/later'])], isDurable: false });
    } while (rest);
    expect(pages).toBeGreaterThan(2);
    expect(found).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });

  it('[RT330] gives signals from the end on, each page oldest first, and nothing that was appended after the first', async () => {
    const store = on().open();
    await store.load();
    const many = Array.from({ length: 60 }, (_, i) =>
      signals(...Array.from({ length: 50 }, (__, j) => large(i * 50 + j))),
    );
    await store.appendSignals({ chunks: many, isDurable: false });
    const backwards = async (more: Partial<SignalQuery>): Promise<number[]> => {
      const found: number[] = [];
      let rest: SignalRest | undefined;
      do {
        const left = (more.limit ?? everything.limit) - found.length;
        const page = await store.readSignals({ ...everything, ...more, limit: left, isNewestFirst: true, rest });
        found.unshift(...page.times);
        ({ rest } = page);
      } while (rest && found.length < (more.limit ?? everything.limit));
      return found;
    };
    const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
    expect(await backwards({})).toEqual(numbers(0, 3000));
    expect(await backwards({ from: 777, to: 1555 })).toEqual(numbers(777, 1556));
    expect((await backwards({ limit: 1000 })).slice(-1000)).toEqual(numbers(2000, 3000));
    expect(await backwards({ pattern: parsePattern('/nobody') })).toEqual([]);
    const first = await store.readSignals({ ...everything, limit: 1, isNewestFirst: true, rest: undefined });
    await store.appendSignals({ chunks: [signals([3001, 'event', '/later'])], isDurable: false });
    const second = await store.readSignals({ ...everything, isNewestFirst: true, rest: first.rest });
    expect([first.times.at(-1), (second.times.at(-1) ?? 0) + 1]).toEqual([2999, first.times[0]]);
    expect((await backwards({ limit: 1 })).at(-1)).toBe(3001);
  });

  it('[JR28] finds the same as a list that is gone through by hand, whatever is asked', async () => {
    const store = on().open();
    await store.load();
    const random = fc.sample(
      fc.record({
        at: fc.nat(50),
        kind: fc.constantFrom(...signalKinds),
        address: fc.constantFrom('/a', '/a/b', '/a/b/c', '/b/b'),
        cut: fc.nat(9),
        lost: fc.nat(2),
      }),
      { seed: 20261121, numRuns: 400 },
    );
    const kept: Kept[] = [];
    for (let at = 0; at < random.length;) {
      const size = 1 + (random[at]?.cut ?? 0);
      const part = random.slice(at, at + size).map((each): Kept => [each.at, each.kind, each.address]);
      kept.push(...part);
      await store.appendSignals({ chunks: [{ ...signals(...part), lost: random[at]?.lost ?? 0 }], isDurable: false });
      at += size;
    }
    const patterns = { '/**': /./, '/a/*': /^\/a\/[^/]+$/, '/*/b/**': /^\/[^/]+\/b(\/|$)/, '/a': /^\/a$/ };
    const query = fc.record({
      pattern: fc.constantFrom(...(Object.keys(patterns) as (keyof typeof patterns)[])),
      from: fc.nat(50),
      span: fc.nat(50),
      mask: fc.nat(31),
      limit: fc.integer({ min: 1, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ pattern, from, span, mask, limit }) => {
        const wanted = kept.filter(
          ([at, kind, address]) =>
            at >= from &&
            at <= from + span &&
            (mask & (1 << codeOfKind(kind))) !== 0 &&
            patterns[pattern].test(address),
        );
        const asked = { pattern: parsePattern(pattern), from, to: from + span, mask, limit };
        expect(await readAll(store, asked)).toEqual(
          wanted.slice(0, limit).map(([at, , address]) => `${at} ${address}`),
        );
      }),
      { seed: 20261121, numRuns: 60 },
    );
  });

  it('[JR29] deletes the oldest, step by step, until neither too much nor anything too old is left', async () => {
    const store = on().open();
    await store.load();
    const chunks = Array.from({ length: 40 }, (_, i) => signals(large(i)));
    await store.appendSignals({ chunks, isDurable: false });
    await prune(store, 1e9, 10);
    expect(await readAll(store)).toEqual(Array.from({ length: 30 }, (_, i) => `${i + 10} /large`));
    await prune(store, 20_000, 0);
    const left = await readAll(store);
    expect(left.length).toBeGreaterThan(10);
    expect(left.length).toBeLessThan(21);
    expect(left.at(-1)).toBe('39 /large');
    await prune(store, 0, 0);
    expect(await readAll(store)).toEqual([]);
    await store.appendSignals({ chunks: [signals([50, 'event', '/a'])], isDurable: true });
    expect(await readAll(store)).toEqual(['50 /a']);
  });
}

type Kept = readonly [at: number, kind: SignalKind, address: string];

const everything: SignalQuery = {
  pattern: parsePattern('/**'),
  mask: 0xff,
  from: 0,
  to: 2 ** 52,
  limit: 1_000_000,
  rest: undefined,
};

/** A SET for a param, else a PUBLISH; of some size at `/large`. */
function signals(...kept: readonly Kept[]): PackedSignals {
  const packer = new SignalPacker();
  for (const [at, kind, address] of kept) {
    const value = WireValue.of(address === '/large' ? { type: 'string', value: 'x'.repeat(990) } : f64(at));
    const set: SetMessage = { type: messageType.set, address, value, revision: BigInt(at) };
    const publish: PublishMessage = { type: messageType.publish, kind, address, value };
    if (!packer.add(kind === 'param' ? set : publish, 'desk', micros(at))) throw new Error('the chunk is full');
  }
  const chunk = packer.take(0);
  if (!chunk) throw new Error('there is nothing in the chunk');
  return chunk;
}

function large(at: number): Kept {
  return [at, 'event', '/large'];
}

async function readAll(store: JournalStore, query: Partial<SignalQuery> = {}): Promise<string[]> {
  const found: string[] = [];
  let rest: SignalRest | undefined;
  const limit = query.limit ?? everything.limit;
  do {
    const page = await store.readSignals({ ...everything, ...query, limit: limit - found.length, rest });
    expect(page.damaged).toBe(0);
    found.push(...messagesOf(page).map(({ address }, i) => `${page.times[i]} ${address}`));
    ({ rest } = page);
  } while (rest && found.length < limit);
  return found;
}

async function prune(store: JournalStore, bytesMax: number, before: number): Promise<void> {
  let steps = 0;
  while (await store.pruneSignals({ bytesMax, before: micros(before) })) if (++steps > 1000) throw new Error('no end');
}
