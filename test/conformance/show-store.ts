import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src-main/contract/show.ts';
import { applyEdit, type Edit } from '../../src-main/contract/show-edit.ts';
import type { ShowRef } from '../../src-main/contract/engine-api.ts';
import { millis } from '../../src-main/contract/units.ts';
import type {
  JournalEntry,
  LoadedShow,
  SavedShow,
  SaveRequest,
  ShowStore,
  WorkingChange,
} from '../../src-main/ports/show-store.ts';
import { putMapping, renameShow, sampleShow } from '../show-samples.ts';

/** One place to keep shows in, empty at first. `open` gives a store on it, as another process would after a crash. */
export interface ShowStoreBench {
  open(): ShowStore;
  /** writes a show file as another program would, and ends all that the bench opened */
  dispose(): Promise<void>;
}

/** What every ShowStore does. */
export function showStoreConformance(name: string, makeBench: () => ShowStoreBench): void {
  // A worker thread takes a second to load on a busy machine.
  describe(`a show store: ${name}`, () => {
    const on = new Subject(makeBench);
    beforeEach(() => on.begin());
    afterEach(() => on.end());
    describe('its working copy', () => {
      describeWorkingCopy(on);
    });
    describe('its files', () => {
      describeFiles(on);
    });
    describe('its backups and lists', () => {
      describeBackups(on);
    });
  });
}

function describeWorkingCopy(on: Subject): void {
  it('[SF1] holds nothing at first', async () => {
    const { working, setAside } = await on.reopen();
    expect(working).toBeNull();
    expect(setAside).toBeNull();
    expect(await on.store.listBackups()).toEqual([]);
    expect(await on.store.list([])).toEqual({ inDataFolder: [], recent: [] });
  });

  it('[SF2] gives back the show, the journal and where it stands after a restart', async () => {
    await on.lay();
    const [first, second] = [entryFor(2, putMapping(1, 'changed')), entryFor(3, renameShow('Gala'))];
    await on.commit(2, first.edit, { keep: first });
    await on.commit(3, second.edit, { keep: second });
    await on.commit(4, { label: 'back', steps: [{ do: 'rename', name: 'Show one' }] });
    const { working } = await on.reopen();
    expect(working).toMatchObject({ revision: 4, cursor: 4, base: 1, saved: null, journal: [first, second] });
    expect(working?.document).toEqual(applyEdit(sampleShow('one'), first.edit).document);
  });

  it('[SF2] forgets journal entries when told, and all of them with another show', async () => {
    await on.lay();
    await on.commit(2, renameShow('a'), { keep: entryFor(2, renameShow('a')) });
    await on.commit(3, renameShow('b'), { keep: entryFor(3, renameShow('b')), forget: [2] });
    expect((await on.reopen()).working?.journal.map(({ id }) => id)).toEqual([3]);
    const laying = await on.lay(sampleShow('two'), 9);
    expect((await on.reopen()).working).toEqual({
      document: sampleShow('two'),
      revision: 9,
      cursor: 9,
      base: 9,
      journal: [],
      made: [],
      saved: null,
      laying,
    });
  });

  it('[SS60] knows each laying of a show by an id that no other has, over edits, saves and a restart', async () => {
    const first = await on.lay();
    await on.commit(2, renameShow('a'));
    await on.save({ name: 'gala' });
    expect((await on.reopen()).working?.laying).toBe(first);
    const second = await on.lay(sampleShow('one'), 9);
    expect(second).not.toBe(first);
    expect((await on.reopen()).working?.laying).toBe(second);
  });

  it('[SS61] keeps the ids of edits with the edits, forgets the oldest when told, and all with another show', async () => {
    await on.lay();
    await on.commit(2, renameShow('a'), { made: { id: 'one', revision: 2, forgetTo: 0 } });
    await on.commit(3, renameShow('b'));
    await on.commit(4, renameShow('c'), { made: { id: 'two', revision: 4, forgetTo: 1 } });
    expect((await on.reopen()).working?.made).toEqual([
      { id: 'one', revision: 2 },
      { id: 'two', revision: 4 },
    ]);
    await on.commit(5, renameShow('d'), { made: { id: 'three', revision: 5, forgetTo: 2 } });
    expect((await on.reopen()).working?.made.map(({ id }) => id)).toEqual(['two', 'three']);
    await on.lay(sampleShow('one'), 9);
    expect((await on.reopen()).working?.made).toEqual([]);
  });

  it('[SF2] keeps the order of the list over adding, moving and removing', async () => {
    await on.lay(sampleShow('one', 5));
    const edits: Edit[] = [
      { label: 'move', steps: [{ do: 'move', list: 'mappings', id: 'm5', to: 0 }] },
      { label: 'remove', steps: [{ do: 'remove', list: 'mappings', id: 'm2' }] },
      { label: 'add', steps: [{ ...putStep(8), at: 1 }] },
      { label: 'settings', steps: [{ do: 'settings', settings: settingsSchema.parse({ backupsKeep: 4 }) }] },
    ];
    for (const [index, edit] of edits.entries()) await on.commit(index + 2, edit);
    const document = edits.reduce((now, edit) => applyEdit(now, edit).document, sampleShow('one', 5));
    expect((await on.reopen()).working?.document).toEqual(document);
  });
}

