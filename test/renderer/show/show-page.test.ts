import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError, UnavailableError } from '../../../src-main/contract/errors.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { ShowCommands } from '../../../src-renderer/show/show-commands.svelte.ts';
import ShowPage from '../../../src-renderer/show/ShowPage.svelte';
import { FakeEngine } from '../fake-engine.ts';
import { attachedState, mountArea } from '../page-host.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function openPage(engine = new FakeEngine(), unapplied: readonly string[] = []) {
  const state = await attachedState(engine);
  const commands = new ShowCommands({
    engine: state,
    shell: undefined,
    unapplied: () => unapplied,
    goToShow: () => undefined,
  });
  const area = mountArea(ShowPage, { commands }, { state });
  cleanups.push(area.unmount);
  flushSync();
  await waitFor(() => expect(engine.calls.some(({ name }) => name === 'listBackups')).toBe(true));
  return { engine, state, commands, ...area };
}

function stocked(): FakeEngine {
  const engine = new FakeEngine();
  const modifiedAt = millis(1_795_200_000_000);
  engine.shows = {
    inDataFolder: [
      { ref: { name: 'Winterreise.flyrail' }, name: 'Winterreise', modifiedAt, present: true },
      { ref: { name: 'Matinee' }, name: 'Matinee', modifiedAt, present: true },
    ],
    recent: [{ ref: { path: '/media/usb/Tour.flyrail' }, name: 'Tour', modifiedAt: null, present: false }],
  };
  engine.backups = Array.from({ length: 12 }, (_, i) => ({
    id: `b${i}`,
    showName: 'Winterreise',
    madeAt: millis(1_795_290_000_000 + i * 60_000),
    sizeBytes: 41_200,
  }));
  return engine;
}

const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
const region = (name: string) => within(screen.getByRole('region', { name }));

