import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { millis } from '../../src-main/contract/units.ts';
import { lockDataFolder } from '../../src-main/platform/data-lock.ts';
import { callsWaitingMax, DiskShowStore } from '../../src-main/platform/disk-show-store.ts';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { createWorkerShowStore } from '../../src-main/platform/worker-show-store.ts';
import { showStoreConformance } from '../conformance/show-store.ts';
import { emptyDisk, MemoryShowStore } from '../memory-show-store.ts';
import { renameShow, sampleShow } from '../show-samples.ts';
import { diskBench } from '../disk-bench.ts';
import { silentLog } from '../silent-log.ts';
import { temporaryDataPaths } from '../temporary-folder.ts';

const worker = new URL('../../src-main/workers/show-store-worker.ts', import.meta.url);
const request = { at: millis(1), overwrite: false, onlyIfUnchanged: false, backup: false, backupsKeep: 3 };

showStoreConformance('in memory', () => {
  const disk = emptyDisk();
  return { open: () => new MemoryShowStore(disk), dispose: () => Promise.resolve() };
});
showStoreConformance('on disk', () => diskBench((paths) => new DiskShowStore(paths)));
showStoreConformance('on disk, in a worker', () =>
  diskBench((paths) => createWorkerShowStore({ worker, paths, log: silentLog })),
);

/** A store on a folder of its own, with a show on the table that has no file. */
async function storeWithShow() {
  const paths = temporaryDataPaths();
  const store = new DiskShowStore(paths);
  await store.load();
  await store.replace({ document: sampleShow('one'), revision: 1, saved: null });
  return { paths, store };
}

