import { afterEach, describe, expect, it } from 'vitest';
import { InputError, UnavailableError } from '../../../src-main/contract/errors.ts';
import { emptyShow } from '../../../src-main/contract/show.ts';
import type { ShellApi } from '../../../src-main/contract/shell-api.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { ShowCommands } from '../../../src-renderer/show/show-commands.svelte.ts';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState } from '../page-host.ts';

const exists = new InputError('show-exists', 'There is a show of that name.');
let went: string[] = [];
afterEach(() => {
  went = [];
});

async function commandsOver(engine = new FakeEngine(), shell?: Partial<ShellApi>, unapplied: string[] = []) {
  const state = await attachedState(engine);
  const commands = new ShowCommands({
    engine: state,
    shell: shell as ShellApi | undefined,
    unapplied: () => unapplied,
    goToShow: () => went.push('show'),
  });
  const called = (): string[] => engine.calls.map(({ name }) => name).filter((name) => name !== 'snapshot');
  return { engine, state, commands, called };
}

type Asked = Awaited<ReturnType<typeof commandsOver>>;

const winter = { to: 'open', ref: { name: 'Matinee' }, name: 'Matinee' } as const;
const backup = { id: 'b1', showName: 'Winterreise', madeAt: millis(1), sizeBytes: 9 };