function describeFiles(on: Subject): void {
  it('[SF3] writes the working copy to a file, reads the same back and remembers the file', async () => {
    await on.lay();
    const saved = await on.save({ name: 'gala' });
    expect(saved).toMatchObject({ ref: { name: 'gala' }, cursor: 1, at: 1_000 });
    const file = await on.store.read({ name: 'gala' });
    expect(file).toMatchObject({
      ref: { name: 'gala' },
      mark: saved.mark,
      openElsewhere: null,
      document: sampleShow('one'),
    });
    expect((await on.reopen()).working?.saved).toEqual(saved);
  });

  it('[SF3] gives another content another mark, and the same content the same', async () => {
    await on.lay();
    const first = await on.save({ name: 'gala' });
    await on.commit(2, renameShow('Other'));
    const second = await on.save({ name: 'gala' });
    await on.commit(3, renameShow('Show one'));
    const third = await on.save({ name: 'gala' });
    expect(second.mark).not.toBe(first.mark);
    expect(third.mark).toBe(first.mark);
  });

  it('[SF4] replaces a file that is not its own only when told', async () => {
    await on.lay();
    await on.save({ name: 'taken' });
    await on.lay(sampleShow('two'), 2);
    await expect(on.save({ name: 'taken' })).rejects.toMatchObject({ code: 'show-exists' });
    expect((await on.store.read({ name: 'taken' })).document).toEqual(sampleShow('one'));
    await on.save({ name: 'taken' }, { overwrite: true });
    expect((await on.store.read({ name: 'taken' })).document).toEqual(sampleShow('two'));
    expect(await on.store.listBackups()).toHaveLength(1);
  });

  it('[SF4] treats names that some systems cannot tell apart as one show', async () => {
    await on.lay();
    await on.save({ name: 'Gala' });
    expect((await on.store.read({ name: 'GALA' })).ref).toEqual({ name: 'Gala' });
    await on.lay(sampleShow('two'), 2);
    await expect(on.save({ name: 'gala' })).rejects.toMatchObject({ code: 'show-exists' });
    expect((await on.save({ name: 'gala' }, { overwrite: true })).ref).toEqual({ name: 'Gala' });
  });

  it('[SF4] leaves a file alone that changed since, when told, and keeps what it replaces', async () => {
    await on.lay();
    const saved = await on.save({ name: 'gala' });
    await on.lay(sampleShow('two'), 2);
    await on.save({ name: 'gala' }, { overwrite: true });
    await on.store.replace({ document: sampleShow('one', 3), revision: 3, saved });
    await expect(on.save({ name: 'gala' }, { onlyIfUnchanged: true })).rejects.toMatchObject({
      code: 'show-changed-on-disk',
    });
    expect((await on.store.read({ name: 'gala' })).document.id).toBe('two');
    await on.save({ name: 'gala' }, { backupsKeep: 0 });
    expect((await on.store.read({ name: 'gala' })).document).toEqual(sampleShow('one', 3));
    const [newest] = await on.store.listBackups();
    expect((await on.store.readBackup(newest?.id ?? '')).id).toBe('two');
  });

  it('[SF5] refuses names and paths that cannot be one, and changes nothing', async () => {
    await on.lay();
    for (const ref of [{ name: '../x' }, { name: '..' }, { name: 'CON' }, { path: '/tmp/x.txt' }]) {
      await expect(on.save(ref)).rejects.toMatchObject({ code: 'bad-arguments' });
      await expect(on.store.read(ref)).rejects.toMatchObject({ code: 'bad-arguments' });
    }
    await expect(on.store.read({ name: 'nowhere' })).rejects.toMatchObject({ code: 'cannot-read-file' });
    expect((await on.reopen()).working?.saved).toBeNull();
  });
}

