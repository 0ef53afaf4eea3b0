import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalStore, KeptJournal } from '../../src-main/ports/journal-store.ts';
import { packEntries, unpackEntries } from '../memory-journal-store.ts';

/** One place to keep a journal in, empty at first. `open` gives a store on it, as another process would after a crash. */
export interface JournalStoreBench {
  open(): JournalStore;
  /** ends all that the bench opened */
  dispose(): Promise<void>;
}

/** What every JournalStore does. */
export function journalStoreConformance(name: string, makeBench: () => JournalStoreBench): void {
  // A worker thread takes a second to load on a busy machine.
  describe(`a journal store: ${name}`, { timeout: 30_000 }, () => {
    let bench: JournalStoreBench;
    beforeEach(() => void (bench = makeBench()));
    afterEach(() => bench.dispose());

    it('[JR1] holds nothing at first', async () => {
      const kept = await bench.open().load();
      expect({ ...kept, chunks: entriesOf(kept) }).toEqual({
        chunks: [],
        notes: { showId: null, revisionFloor: 0n },
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
      expect(kept.notes).toEqual({ showId: 'tour', revisionFloor: 2n ** 63n });
      expect(entriesOf(kept)).toEqual([
        ['/b', [5]],
        ['/a', [6]],
        ['/é/日本', [4]],
        ['/c', [7, 0, 255]],
      ]);
    });

    describeMany(() => bench);
  });
}

function describeMany(on: () => JournalStoreBench): void {
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
    expect(kept.notes).toEqual({ showId: null, revisionFloor: 7n });
    expect(entriesOf(kept)).toHaveLength(51);
    expect(entriesOf(kept)[0]).toEqual(['/a', [49]]);
  });
}

type Row = readonly [address: string, ...entry: number[]];

function batch(showId: string | null, revisionFloor: bigint, ...chunks: (readonly Row[])[]) {
  return {
    chunks: chunks.map((rows) => packEntries(rows.map(([address, ...entry]) => [address, Uint8Array.from(entry)]))),
    notes: { showId, revisionFloor },
  };
}

function entriesOf({ chunks }: KeptJournal): [string, number[]][] {
  return chunks.flatMap(unpackEntries).map(([address, entry]) => [address, [...entry]]);
}