describe('show commands', () => {
  it('[UI70] saves, and asks for a name while the show has no file', async () => {
    const { engine, commands, called } = await commandsOver();
    await commands.save();
    expect(called()).toEqual(['saveShow']);
    engine.patchShow({ file: null });
    await commands.save();
    expect(commands.question).toEqual({ ask: 'name', of: 'save-as', suggestion: 'Winterreise' });
    expect(went).toEqual(['show']);
    await commands.answerName('Tour');
    expect(engine.calls.at(-1)).toEqual({
      name: 'saveShowAs',
      args: { to: { name: 'Tour' }, overwrite: false, basedOn: 1 },
    });
    expect(commands.question).toBeUndefined();
  });

  it('[UI122] asks about an edit that is still on its way as about any other', async () => {
    const { state, commands } = await commandsOver();
    const edit = state.edit({ label: 'rename', steps: [{ do: 'rename', name: 'Second cast' }] });
    await commands.want(winter);
    expect(commands.question).toEqual({ ask: 'unsaved', wish: winter });
    await edit;
  });

  it('[UI404] asks before what was typed for a device goes with the show', async () => {
    const typed = ['“9123” as at port of foh-desk'];
    const { engine, commands, called } = await commandsOver(undefined, undefined, typed);
    await commands.want(winter);
    expect(commands.question).toEqual({ ask: 'unapplied', wish: winter });
    expect(called()).toEqual([]);
    engine.patchShow({ unsaved: true });
    commands.cancel();
    await commands.want(winter);
    expect(commands.question).toEqual({ ask: 'unsaved', wish: winter });
    expect(commands.unapplied).toEqual(typed);
    engine.patchShow({ unsaved: false });
    commands.cancel();
    await commands.want(winter);
    await commands.goAhead();
    expect(called()).toEqual(['openShow']);
  });

  it('[UI71] asks in place before it replaces a show, and replaces it only on that answer', async () => {
    const { engine, commands } = await commandsOver();
    await commands.saveAs();
    engine.refuse('saveShowAs', exists);
    await commands.answerName('Matinee');
    expect(commands.question).toEqual({ ask: 'replace', ref: { name: 'Matinee' }, name: 'Matinee' });
    expect(commands.problemOf('save')).toBeUndefined();
    await commands.goAhead();
    expect(engine.calls.at(-1)?.args).toEqual({ to: { name: 'Matinee' }, overwrite: true, basedOn: 1 });
  });

  it('[UI71] keeps the name that was typed when the save is refused for another reason', async () => {
    const { engine, commands } = await commandsOver();
    await commands.saveAs();
    engine.refuse('saveShowAs', new UnavailableError('cannot-write-file', 'The disk is full.'));
    await commands.answerName('Matinee');
    expect(commands.problemOf('save')).toBe('The disk is full.');
    expect(commands.question?.ask).toBe('name');
  });

  it('[UI90] asks no more once another show took the table, whoever put it there', async () => {
    for (const open of [
      ({ commands }: Asked) => commands.want(winter),
      ({ engine }: Asked) => engine.openShow({ name: 'Matinee' }),
      ({ engine }: Asked) => engine.restoreBackup({ id: 'b1' }),
    ]) {
      const page = await commandsOver();
      await page.commands.saveAs();
      page.engine.refuse('saveShowAs', exists);
      await page.commands.answerName('Gala');
      expect(page.commands.question?.ask).toBe('replace');
      await open(page);
      expect(page.commands.question).toBeUndefined();
      await page.commands.goAhead();
      expect(page.called().filter((name) => name === 'saveShowAs')).toHaveLength(1);
    }
  });

  it('[UI90] says so when it was somebody else, and forgets what was to happen after the save', async () => {
    const { engine, commands, called } = await commandsOver();
    await commands.saveAs();
    await commands.want(winter);
    expect(commands.asking.overtaken).toBe(false);
    engine.patchShow({ unsaved: true, file: null });
    await commands.want(winter);
    await commands.saveFirst();
    await engine.newShow({ name: 'From elsewhere' });
    expect(commands.question).toBeUndefined();
    expect(commands.asking.overtaken).toBe(true);
    await commands.saveAs();
    await commands.answerName('Kept');
    expect(called()).toEqual(['openShow', 'newShow', 'saveShowAs']);
    expect(commands.asking.overtaken).toBe(false);
  });

  it('[UI90] keeps the question over a restart of the engine that changed nothing', async () => {
    const { engine, state, commands } = await commandsOver();
    await commands.saveAs();
    await state.attach(engine);
    expect(commands.question?.ask).toBe('name');
    engine.revision++;
    await state.attach(engine);
    expect(commands.question).toBeUndefined();
  });

  it('[UI90] does not save to a path that was picked for the show before', async () => {
    let pick: (path: string) => void = () => undefined;
    const shell = { pickShowToSave: () => new Promise<string>((resolve) => (pick = resolve)) };
    const { engine, commands, called } = await commandsOver(new FakeEngine(), shell);
    const saving = commands.saveAs();
    await engine.newShow({ name: 'From elsewhere' });
    pick('/media/usb/Tour.flyrail');
    await saving;
    expect(called()).toEqual(['newShow']);
    expect(commands.problemOf('save')).toBe('Another show took the table meanwhile. Nothing was saved.');
  });

  it('[UI91] takes the name of the file back when the save is refused', async () => {
    const { engine, commands } = await commandsOver(new FakeEngine(emptyShow('s', 'Untitled')));
    engine.patchShow({ file: null });
    await commands.save();
    engine.refuse('saveShowAs', exists);
    await commands.answerName('Gala');
    expect(engine.document.name).toBe('Untitled');
    expect(engine.show.undoLabel).toBeNull();
    commands.cancel();
    await commands.save();
    engine.refuse('saveShowAs', exists);
    await commands.answerName('Gala');
    await commands.goAhead();
    expect(engine.show).toMatchObject({ name: 'Gala', file: 'Gala' });
  });

  it('[UI91] takes nothing back that came from elsewhere meanwhile', async () => {
    const { engine, commands } = await commandsOver(new FakeEngine(emptyShow('s', 'Untitled')));
    engine.patchShow({ file: null });
    await commands.save();
    const answer = engine.saveShowAs.bind(engine);
    engine.saveShowAs = async (args) => {
      await engine.edit({ label: 'rename the show to Theirs', steps: [{ do: 'rename', name: 'Theirs' }] });
      engine.refuse('saveShowAs', exists);
      return answer(args);
    };
    await commands.answerName('Gala');
    expect(engine.document.name).toBe('Theirs');
  });

  it('[UI72] opens at once when the file holds every edit', async () => {
    const { commands, called } = await commandsOver();
    await commands.want(winter);
    expect(called()).toEqual(['openShow']);
    expect(commands.question).toBeUndefined();
  });

  it('[UI72] asks before edits are left behind: saves first, leaves them, or stays', async () => {
    const { engine, commands, called } = await commandsOver();
    engine.patchShow({ unsaved: true });
    await commands.want(winter);
    expect(called()).toEqual([]);
    commands.cancel();
    expect(called()).toEqual([]);
    await commands.want(winter);
    await commands.goAhead();
    expect(called()).toEqual(['openShow']);
    engine.patchShow({ unsaved: true });
    await commands.want(winter);
    await commands.saveFirst();
    expect(called()).toEqual(['openShow', 'saveShow', 'openShow']);
  });

  it('[UI72] opens after a save that asked for a name and for a yes', async () => {
    const { engine, commands, called } = await commandsOver();
    engine.patchShow({ unsaved: true, file: null });
    await commands.want(winter);
    await commands.saveFirst();
    engine.refuse('saveShowAs', exists);
    await commands.answerName('Matinee');
    await commands.goAhead();
    expect(called()).toEqual(['saveShowAs', 'saveShowAs', 'openShow']);
  });

  it('[UI72] does not open after a save that was refused, nor with a later save', async () => {
    const { engine, commands, called } = await commandsOver();
    engine.patchShow({ unsaved: true });
    await commands.want(winter);
    engine.refuse('saveShow', new UnavailableError('cannot-write-file', 'The disk is full.'));
    await commands.saveFirst();
    expect(commands.question).toEqual({ ask: 'unsaved', wish: winter });
    commands.cancel();
    await commands.save();
    expect(called()).toEqual(['saveShow', 'saveShow']);
  });

  it('[UI73] asks before it goes back to a backup, and shows why it was refused', async () => {
    const { engine, commands, called } = await commandsOver();
    await commands.want({ to: 'restore', backup });
    expect(called()).toEqual([]);
    engine.refuse('restoreBackup', new InputError('show-damaged', 'The backup is damaged. Nothing was changed.'));
    await commands.goAhead();
    expect(commands.problemOf('restore')).toBe('The backup is damaged. Nothing was changed.');
    await commands.want({ to: 'restore', backup });
    await commands.goAhead();
    expect(engine.calls.at(-1)).toEqual({ name: 'restoreBackup', args: { id: 'b1' } });
  });

  it('[UI74] picks paths with the dialogs of the desktop window and does nothing when they are cancelled', async () => {
    let answer: string | undefined = '/media/usb/Tour.flyrail';
    const shell = { pickShowToOpen: () => Promise.resolve(answer), pickShowToSave: () => Promise.resolve(answer) };
    const { engine, commands, called } = await commandsOver(new FakeEngine(), shell);
    await commands.open();
    expect(engine.calls.at(-1)?.args).toEqual({ path: '/media/usb/Tour.flyrail' });
    await commands.saveAs();
    expect(engine.calls.at(-1)?.args).toMatchObject({ to: { path: '/media/usb/Tour.flyrail' }, overwrite: true });
    answer = undefined;
    await commands.open();
    await commands.saveAs();
    expect(called()).toEqual(['openShow', 'saveShowAs']);
  });

  it('[UI74] brings up the list of shows in a browser, where nothing is picked by path', async () => {
    const { commands } = await commandsOver();
    await commands.open();
    expect(commands.listWanted).toBe(1);
    expect(went).toEqual(['show']);
  });

  it('[UI74] obeys the menu and files opened from the desktop', async () => {
    const { engine, commands, called } = await commandsOver();
    for (const type of ['new', 'save', 'undo', 'redo'] as const) await commands.obey({ type });
    expect(commands.question).toMatchObject({ ask: 'name', of: 'new' });
    await commands.obey({ type: 'open-path', path: 'C:\\shows\\Tour.flyrail' });
    expect(engine.calls.at(-1)?.args).toEqual({ path: 'C:\\shows\\Tour.flyrail' });
    await commands.obey({ type: 'engine', state: 'running', reason: '' });
    expect(called()).toEqual(['saveShow', 'undo', 'redo', 'openShow']);
  });

  it('[UI81] names a show that was never named after its first file, and no other', async () => {
    const { engine, commands, called } = await commandsOver(new FakeEngine(emptyShow('s', 'Untitled')));
    engine.patchShow({ file: null });
    await commands.save();
    await commands.answerName('Tour');
    expect(engine.document.name).toBe('Tour');
    expect(called()).toEqual(['edit', 'saveShowAs']);
    expect(engine.show).toMatchObject({ name: 'Tour', file: 'Tour', unsaved: false });
    await commands.saveAs();
    await commands.answerName('Copy');
    expect(called()).toEqual(['edit', 'saveShowAs', 'saveShowAs']);
  });

  it('[UI81] takes the last part of a path the desktop window picked', async () => {
    const shell = { pickShowToSave: () => Promise.resolve('C:\\shows\\Gala.flyrail') };
    const { engine, commands } = await commandsOver(new FakeEngine(emptyShow('s', 'Untitled')), shell);
    engine.patchShow({ file: null });
    await commands.save();
    expect(engine.document.name).toBe('Gala');
    const named = await commandsOver(new FakeEngine(), shell);
    named.engine.patchShow({ file: null });
    await named.commands.save();
    expect(named.engine.document.name).toBe('Winterreise');
  });

  it('[UI75] does one thing at a time', async () => {
    const { commands, called } = await commandsOver();
    await Promise.all([commands.save(), commands.save(), commands.want(winter)]);
    expect(called()).toEqual(['saveShow']);
    expect(commands.busy).toBeUndefined();
  });

  it('[UI75] loses no edit to a save that is under way', async () => {
    const { commands, engine } = await commandsOver();
    await Promise.all([commands.save(), commands.rename('Sommer'), commands.changeSettings({ backupsKeep: 3 })]);
    expect(engine.document).toMatchObject({ name: 'Sommer', settings: { backupsKeep: 3 } });
  });

  it('[UI75] shows a refusal at its place until the next try', async () => {
    const { commands } = await commandsOver();
    await commands.undo();
    expect(commands.problemOf('history')).toBe('There is nothing to undo.');
    expect(commands.problemOf('save')).toBeUndefined();
    await commands.save();
    expect(commands.problemOf('history')).toBeUndefined();
  });

  it('[UI75] says so when there is no connection', async () => {
    const { state, commands } = await commandsOver();
    state.detach();
    await commands.save();
    expect(commands.problemOf('save')).toBe('There is no connection to the engine. Nothing was changed.');
  });
});