describe('Show page', () => {
  it('[UI404] names what was typed for a device in the question that another show asks', async () => {
    const { engine, commands } = await openPage(undefined, ['“9123” as at port of foh-desk']);
    await commands.want({ to: 'demo' });
    flushSync();
    const asked = within(screen.getByRole('form', { name: 'What was typed on Devices is not applied' }));
    expect(asked.getByText('“9123” as at port of foh-desk goes with Winterreise.')).toBeTruthy();
    expect(button('Go on without it')).toBeTruthy();
    engine.patchShow({ unsaved: true });
    await commands.want({ to: 'demo' });
    flushSync();
    expect(screen.getByText(/Not applied, and lost: “9123” as at port of foh-desk\.$/)).toBeTruthy();
  });

  it('[UI76] says in words whether the file holds every edit', async () => {
    const { engine } = await openPage();
    expect(screen.getByText('The file holds every edit.')).toBeTruthy();
    engine.patchShow({ unsaved: true });
    flushSync();
    expect(screen.getByText('The file is older than the show. Autosave writes it after 30 s of quiet.')).toBeTruthy();
    engine.patchShow({ saveProblem: 'The disk is full.' });
    flushSync();
    expect(screen.getByText('The disk is full. Every edit is kept on this machine.')).toBeTruthy();
    engine.patchShow({ saveProblem: null, file: null });
    flushSync();
    expect(screen.getByText('not in a file yet')).toBeTruthy();
  });

  it('[UI77] renames the show and changes its settings as undoable edits', async () => {
    const { engine } = await openPage();
    const name = screen.getByLabelText('name');
    await fireEvent.input(name, { target: { value: 'Second cast' } });
    await fireEvent.keyDown(name, { key: 'Enter' });
    await waitFor(() => expect(engine.document.name).toBe('Second cast'));
    expect(engine.show.undoLabel).toBe('rename the show to Second cast');
    const autosave = screen.getByLabelText('autosave after');
    await fireEvent.input(autosave, { target: { value: '0' } });
    await fireEvent.keyDown(autosave, { key: 'Enter' });
    await waitFor(() => expect(engine.document.settings).toMatchObject({ autosaveSeconds: 0, backupsKeep: 20 }));
    await fireEvent.click(button(/^Undo/));
    await waitFor(() => expect(engine.document.settings.autosaveSeconds).toBe(30));
    expect(screen.getByText('rename the show to Second cast')).toBeTruthy();
  });

  it('[UI72] lists the shows, opens one, and says why one cannot be opened', async () => {
    const { engine } = await openPage(stocked());
    await screen.findByRole('button', { name: 'Open Matinee' });
    expect(region('Shows on this machine').getByText('on the table')).toBeTruthy();
    expect(region('Recent').getByText('not where it was')).toBeTruthy();
    await fireEvent.click(region('Shows on this machine').getByRole('button', { name: 'Open Matinee' }));
    await waitFor(() => expect(engine.show.name).toBe('Matinee'));
  });

  it('[UI72] asks in place when edits would be left behind, and Escape stays', async () => {
    const { engine, commands } = await openPage(stocked());
    engine.patchShow({ unsaved: true });
    await screen.findByRole('button', { name: 'Open Matinee' });
    await fireEvent.click(region('Shows on this machine').getByRole('button', { name: 'Open Matinee' }));
    const asked = await screen.findByRole('form', { name: 'Winterreise has edits that are not in its file' });
    expect(document.activeElement).toBe(within(asked).getByRole('button', { name: 'Save first' }));
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(commands.question).toBeUndefined();
    expect(engine.show.name).toBe('Winterreise');
  });

  it('[UI123] keeps its lists without an engine, and does not call empty what it never read', async () => {
    const { commands, state } = await openPage(stocked());
    await screen.findByRole('button', { name: 'Open Matinee' });
    await cleanups.pop()?.();
    state.detach();
    state.connection = 'lost';
    const again = mountArea(ShowPage, { commands }, { state });
    cleanups.push(again.unmount);
    flushSync();
    expect(region('Shows on this machine').getByRole('button', { name: 'Open Matinee' })).toBeTruthy();
    expect(region('Backups').getByText('kept by themselves, newest first, as last read')).toBeTruthy();
    await cleanups.pop()?.();
    const fresh = new ShowCommands({
      engine: state,
      shell: undefined,
      unapplied: () => [],
      goToShow: () => undefined,
    });
    cleanups.push(mountArea(ShowPage, { commands: fresh }, { state }).unmount);
    flushSync();
    expect(screen.getAllByText('Not known without an engine.')).toHaveLength(2);
    expect(screen.queryByText(/^None yet/)).toBeNull();
  });

  it('[UI125] gives the focus to its heading when a question was answered or a show was opened', async () => {
    const { engine, commands } = await openPage(stocked());
    const heading = screen.getByRole('heading', { level: 1 });
    commands.newShow();
    const name = await screen.findByLabelText('name of the show');
    await waitFor(() => expect(document.activeElement).toBe(name));
    await commands.answerName('First night');
    await waitFor(() => expect(document.activeElement).toBe(heading));
    const open = await screen.findByRole('button', { name: 'Open Matinee' });
    open.focus();
    await fireEvent.click(open);
    await waitFor(() => expect(engine.show.name).toBe('Matinee'));
    await waitFor(() => expect(document.activeElement).toBe(heading));
  });

  it('[UI92] keeps what was typed while another area is looked at', async () => {
    const engine = new FakeEngine();
    const { commands, state } = await openPage(engine);
    await commands.saveAs();
    await fireEvent.input(await screen.findByLabelText('name of the show'), { target: { value: 'Second cast' } });
    await cleanups.pop()?.();
    const again = mountArea(ShowPage, { commands }, { state });
    cleanups.push(again.unmount);
    flushSync();
    expect(screen.getByLabelText<HTMLInputElement>('name of the show').value).toBe('Second cast');
    await fireEvent.click(button(/^Stay here/));
    await commands.saveAs();
    expect((await screen.findByLabelText<HTMLInputElement>('name of the show')).value).toBe('Winterreise');
  });

  it('[UI92] leaves Escape to a layer over the page', async () => {
    const { commands } = await openPage();
    await commands.saveAs();
    const layer = document.body.appendChild(document.createElement('dialog'));
    layer.setAttribute('open', '');
    await fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(commands.question?.ask).toBe('name');
    layer.remove();
    await fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(commands.question).toBeUndefined();
  });

  it('[UI93] refuses a name for a file as the engine would', async () => {
    const { commands } = await openPage();
    await commands.saveAs();
    const field = await screen.findByLabelText('name of the show');
    await fireEvent.input(field, { target: { value: 'Ω'.repeat(120) } });
    expect(screen.getByRole('alert').textContent).toContain('Take 20 away.');
    expect((button('Save') as HTMLButtonElement).disabled).toBe(true);
    await fireEvent.input(field, { target: { value: 'Act 1/2' } });
    expect(screen.getByRole('alert').textContent).toContain('A name holds none of');
    await fireEvent.input(field, { target: { value: 'Act 1' } });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('[UI90] names the show that is saved and the file it replaces, and says what becomes of that', async () => {
    const { engine, commands } = await openPage();
    await commands.saveAs();
    engine.refuse('saveShowAs', new InputError('show-exists', 'There is a show of that name.'));
    await commands.answerName('Gala');
    const asked = await screen.findByRole('form', { name: 'There is a show of that name: Gala' });
    expect(asked.textContent).toContain('Winterreise takes its place in the file. The old file is kept');
    await engine.newShow({ name: 'From elsewhere' });
    expect(await screen.findByText('Another show took the table meanwhile. Nothing was changed.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Replace it' })).toBeNull();
  });

  it('[UI71] names a show, asks before it replaces one, and shows a refusal in place', async () => {
    const { engine } = await openPage();
    await fireEvent.click(button(/^Save as/));
    engine.refuse('saveShowAs', new InputError('show-exists', 'There is a show of that name.'));
    await fireEvent.submit(await screen.findByRole('form', { name: 'Save Winterreise under a name' }));
    engine.refuse('saveShowAs', new UnavailableError('cannot-write-file', 'The disk is full.'));
    await fireEvent.click(await screen.findByRole('button', { name: 'Replace it' }));
    await screen.findByText('The disk is full.');
    expect(engine.calls.filter(({ name }) => name === 'saveShowAs')).toHaveLength(2);
  });

  it('[UI73] restores a backup from the list, the newest first, after a yes', async () => {
    const { engine } = await openPage(stocked());
    await waitFor(() =>
      expect(region('Backups').getAllByRole('button', { name: /^Restore Winterreise of / })).toHaveLength(8),
    );
    await fireEvent.click(button('All 12'));
    const restore = region('Backups').getAllByRole('button', { name: /^Restore Winterreise of / });
    expect(restore).toHaveLength(12);
    await fireEvent.click(restore[0] as HTMLElement);
    await fireEvent.click(await screen.findByRole('button', { name: 'Go back to it' }));
    await waitFor(() => expect(engine.calls.find(({ name }) => name === 'restoreBackup')?.args).toEqual({ id: 'b11' }));
  });

  it('[UI82] tells files apart by their own names, the show’s name and the folder second', async () => {
    const engine = stocked();
    const ref = { path: '/media/usb/A2.flyrail' };
    engine.shows = { inDataFolder: [], recent: [{ ref, name: 'Untitled', modifiedAt: null, present: true }] };
    engine.paths = true;
    await openPage(engine);
    await waitFor(() => expect(region('Recent').getByText('A2', { selector: 'b' })).toBeTruthy());
    expect(region('Recent').getByText('Untitled')).toBeTruthy();
    expect(region('Recent').getByText('/media/usb/')).toBeTruthy();
    expect(region('Recent').getByRole('button', { name: 'Open A2' })).toBeTruthy();
  });

  it('[UI78] takes the offer away also when the demo was opened elsewhere', async () => {
    const engine = new FakeEngine();
    engine.firstStart = true;
    await openPage(engine);
    await engine.openDemo();
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Open the demo show' })).toBeNull());
  });

  it('[UI78] offers the demo show on the first start only', async () => {
    const engine = new FakeEngine();
    engine.firstStart = true;
    await openPage(engine);
    await fireEvent.click(button('Open the demo show'));
    await waitFor(() => expect(engine.show.name).toBe('Demo'));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Open the demo show' })).toBeNull());
  });

  it('[UI75] keeps the lists it had and says why they were not read', async () => {
    const engine = stocked();
    const { state } = await openPage(engine);
    await screen.findByRole('button', { name: 'Open Matinee' });
    engine.refuse('listShows', new UnavailableError('cannot-read-file', 'The data folder cannot be read.'));
    state.told = { ...state.told, savedAt: millis(5) };
    await screen.findByText('The data folder cannot be read.');
    expect(screen.getByText('Matinee', { selector: 'b' })).toBeTruthy();
  });
});