describe('the show store on disk', () => {
  it('[SF9] puts a working copy aside that it cannot read, and starts without it', async () => {
    for (const spoil of [damage, makeForeign, renameColumn]) {
      const { paths, store: first } = await storeWithShow();
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
    const { paths, store: first } = await storeWithShow();
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
    const { paths, store } = await storeWithShow();
    await store.save({ ...request, to: { name: 'gala' } });
    expect(readdirSync(paths.shows).toSorted()).toEqual(['.gala.flyrail.open', 'gala.flyrail']);
    await store.save({ ...request, to: { name: 'other' } });
    expect(readdirSync(paths.shows).toSorted()).toEqual(['.other.flyrail.open', 'gala.flyrail', 'other.flyrail']);
    await store.close();
    expect(readdirSync(paths.shows).toSorted()).toEqual(['gala.flyrail', 'other.flyrail']);
  });

  it('[SF23] makes folders that somebody deleted again, and keeps saving', async () => {
    const { paths, store } = await storeWithShow();
    await store.save({ ...request, to: { name: 'gala' } });
    rmSync(paths.backups, { recursive: true });
    expect(await store.save({ ...request, to: { name: 'gala' }, backup: true })).not.toHaveProperty('backupProblem');
    expect(await store.listBackups()).toHaveLength(1);
    rmSync(paths.shows, { recursive: true });
    await store.save({ ...request, to: { name: 'gala' } });
    rmSync(dirname(paths.shows), { recursive: true });
    await expect(store.readBackup('20261121T151609.123Z~Gala~one')).rejects.toMatchObject({ code: 'unknown-id' });
    await store.commit({ revision: 2, cursor: 2, base: 1, apply: renameShow('Later'), forget: [], keep: null });
    await store.save({ ...request, to: { name: 'gala' }, backup: true });
    expect(await store.read({ name: 'gala' })).toMatchObject({ document: { name: 'Later' } });
    // The lock went with the folder: it is held again, so that no second Flyrail finds the folder free.
    expect(() => lockDataFolder(dirname(paths.shows))).toThrow(expect.objectContaining({ code: 'data-folder-in-use' }));
    await store.close();
    lockDataFolder(dirname(paths.shows))();
    const next = new DiskShowStore(paths);
    expect((await next.load()).working).toMatchObject({ revision: 2, saved: { ref: { name: 'gala' } } });
    await next.close();
  });

  it('[SF23] saves over its own file when no backup can be kept, and says so; never over what another wrote', async () => {
    const { paths, store } = await storeWithShow();
    await store.save({ ...request, to: { name: 'gala' } });
    rmSync(paths.backups, { recursive: true });
    writeFileSync(paths.backups, 'a file where the folder was');
    await store.commit({ revision: 2, cursor: 2, base: 1, apply: renameShow('Later'), forget: [], keep: null });
    const { backupProblem, ...saved } = await store.save({ ...request, to: { name: 'gala' }, backup: true });
    expect(backupProblem).toContain(paths.backups);
    expect((await store.read({ name: 'gala' })).document.name).toBe('Later');
    const theirs = formatShowFile(sampleShow('theirs'));
    const file = join(paths.shows, 'gala.flyrail');
    writeFileSync(file, theirs);
    await expect(store.save({ ...request, to: { name: 'gala' }, backup: true })).rejects.toMatchObject({
      code: 'cannot-write-file',
    });
    expect(readFileSync(file)).toEqual(theirs);
    await store.close();
    const next = new DiskShowStore(paths);
    expect((await next.load()).working?.saved).toEqual(saved);
    await next.close();
  });

  it('[SF23] does not make the folder of a path that is gone: a stick was pulled', async () => {
    const { paths, store } = await storeWithShow();
    const path = join(paths.root, 'stick', 'gala.flyrail');
    await expect(store.save({ ...request, to: { path } })).rejects.toMatchObject({ code: 'cannot-write-file' });
    expect(readdirSync(paths.root)).not.toContain('stick');
    await store.close();
  });

  it('[SF11] puts its sign beside the file itself when it was opened by a link, and takes it away again', async () => {
    const paths = temporaryDataPaths();
    const [real, links] = [join(paths.root, 'real.flyrail'), join(paths.root, 'links')];
    mkdirSync(links);
    symlinkSync(real, join(links, 's.flyrail'));
    const store = new DiskShowStore(paths);
    await store.load();
    await store.replace({ document: sampleShow('one'), revision: 1, saved: null });
    writeFileSync(real, formatShowFile(sampleShow('old')));
    await store.save({ ...request, to: { path: join(links, 's.flyrail') }, overwrite: true });
    expect(readdirSync(paths.root)).toContain('.real.flyrail.open');
    expect(readdirSync(links)).toEqual(['s.flyrail']);
    rmSync(join(links, 's.flyrail'));
    await store.close();
    expect(readdirSync(paths.root)).not.toContain('.real.flyrail.open');
  });

  it('[SF21] names the folder of a working copy that cannot be used, and the cause', async () => {
    const paths = temporaryDataPaths();
    mkdirSync(join(paths.working, 'show.sqlite'));
    await expect(new DiskShowStore(paths).load()).rejects.toMatchObject({
      code: 'cannot-write-file',
      message: expect.stringContaining(`Cannot use the working copy in ${paths.working}: `) as string,
    });
  });

  it('[SF25] refuses lists that are asked for without end, and takes edits meanwhile', async () => {
    const store = new DiskShowStore(temporaryDataPaths());
    await store.load();
    await store.replace({ document: sampleShow('one'), revision: 1, saved: null });
    const lists = Array.from({ length: callsWaitingMax }, () => store.listBackups());
    await expect(store.listBackups()).rejects.toMatchObject({ code: 'too-many-items' });
    await store.commit({ revision: 2, cursor: 2, base: 1, apply: renameShow('Later'), forget: [], keep: null });
    expect(await Promise.all(lists)).toHaveLength(callsWaitingMax);
    await store.close();
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

/** As one flipped bit in the schema leaves it. */
function renameColumn(path: string): void {
  const db = new Database(path);
  db.exec('ALTER TABLE journal RENAME COLUMN inverse TO jnverse');
  db.close();
}
