import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src-main/contract/show.ts';
import { InputError, UnavailableError } from '../../src-main/contract/errors.ts';
import { autosaveRetryMs } from '../../src-main/engine/autosave.ts';
import { commandsWaitingMax } from '../../src-main/engine/command-order.ts';
import { closeWithinMs } from '../../src-main/engine/show-session.ts';
import { autosaveBackupEveryMs } from '../../src-main/engine/show-writer.ts';
import { putMapping, renameShow, sampleShow } from '../show-samples.ts';
import { diskWith, openSession } from './session-bench.ts';

const full = new UnavailableError('cannot-write-file', 'The disk is full.');
const loop = new InputError('mapping-loop', 'A loop.');
const quiet = 30_000;

describe('a show session: edits', () => {
  it('[SS5] answers an edit with its revision when the store has it, and tells everyone', async () => {
    const { session, events, disk } = await openSession();
    const receipt = await session.edit(putMapping(1));
    expect(receipt).toMatchObject({ revision: 1, show: { unsaved: true, undoLabel: 'edit set 1', file: null } });
    expect(disk.working?.document).toEqual(session.document);
    expect(events).toEqual([{ event: 'edited', payload: { ...receipt, edit: putMapping(1) } }]);
    await session.undo();
    expect(session.document.mappings).toEqual([]);
    expect(events.at(-1)).toMatchObject({
      event: 'edited',
      payload: { revision: 2, edit: { steps: [{ do: 'remove', id: 'm1' }] } },
    });
    await session.redo();
    expect(session.state()).toMatchObject({ undoLabel: 'edit set 1', redoLabel: null });
  });

  it('[SS6] leaves everything as it was when an edit is refused, by the show, by the check or by the disk', async () => {
    const bench = await openSession();
    await bench.session.edit(putMapping(1));
    const before = { document: bench.session.document, state: bench.session.state(), stored: bench.disk.working };
    await expect(
      bench.session.edit({ label: 'x', steps: [{ do: 'remove', list: 'groups', id: 'no' }] }),
    ).rejects.toMatchObject({ code: 'unknown-id' });
    bench.refuse = loop;
    await expect(bench.session.edit(putMapping(2))).rejects.toBe(loop);
    bench.store.faults.set('commit', full);
    await expect(bench.session.edit(putMapping(2))).rejects.toBe(full);
    bench.store.faults.set('commit', full);
    await expect(bench.session.undo()).rejects.toBe(full);
    await expect(bench.session.redo()).rejects.toMatchObject({ code: 'nothing-to-redo' });
    expect({ document: bench.session.document, state: bench.session.state(), stored: bench.disk.working }).toEqual(
      before,
    );
    expect(bench.events).toHaveLength(1);
  });

  it('[SS5] does commands one after the other, in the order they came', async () => {
    const { session } = await openSession();
    const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
    const receipts = await Promise.all(names.map((name) => session.edit(renameShow(name))));
    expect(receipts.map(({ revision }) => revision)).toEqual(names.map((_, n) => n + 1));
    expect(session.document.name).toBe('n19');
  });

  it('[SS5] sheds commands when too many wait', async () => {
    const { session } = await openSession();
    const edits = Array.from({ length: commandsWaitingMax }, () => session.edit(renameShow('x')));
    await expect(session.edit(renameShow('one too many'))).rejects.toMatchObject({ code: 'too-many-items' });
    await Promise.all(edits);
    expect(session.document.name).toBe('x');
  });
});

