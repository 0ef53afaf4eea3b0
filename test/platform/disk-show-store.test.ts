import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { DiskShowStore } from '../../src-main/platform/disk-show-store.ts';
import { createWorkerShowStore } from '../../src-main/platform/worker-show-store.ts';
import type { ShowStore } from '../../src-main/ports/show-store.ts';
import { showStoreConformance, type ShowStoreBench } from '../conformance/show-store.ts';
import { emptyDisk, MemoryShowStore } from '../memory-show-store.ts';
import { renameShow, sampleShow } from '../show-samples.ts';
import { silentLog } from '../silent-log.ts';
import { temporaryDataPaths } from '../temporary-folder.ts';

const worker = new URL('../../src-main/workers/show-store-worker.ts', import.meta.url);
const request = { at: millis(1), overwrite: false, onlyIfUnchanged: false, backup: false, backupsKeep: 3 };

showStoreConformance('in memory', () => {
  const disk = emptyDisk();
  return { open: () => new MemoryShowStore(disk), dispose: () => Promise.resolve() };
});
showStoreConformance('on disk', () => benchOf((paths) => new DiskShowStore(paths)));
showStoreConformance('on disk, in a worker', () =>
  benchOf((paths) => createWorkerShowStore({ worker, paths, log: silentLog })),
);

describe('the show store on disk', { timeout: 30_000 }, () => {
  it('[SF9] puts a working copy aside that it cannot read, and starts without it', async () => {
    for (const spoil of [damage, makeForeign]) {
      const paths = temporaryDataPaths();
      const first = new DiskShowStore(paths);
      await first.load();
      await first.replace({ document: sampleShow('one'), revision: 1, saved: null });
      await first.close();
      const path = join(paths.working, 'show.sqlite');
      spoil(path);
      const spoilt = readFileSync(path);
      const second = new DiskShowStore(paths);
      const { working, setAside } = await second.load();
      expect(working).toBeNull();
      expect(readFileSync(setAside?.path ?? '')).toEqual(spoilt);
      await second.replace({ document: sampleShow('two'), revision: 1, saved: null });
      await second.close();
    }
  });

  it('[SF10] notices after a kill whether the save that was under way had replaced the file', async () => {
    const paths = temporaryDataPaths();
    const first = new DiskShowStore(paths);
    await first.load();
    await first.replace({ document: sampleShow('one'), revision: 1, saved: null });
    await first.save({ ...request, to: { name: 'gala' } });
    await first.commit({ revision: 2, cursor: 2, base: 1, apply: renameShow('new'), forget: [], keep: null });
    const before = readFileSync(join(paths.shows, 'gala.flyrail'));
    const saved = await first.save({ ...request, to: { name: 'gala' } });
    await first.close();
    const { WorkingCopy } = await import('../../src-main/platform/working-copy.ts');
    const copy = new WorkingCopy(join(paths.working, 'show.sqlite'));
    copy.load();
    copy.beginSave({ ...saved, at: millis(77) });
    copy.close();
    const after = new DiskShowStore(paths);
    expect((await after.load()).working?.saved?.at).toBe(77);
    await after.close();

    const again = new WorkingCopy(join(paths.working, 'show.sqlite'));
    again.load();
    again.beginSave({ ...saved, at: millis(88) });
    again.close();
    writeFileSync(join(paths.shows, 'gala.flyrail'), before);
    const last = new DiskShowStore(paths);
    expect((await last.load()).working?.saved?.at).toBe(77);
    await last.close();
  });

  it('[SF11] leaves no other file beside a saved show than its sign, and not even that after closing', async () => {
    const paths = temporaryDataPaths();
    const store = new DiskShowStore(paths);
    await store.load();
    await store.replace({ document: sampleShow('one'), revision: 1, saved: null });
    await store.save({ ...request, to: { name: 'gala' } });
    expect(readdirSync(paths.shows).toSorted()).toEqual(['.gala.flyrail.open', 'gala.flyrail']);
    await store.save({ ...request, to: { name: 'other' } });
    expect(readdirSync(paths.shows).toSorted()).toEqual(['.other.flyrail.open', 'gala.flyrail', 'other.flyrail']);
    await store.close();
    expect(readdirSync(paths.shows).toSorted()).toEqual(['gala.flyrail', 'other.flyrail']);
  });

  it('[SF12] says so when its thread is gone, with every call from then on', async () => {
    const store = createWorkerShowStore({ worker, paths: temporaryDataPaths(), log: silentLog });
    await store.load();
    await store.close();
    await expect(store.listBackups()).rejects.toMatchObject({ code: 'cannot-write-file' });
    const broken = createWorkerShowStore({
      worker: new URL('file:///nowhere/worker.js'),
      paths: temporaryDataPaths(),
      log: silentLog,
    });
    await expect(broken.load()).rejects.toMatchObject({ code: 'cannot-write-file' });
  });
});

function benchOf(open: (paths: ReturnType<typeof temporaryDataPaths>) => ShowStore): ShowStoreBench {
  const paths = temporaryDataPaths();
  const opened: ShowStore[] = [];
  return {
    open: () => {
      const store = open(paths);
      opened.push(store);
      return store;
    },
    dispose: async () => {
      await opened.at(-1)?.close();
    },
  };
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4096, 4096 + 64);
  writeFileSync(path, bytes);
}

function makeForeign(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeInt32BE(99, 60);
  writeFileSync(path, bytes);
}