function describeBackups(on: Subject): void {
  it('[SF6] keeps backups newest first, each once, and lets the oldest of that show go', async () => {
    await on.lay(sampleShow('other'));
    await on.store.keepBackup({ of: 'working', at: millis(500), keep: 3 });
    await on.lay(sampleShow('one'), 2);
    for (let n = 3; n < 8; n++) {
      await on.commit(n, renameShow(`name ${n}`));
      await on.store.keepBackup({ of: 'working', at: millis(n * 1_000), keep: 3 });
      await on.store.keepBackup({ of: 'working', at: millis(n * 1_000 + 1), keep: 3 });
    }
    const kept = await on.store.listBackups();
    expect(kept.map(({ madeAt }) => madeAt)).toEqual([7_000, 6_000, 5_000, 500]);
    expect(kept[0]?.showName).toBe('name 7');
    expect((await on.store.readBackup(kept[1]?.id ?? '')).name).toBe('name 6');
    await expect(on.store.readBackup('../../etc/passwd')).rejects.toMatchObject({ code: 'unknown-id' });
  });

  it('[SF24] leaves the backups of a show to that show when another takes its file', async () => {
    await on.lay(sampleShow('other'));
    for (let n = 2; n < 5; n++) {
      await on.commit(n, renameShow(`name ${n}`));
      await on.store.keepBackup({ of: 'working', at: millis(n * 1_000), keep: 3 });
    }
    await on.commit(5, renameShow('last'));
    await on.save({ name: 'gala' });
    await on.lay(sampleShow('one'), 9);
    await on.save({ name: 'gala' }, { overwrite: true, backupsKeep: 1, at: millis(9_000) });
    const kept = await on.store.listBackups();
    expect(kept.map(({ showName }) => showName)).toEqual(['last', 'name 4', 'name 3', 'name 2']);
  });

  it('[SF6] keeps the replaced file when asked, and none of the file when there is none', async () => {
    await on.lay();
    await on.store.keepBackup({ of: 'file', at: millis(1), keep: 3 });
    expect(await on.store.listBackups()).toEqual([]);
    await on.save({ name: 'gala' });
    await on.commit(2, renameShow('Later'));
    await on.save({ name: 'gala' }, { backup: true, at: millis(2_000) });
    const [backup] = await on.store.listBackups();
    expect(backup?.showName).toBe('Show one');
    expect((await on.store.readBackup(backup?.id ?? '')).name).toBe('Show one');
  });

  it('[SF7] lists the shows of the data folder by name, and says which recent ones are gone', async () => {
    await on.lay();
    for (const name of ['b', 'a']) await on.save({ name }, { overwrite: true });
    const recent = [{ ref: { path: '/nowhere/x.flyrail' }, name: 'X', openedAt: millis(1) }];
    const listing = await on.store.list(recent);
    expect(listing.inDataFolder.map((entry) => entry.ref)).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(listing.recent).toEqual([
      { ref: { path: '/nowhere/x.flyrail' }, name: 'X', modifiedAt: null, present: false },
    ]);
  });

  it('[SF8] takes edits while a file is being written, and saves all that came before', async () => {
    await on.lay();
    await on.commit(2, renameShow('before'));
    const saving = on.save({ name: 'gala' });
    const commits = [3, 4, 5].map((n) => on.commit(n, renameShow(`during ${n}`)));
    await Promise.all([saving, ...commits]);
    const { document } = await on.store.read({ name: 'gala' });
    expect(['before', 'during 3', 'during 4', 'during 5']).toContain(document.name);
    const { working } = await on.reopen();
    expect(working).toMatchObject({ revision: 5, document: { name: 'during 5' } });
    expect(working?.saved?.mark).toBe((await on.store.read({ name: 'gala' })).mark);
  });
}

/** A store under test, with the calls that most tests begin with. */
class Subject {
  readonly #makeBench: () => ShowStoreBench;
  #bench: ShowStoreBench | undefined;
  #store: ShowStore | undefined;

  constructor(makeBench: () => ShowStoreBench) {
    this.#makeBench = makeBench;
  }

  get store(): ShowStore {
    if (!this.#store) throw new Error('begin was not called');
    return this.#store;
  }

  async begin(): Promise<void> {
    this.#bench = this.#makeBench();
    this.#store = this.#bench.open();
    await this.#store.load();
  }

  async end(): Promise<void> {
    await this.#bench?.dispose();
  }

  async reopen(): Promise<LoadedShow> {
    await this.store.close();
    this.#store = this.#bench?.open();
    return this.store.load();
  }

  lay(document = sampleShow('one'), revision = 1): Promise<string> {
    return this.store.replace({ document, revision, saved: null });
  }

  commit(
    revision: number,
    apply: Edit,
    journal: Partial<Pick<WorkingChange, 'keep' | 'forget' | 'made'>> = {},
  ): Promise<void> {
    const cursor = journal.keep?.id ?? revision;
    return this.store.commit({ revision, cursor, base: 1, apply, keep: null, forget: [], ...journal });
  }

  save(to: ShowRef, more: Partial<SaveRequest> = {}): Promise<SavedShow> {
    const usual = { at: millis(1_000), overwrite: false, onlyIfUnchanged: false, backup: false, backupsKeep: 5 };
    return this.store.save({ to, ...usual, ...more });
  }
}

function entryFor(id: number, edit: Edit): JournalEntry {
  return { id, edit, inverse: applyEdit(sampleShow('one', 9), edit).inverse };
}

function putStep(number: number) {
  const [step] = putMapping(number).steps;
  if (step?.do !== 'put' || step.list !== 'mappings') throw new Error('the sample edit puts a mapping');
  return step;
}