describe('a show session: files', () => {
  it('[SS7] has no file at first, and refuses to save until it got one', async () => {
    const { session } = await openSession();
    expect(session.firstStart).toBe(true);
    expect(session.state()).toMatchObject({ name: 'Untitled', file: null, unsaved: false, savedAt: null });
    await expect(session.save()).rejects.toMatchObject({ code: 'show-has-no-file' });
    expect(await session.saveAs({ name: 'gala' }, false)).toMatchObject({ file: 'gala', unsaved: false });
    expect(session.firstStart).toBe(false);
  });

  it('[SS7] is unsaved exactly while it differs from its file', async () => {
    const { session } = await openSession();
    await session.saveAs({ name: 'gala' }, false);
    await session.edit(renameShow('a'));
    expect(session.state().unsaved).toBe(true);
    await session.undo();
    expect(session.state().unsaved).toBe(false);
    await session.redo();
    expect((await session.save()).unsaved).toBe(false);
    await session.undo();
    expect(session.state().unsaved).toBe(true);
  });

  it('[SS7] saves all edits that came before, and does not hold up those after', async () => {
    const { session, store } = await openSession();
    await session.saveAs({ name: 'gala' }, false);
    let release = (): void => undefined;
    store.beforeSave = () => new Promise((resolve) => (release = resolve));
    const before = session.edit(renameShow('before'));
    const saving = session.save();
    await before;
    expect((await session.edit(renameShow('after'))).show.unsaved).toBe(true);
    release();
    await saving;
    expect(store.saves).toHaveLength(2);
    expect(['before', 'after']).toContain(store.disk.files[0]?.document.name);
  });

  it('[SS7] refuses to save over another show unless told', async () => {
    const { session, disk } = await openSession(diskWith('gala'));
    await expect(session.saveAs({ name: 'gala' }, false)).rejects.toMatchObject({ code: 'show-exists' });
    expect(disk.files[0]?.document.id).toBe('one');
    await session.saveAs({ name: 'gala' }, true);
    expect(disk.files[0]?.document).toEqual(session.document);
    expect(disk.backups.map(({ document }) => document.id)).toEqual(['one']);
  });

  it('[SS17] refuses to save a show under a name that was asked for of the show before', async () => {
    const { session, disk } = await openSession(diskWith('gala'));
    const asked = session.revision;
    const opening = session.newShow('Another');
    await expect(session.saveAs({ name: 'gala' }, true, asked)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await opening;
    expect(disk.files[0]?.document.id).toBe('one');
    await session.edit(putMapping(1));
    await session.saveAs({ name: 'gala' }, true, session.revision - 1);
    expect(disk.files[0]?.document.name).toBe('Another');
    const [backup] = await session.listBackups();
    await session.restoreBackup(backup?.id ?? '');
    const restored = session.revision;
    await expect(session.saveAs({ name: 'b' }, false, restored - 1)).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    await session.saveAs({ name: 'b' }, false, restored);
  });

  it('[SS18] refuses every edit that was made from the show before', async () => {
    const { session } = await openSession();
    const asked = session.revision;
    await session.newShow('Another');
    await expect(session.edit(renameShow('mine'), asked)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(session.document.name).toBe('Another');
    await session.edit(renameShow('mine'), session.revision);
    expect(session.document.name).toBe('mine');
  });

  it('[SS18] refuses an edit made from a show that changed there, and changes nothing', async () => {
    const { session, events } = await openSession();
    await session.edit(putMapping(1, 'theirs'));
    await expect(session.edit(putMapping(1, 'stale'), 0)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(events).toHaveLength(1);
    await session.edit(putMapping(1, 'fresh'), 1);
    await session.undo();
    await expect(session.edit(putMapping(1, 'stale'), 2)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await session.newShow('Next');
    await expect(session.edit(putMapping(7), 3)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await session.edit(putMapping(7), 4);
    await session.edit(putMapping(7, 'over all'));
    expect(session.document.mappings[0]?.name).toBe('over all');
  });

  it('[SS10] opens a show, remembers it as the most recent and keeps a backup of it', async () => {
    const { session, events, settings, disk } = await openSession(diskWith('gala'));
    const state = await session.openShow({ name: 'gala' });
    expect(state).toMatchObject({ name: 'Show one', file: 'gala', unsaved: false, savedAt: 5, undoLabel: null });
    expect(events.at(-1)).toMatchObject({ event: 'document', payload: { revision: 1, document: sampleShow('one') } });
    expect(settings.value.recentShows).toMatchObject([{ ref: { name: 'gala' }, name: 'Show one' }]);
    expect(disk.backups).toHaveLength(1);
    expect((await session.listShows()).recent).toMatchObject([{ name: 'Show one', present: true }]);
    await session.saveAs({ name: 'copy' }, false);
    await session.openShow({ name: 'gala' });
    expect(settings.value.recentShows.map(({ ref }) => ref)).toEqual([{ name: 'gala' }, { name: 'copy' }]);
  });

  it('[SS10] stays with the show it has when another cannot be opened', async () => {
    const bench = await openSession(diskWith('gala'));
    await bench.session.edit(putMapping(1));
    const before = {
      document: bench.session.document,
      state: bench.session.state(),
      disk: structuredClone(bench.disk),
    };
    await expect(bench.session.openShow({ name: 'nowhere' })).rejects.toMatchObject({ code: 'cannot-read-file' });
    bench.store.faults.set('keepBackup', full);
    await expect(bench.session.openShow({ name: 'gala' })).rejects.toBe(full);
    expect({ document: bench.session.document, state: bench.session.state(), disk: bench.disk }).toEqual(before);
  });

  it('[SS11] keeps unsaved work as a backup when another show takes its place', async () => {
    for (const leave of ['newShow', 'openShow', 'openDemo'] as const) {
      const { session, disk } = await openSession(diskWith('gala'));
      await session.edit(putMapping(7, 'precious'));
      if (leave === 'newShow') await session.newShow('Next');
      else if (leave === 'openShow') await session.openShow({ name: 'gala' });
      else await session.openDemo();
      expect(disk.backups[0]?.document.mappings[0]?.name).toBe('precious');
      expect(session.state().unsaved).toBe(false);
    }
  });

  it('[SS11] keeps nothing where nothing would be lost', async () => {
    const { session, disk } = await openSession();
    await session.newShow('Next');
    expect(disk.backups).toEqual([]);
    expect(session.state()).toMatchObject({ name: 'Next', file: null });
  });

  it('[SS10] opens the demo as a show without a file', async () => {
    const { session } = await openSession();
    expect(await session.openDemo()).toMatchObject({ file: null, unsaved: false });
    expect(session.document.id).toBe('demo');
  });

  it('[SS10] says in the log that the show is open elsewhere too, and opens it', async () => {
    const { session, store, logged } = await openSession(diskWith('gala'));
    store.openElsewhere = { pid: 7, host: 'foh' };
    await session.openShow({ name: 'gala' });
    expect(logged).toContain('the show is open in another Flyrail too');
  });

  it('[SS10] opens a show although its backup and the recent list cannot be written', async () => {
    const { session, store, settings, logged } = await openSession(diskWith('gala'));
    settings.fault = full;
    store.faults.set('keepBackup', full);
    expect(await session.openShow({ name: 'gala' })).toMatchObject({ file: 'gala' });
    expect(logged).toEqual(['no backup of the opened show', 'the list of recent shows is not kept']);
  });

  it('[SS12] restores a backup, keeps what was there, and writes the file only with the next save', async () => {
    const { session, disk } = await openSession(diskWith('gala'));
    await session.openShow({ name: 'gala' });
    await session.edit(renameShow('Worse'));
    await session.save();
    await session.edit(renameShow('Worst'));
    const [oldest] = (await session.listBackups()).toReversed();
    expect(await session.restoreBackup(oldest?.id ?? '')).toMatchObject({
      name: 'Show one',
      file: 'gala',
      unsaved: true,
    });
    expect(disk.files[0]?.document.name).toBe('Worse');
    const [newest] = await session.listBackups();
    expect(await session.restoreBackup(newest?.id ?? '')).toMatchObject({ name: 'Worst' });
    await expect(session.restoreBackup('nothing')).rejects.toMatchObject({ code: 'unknown-id' });
  });

  it('[SS12] restores the backup of another show as a show without a file', async () => {
    const { session } = await openSession(diskWith('gala'));
    await session.edit(putMapping(1, 'mine'));
    await session.openShow({ name: 'gala' });
    const mine = (await session.listBackups()).find(({ showName }) => showName === 'Untitled');
    expect(await session.restoreBackup(mine?.id ?? '')).toMatchObject({ name: 'Untitled', file: null });
    expect(session.document.mappings[0]?.name).toBe('mine');
  });
});

describe('a show session: autosave', () => {
  it('[SS8] writes the file after the quiet that the show sets, and only a show that has one', async () => {
    const { session, clock, store } = await openSession();
    await session.edit(putMapping(1));
    await clock.advanceAsync(quiet * 2);
    expect(store.saves).toEqual([]);
    await session.saveAs({ name: 'gala' }, false);
    await session.edit(renameShow('a'));
    await clock.advanceAsync(quiet - 1);
    await session.edit(renameShow('b'));
    await clock.advanceAsync(quiet - 1);
    expect(store.saves).toHaveLength(1);
    await clock.advanceAsync(1);
    expect(store.saves.at(-1)).toMatchObject({ onlyIfUnchanged: true, to: { name: 'gala' } });
    expect(session.state().unsaved).toBe(false);
    expect(store.disk.files[0]?.document.name).toBe('b');
  });

  it('[SS8] does not write by itself when switched off', async () => {
    const { session, clock, store } = await openSession();
    await session.saveAs({ name: 'gala' }, false);
    await session.edit({
      label: 'off',
      steps: [{ do: 'settings', settings: settingsSchema.parse({ autosaveSeconds: 0 }) }],
    });
    await clock.advanceAsync(1e7);
    await session.close();
    expect(store.saves).toHaveLength(1);
  });

  it('[SS9] says why it failed, tries again, and says when all is well', async () => {
    const { session, clock, store, events, logged } = await openSession();
    await session.saveAs({ name: 'gala' }, false);
    await session.edit(renameShow('a'));
    store.faults.set('save', full);
    await clock.advanceAsync(quiet);
    expect(session.state()).toMatchObject({ saveProblem: 'The disk is full.', unsaved: true });
    expect(events.at(-1)).toMatchObject({ event: 'show', payload: { saveProblem: 'The disk is full.' } });
    store.faults.set('save', full);
    await clock.advanceAsync(autosaveRetryMs);
    expect(logged).toEqual(['autosave failed, it is tried again']);
    await clock.advanceAsync(autosaveRetryMs);
    expect(session.state()).toMatchObject({ saveProblem: null, unsaved: false });
    expect(events.at(-1)).toMatchObject({ event: 'show', payload: { saveProblem: null } });
  });

  it('[SS9] leaves a file alone that another program changed, until the operator saves; what was there is kept', async () => {
    const { session, clock, store, disk } = await openSession();
    await session.saveAs({ name: 'gala' }, false);
    store.writeFile({ name: 'gala' }, sampleShow('stranger'));
    await session.edit(renameShow('mine'));
    await clock.advanceAsync(quiet);
    expect(session.state().saveProblem).toMatch(/changed by another program/);
    expect(disk.files[0]?.document.id).toBe('stranger');
    expect(await session.save()).toMatchObject({ saveProblem: null, unsaved: false });
    expect(disk.files[0]?.document.name).toBe('mine');
    expect(disk.backups.map(({ document }) => document.id)).toContain('stranger');
  });

  it('[SS13] keeps a backup with every save, and with autosave at most one a minute', async () => {
    const { session, clock, store } = await openSession();
    await session.saveAs({ name: 'gala' }, false);
    for (let n = 0; n < 6; n++) {
      await session.edit({
        label: 'quick',
        steps: [{ do: 'settings', settings: settingsSchema.parse({ autosaveSeconds: 10, backupsKeep: 20 + n }) }],
      });
      await clock.advanceAsync(10_000);
    }
    await clock.advanceAsync(autosaveBackupEveryMs);
    await session.edit(renameShow('later'));
    await clock.advanceAsync(10_000);
    expect(store.saves.slice(1).map(({ backup }) => backup)).toEqual([true, false, false, false, false, false, true]);
    await session.save();
    expect(store.saves.at(-1)).toMatchObject({ backup: true, backupsKeep: 25 });
  });
});

describe('a show session: start and end', () => {
  it('[SS14] starts with the last show, its unsaved edits, undo and redo', async () => {
    const first = await openSession(diskWith('gala'));
    await first.session.openShow({ name: 'gala' });
    await first.session.edit(renameShow('a'));
    await first.session.edit(renameShow('b'));
    await first.session.undo();
    const second = await openSession(first.disk);
    expect(second.session.state()).toEqual(first.session.state());
    expect(second.session.revision).toBe(4);
    expect(second.session.document.name).toBe('a');
    await second.session.redo();
    expect(second.session.document.name).toBe('b');
    await second.clock.advanceAsync(quiet);
    expect(second.disk.files[0]?.document.name).toBe('b');
  });

  it('[SS14] opens the show it is told, with its unsaved edits when it was the last', async () => {
    const first = await openSession({
      ...diskWith('gala'),
      files: [...diskWith('gala').files, ...diskWith('other', sampleShow('two')).files],
    });
    await first.session.openShow({ name: 'gala' });
    await first.session.edit(renameShow('unsaved'));
    const same = await openSession(first.disk, { open: { name: 'gala' } });
    expect(same.session.state()).toMatchObject({ name: 'unsaved', unsaved: true, undoLabel: 'rename to unsaved' });
    expect(same.logged).toEqual(['edits that were not saved are kept']);
    const other = await openSession(first.disk, { open: { name: 'other' } });
    expect(other.session.state()).toMatchObject({ name: 'Show two', unsaved: false });
    expect(other.disk.backups.map(({ document }) => document.name)).toContain('unsaved');
  });

  it('[SS14] does not start with a show that cannot be opened, and changes nothing', async () => {
    const first = await openSession();
    await first.session.edit(putMapping(1));
    const before = structuredClone(first.disk);
    await expect(openSession(first.disk, { open: { name: 'nowhere' } })).rejects.toMatchObject({
      code: 'cannot-read-file',
    });
    expect(first.disk).toEqual(before);
  });

  it('[SS15] opens the file anew when another program changed it and nothing is unsaved here', async () => {
    const first = await openSession(diskWith('gala'));
    await first.session.openShow({ name: 'gala' });
    first.store.writeFile({ name: 'gala' }, sampleShow('one', 9), 77);
    const second = await openSession(first.disk);
    expect(second.session.document.mappings).toHaveLength(9);
    expect(second.session.revision).toBe(2);
    expect(second.session.state()).toMatchObject({ unsaved: false, savedAt: 77, saveProblem: null });
  });

  it('[SS15] keeps unsaved edits when another program changed the file, and leaves the file alone', async () => {
    const first = await openSession(diskWith('gala'));
    await first.session.openShow({ name: 'gala' });
    await first.session.edit(renameShow('mine'));
    first.store.writeFile({ name: 'gala' }, sampleShow('one', 9));
    const second = await openSession(first.disk, { open: { name: 'gala' } });
    expect(second.session.state()).toMatchObject({ name: 'mine', unsaved: true });
    expect(second.session.state().saveProblem).toMatch(/changed by another program/);
    await second.clock.advanceAsync(quiet * 3);
    expect(second.disk.files[0]?.document.mappings).toHaveLength(9);
  });

  it('[SS15] starts with the working copy when its file is gone, says so, and a save brings it back', async () => {
    const first = await openSession(diskWith('gala'));
    await first.session.openShow({ name: 'gala' });
    first.disk.files = [];
    const second = await openSession(first.disk);
    expect(second.session.state()).toMatchObject({
      name: 'Show one',
      saveProblem: 'Cannot read gala: it is not there.',
    });
    expect(await second.session.save()).toMatchObject({ saveProblem: null });
    expect(second.disk.files).toHaveLength(1);
  });

  it('[SS16] saves at the end and lets go of the store, and does not wait for a disk for ever', async () => {
    const first = await openSession();
    await first.session.saveAs({ name: 'gala' }, false);
    const edit = first.session.edit(renameShow('last'));
    await first.session.close();
    await edit;
    expect(first.disk.files[0]?.document.name).toBe('last');
    expect(first.store.closed).toBe(true);

    const second = await openSession(first.disk);
    await second.session.edit(renameShow('stuck'));
    second.store.beforeSave = () => new Promise(() => undefined);
    const closing = second.session.close();
    await second.clock.advanceAsync(closeWithinMs);
    await closing;
    expect(second.logged).toContain('the disk did not answer in time, the working copy has all edits');
    expect((await openSession(second.disk)).session.document.name).toBe('stuck');
  });
});

describe('a show session: what lies on the table', () => {
  it('[SS60] is known as another with each new, open, demo and restore, also of the very same show', async () => {
    const { session, disk, events } = await openSession(diskWith('gala'));
    const seen = [session.laying];
    const note = (): number => seen.push(session.laying);
    await session.newShow('Fresh').then(note);
    await session.openShow({ name: 'gala' }).then(note);
    await session.openShow({ name: 'gala' }).then(note);
    await session.openDemo().then(note);
    await session.openShow({ name: 'gala' }).then(note);
    await session.restoreBackup(disk.backups[0]?.id ?? '').then(note);
    expect(new Set(seen).size).toBe(7);
    expect(events.findLast(({ event }) => event === 'document')?.payload).toMatchObject({ laying: session.laying });
  });

  it('[SS60] stays the same over edits, undo, save, save as and a restart, and is another for a changed file', async () => {
    const { session, disk } = await openSession(diskWith('gala'));
    await session.openShow({ name: 'gala' });
    const { laying } = session;
    await session.edit(renameShow('Later'));
    await session.undo();
    await session.redo();
    await session.save();
    await session.saveAs({ name: 'copy' }, false);
    expect(session.laying).toBe(laying);
    await session.edit(renameShow('Unsaved'));
    const again = await openSession(disk);
    expect(again.session.laying).toBe(laying);
    await again.session.save();
    again.store.writeFile({ name: 'copy' }, sampleShow('one', 3));
    expect((await openSession(disk)).session.laying).not.toBe(laying);
  });
});

describe('a show session: an edit that is asked for again', () => {
  const once = { id: 'typed-1', since: 0 };

  it('[SS61] is made once, and answered with what it led to, also when it was undone and after a crash', async () => {
    const bench = await openSession();
    const first = await bench.session.edit(renameShow('typed'), undefined, once);
    await bench.session.undo();
    await bench.session.edit(putMapping(1));
    const { revision } = bench.session;
    const told = bench.events.length;
    expect(await bench.session.edit(renameShow('typed'), revision, once)).toMatchObject({ revision: first.revision });
    const { session } = await openSession(bench.disk);
    expect(await session.edit(renameShow('typed anew'), undefined, once)).toMatchObject({ revision: first.revision });
    for (const each of [bench.session, session])
      expect(each).toMatchObject({ revision, document: { name: 'Untitled' } });
    expect(bench.events).toHaveLength(told);
  });

  it('[SS61] can be made later when it was refused, by the check or by the disk', async () => {
    const bench = await openSession();
    bench.refuse = loop;
    await expect(bench.session.edit(renameShow('typed'), undefined, once)).rejects.toBe(loop);
    bench.store.faults.set('commit', full);
    await expect(bench.session.edit(renameShow('typed'), undefined, once)).rejects.toBe(full);
    await bench.session.edit(renameShow('typed'), undefined, once);
    expect(bench.session.document.name).toBe('typed');
  });

  it('[SS61] is another edit for another laying', async () => {
    const { session, disk } = await openSession(diskWith('gala'));
    await session.edit(renameShow('typed'), undefined, once);
    await session.openShow({ name: 'gala' });
    expect(disk.working?.made).toEqual([]);
    await session.edit(renameShow('typed'), undefined, once);
    expect(session.document.name).toBe('typed');
  });
});
