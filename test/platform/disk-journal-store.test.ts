import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DiskJournalStore } from '../../src-main/platform/disk-journal-store.ts';
import { createWorkerJournalStore } from '../../src-main/platform/worker-journal-store.ts';
import { journalStoreConformance } from '../conformance/journal-store.ts';
import { emptyJournal, MemoryJournalStore, packEntries, unpackEntries } from '../memory-journal-store.ts';
import { diskBench } from '../disk-bench.ts';
import { silentLog } from '../silent-log.ts';
import { temporaryDataPaths } from '../temporary-folder.ts';

const worker = new URL('../../src-main/workers/journal-worker.ts', import.meta.url);
const notes = { showId: 'gala', revisionFloor: 3n, knownFloor: 2n, isComplete: false };
const one = [packEntries([['/a', Uint8Array.of(1)]])];

journalStoreConformance('in memory', () => {
  const journal = emptyJournal();
  return { open: () => new MemoryJournalStore(journal), dispose: () => Promise.resolve() };
});
journalStoreConformance('on disk', () => diskBench((paths) => new DiskJournalStore(paths)));
journalStoreConformance('on disk, in a worker', () =>
  diskBench((paths) => createWorkerJournalStore({ worker, paths, log: silentLog })),
);

describe('the journal store on disk', () => {
  it.each([
    ['damaged', undefined],
    ['of another program', 'PRAGMA application_id = 1'],
    ['of a newer Flyrail', 'PRAGMA user_version = 99'],
    ['damaged where it says what it holds', 'ALTER TABLE param RENAME COLUMN entry TO dntry'],
  ])('[JR3] puts a file aside that is %s', async (_how, change) => {
    const paths = temporaryDataPaths();
    const path = join(paths.working, 'params.sqlite');
    const first = new DiskJournalStore(paths);
    await first.load();
    await first.append({ chunks: one, notes });
    await first.close();
    if (change === undefined) writeFileSync(path, readFileSync(path).fill(0x55, 100, 9000));
    else spoil(path, change);
    const spoilt = readFileSync(path);
    const second = new DiskJournalStore(paths);
    const { chunks, setAside } = await second.load();
    expect(chunks.flatMap(({ bounds }) => [...bounds])).toEqual([]);
    expect(setAside?.reason).toMatch(/./);
    expect(readFileSync(setAside?.path ?? '')).toEqual(spoilt);
    expect(setAside?.saved).toBe(0);
    await second.append({ chunks: one, notes });
    await second.close();
    expect(readdirSync(paths.working)).toContain('params.sqlite');
  });

  it('[JR2] keeps a batch whole or not at all, and says that it could not', async () => {
    const paths = temporaryDataPaths();
    const store = new DiskJournalStore(paths);
    await store.load();
    await store.append({ chunks: one, notes });
    const db = new Database(join(paths.working, 'params.sqlite'));
    db.exec(
      "CREATE TRIGGER full BEFORE INSERT ON param WHEN NEW.address = x'2f7a' BEGIN SELECT RAISE(FAIL, 'full'); END",
    );
    db.close();
    const chunks = [
      packEntries([
        ['/b', Uint8Array.of(2)],
        ['/z', Uint8Array.of(3)],
      ]),
    ];
    await expect(store.append({ chunks, notes })).rejects.toMatchObject({ code: 'cannot-write-file' });
    await store.close();
    const after = await new DiskJournalStore(paths).load();
    expect(after.chunks.flatMap(({ bounds }) => [...bounds])).toHaveLength(3);
  });

  it('[SF23] is remade with all it held when somebody deletes it, and refuses where another file stands', async () => {
    const paths = temporaryDataPaths();
    const store = new DiskJournalStore(paths);
    await store.load();
    await store.append({ chunks: one, notes });
    rmSync(paths.working, { recursive: true });
    await store.append({ chunks: [packEntries([['/b', Uint8Array.of(2)]])], notes });
    const { chunks } = await new DiskJournalStore(paths).load();
    expect(chunks.flatMap(unpackEntries)).toEqual([
      ['/a', Uint8Array.of(1)],
      ['/b', Uint8Array.of(2)],
    ]);
    rmSync(paths.working, { recursive: true });
    mkdirSync(paths.working);
    writeFileSync(join(paths.working, 'params.sqlite'), 'mine');
    await expect(store.append({ chunks: one, notes })).rejects.toMatchObject({ code: 'cannot-write-file' });
    expect(readFileSync(join(paths.working, 'params.sqlite'), 'utf8')).toBe('mine');
    await store.close();
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, file.length - 3 * 4096)],
    ['cut off in the middle of a page', (file: Buffer) => file.subarray(0, file.length - 5000)],
    ['zero at its end', (file: Buffer) => file.fill(0, file.length - 2 * 4096)],
    ['garbage at its end', (file: Buffer) => file.fill(0xa5, file.length - 2 * 4096)],
  ])('[JR31] gives back the params that can be read of a file that is %s', async (_how, damage) => {
    const paths = temporaryDataPaths();
    const path = join(paths.working, 'params.sqlite');
    const first = new DiskJournalStore(paths);
    await first.load();
    const rows = Array.from({ length: 2000 }, (_, i) => [`/param/number/${i}`, new Uint8Array(40).fill(i)] as const);
    for (let at = 0; at < rows.length; at += 50) {
      await first.append({ chunks: [packEntries(rows.slice(at, at + 50))], notes });
    }
    await first.close();
    writeFileSync(path, damage(readFileSync(path)));
    const spoilt = readFileSync(path);
    const second = new DiskJournalStore(paths);
    const back = await second.load();
    const entries = back.chunks.flatMap(unpackEntries);
    expect(readFileSync(back.setAside?.path ?? '')).toEqual(spoilt);
    expect(back.setAside?.saved).toBe(entries.length);
    expect(entries.length).toBeGreaterThan(1000);
    expect(entries.length).toBeLessThan(2000);
    expect(back.notes).toEqual(notes);
    const whole = new Map<string, Uint8Array>(rows);
    for (const [address, entry] of entries) expect([...entry]).toEqual([...(whole.get(address) ?? [])]);
    await second.append({ chunks: one, notes });
    await second.close();
    const third = await new DiskJournalStore(paths).load();
    expect(third.setAside).toBeNull();
    expect(third.chunks.flatMap(unpackEntries)).toHaveLength(entries.length + 1);
  });

  it.each(['whole', 'damaged'])(
    '[JR1] carries over files of the layout before, which knew no answers: %s',
    async (state) => {
      const paths = temporaryDataPaths();
      const first = new DiskJournalStore(paths);
      await first.load();
      const rows = Array.from({ length: 500 }, (_, i) => [`/param/number/${i}`, new Uint8Array(40).fill(i)] as const);
      await first.append({ chunks: [packEntries(rows)], notes });
      await first.appendSignals({ chunks: [], isDurable: true });
      await first.close();
      const params = join(paths.working, 'params.sqlite');
      spoil(params, 'DROP TABLE answer; PRAGMA user_version = 2');
      spoil(join(paths.working, 'signals.sqlite'), 'DROP TABLE answer; PRAGMA user_version = 1');
      const file = readFileSync(params);
      if (state === 'damaged') writeFileSync(params, file.fill(0xa5, file.length - 8192));
      const second = new DiskJournalStore(paths);
      const { chunks, setAside } = await second.load();
      expect(setAside === null).toBe(state === 'whole');
      expect(chunks.flatMap(unpackEntries).length).toBeGreaterThan(state === 'whole' ? 499 : 100);
      const answers = { bytes: Uint8Array.of(7), ends: Uint32Array.of(1) };
      await second.append({ chunks: [], notes, answers });
      await second.appendSignals({ chunks: [], isDurable: true, answers });
      await second.close();
      expect((await new DiskJournalStore(paths).load()).answers).toEqual({ ofParams: answers, ofSignals: answers });
    },
  );

  it('[JR31] gives back what lies between many damaged places', async () => {
    const paths = temporaryDataPaths();
    const path = join(paths.working, 'params.sqlite');
    const first = new DiskJournalStore(paths);
    await first.load();
    const rows = Array.from({ length: 6000 }, (_, i) => [`/param/number/${i}`, new Uint8Array(40).fill(i)] as const);
    await first.append({ chunks: [packEntries(rows)], notes });
    await first.close();
    const file = readFileSync(path);
    const pages = file.length / 4096;
    const leaves = Array.from({ length: pages }, (_, page) => page).filter((page) => file[page * 4096] === 0x0d);
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const page = leaves[Math.floor(leaves.length * share)] ?? 0;
      file.fill(0xa5, page * 4096, (page + 1) * 4096);
    }
    writeFileSync(path, file);
    const second = new DiskJournalStore(paths);
    const back = await second.load();
    await second.close();
    const entries = back.chunks.flatMap(unpackEntries);
    // A page holds about 60 rows.
    expect(entries.length).toBeGreaterThan(6000 - 5 * 80);
    expect(entries.length).toBeLessThan(6000);
    const whole = new Map<string, Uint8Array>(rows);
    for (const [address, entry] of entries) expect([...entry]).toEqual([...(whole.get(address) ?? [])]);
    expect(new Set(entries.map(([address]) => address)).size).toBe(entries.length);
  });

  it('[JR2] refuses what comes when its thread is gone', async () => {
    const store = createWorkerJournalStore({ worker, paths: temporaryDataPaths(), log: silentLog });
    await store.load();
    await store.close();
    await expect(store.append({ chunks: one, notes })).rejects.toMatchObject({ code: 'cannot-write-file' });
  });
});

function spoil(path: string, change: string): void {
  const db = new Database(path);
  db.exec(change);
  db.close();
}
