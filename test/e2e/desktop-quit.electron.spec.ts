import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { ElectronApplication, Page } from '@playwright/test';
import { answerBoxes, askedBoxes, descendants, enginePid, isAlive, readyPage, rename, writeShow } from './desktop.ts';
import { expect, test } from './desktop-stage.ts';
import { inspector } from './pages/patch-page.ts';
import { mapping } from './stage.ts';
import { emptyShow } from '../../src-main/contract/show.ts';

/** Asks to quit as the menu does. */
async function quit(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ app: electron }) => {
    setImmediate(() => electron.quit());
  });
}

/** @returns what Flyrail itself says on stderr from now on, such as that its engine had to be killed */
function complaints(app: ElectronApplication): string[] {
  const said: string[] = [];
  const { stderr } = app.process();
  if (stderr) createInterface(stderr).on('line', (line) => line.startsWith('flyrail: ') && said.push(line));
  return said;
}

test('[DS21] quitting with unsaved work asks; Cancel changes nothing', async ({ launch }) => {
  const app = await launch();
  const page = await readyPage(app);
  await rename(page, 'Draft');
  await answerBoxes(app, 'Cancel');
  await quit(app);
  await expect.poll(() => askedBoxes(app)).toHaveLength(1);
  expect((await askedBoxes(app))[0]).toMatchObject({
    message: 'Save “Draft” before quitting?',
    buttons: ['Save', 'Quit without saving', 'Cancel'],
  });
  await rename(page, 'Draft 2');
  await quit(app);
  await expect.poll(() => askedBoxes(app)).toHaveLength(2);
  await answerBoxes(app, 'Quit without saving');
});

test('[DS21] quitting without saving keeps the edits for the next start and leaves the file', async ({
  launch,
  dataDir,
}) => {
  const show = await writeShow(dataDir, 'Filed', {
    settings: { ...emptyShow('', '').settings, autosaveSeconds: 0, backupsKeep: 1 },
  });
  const before = await readFile(show);
  const app = await launch({ args: [show] });
  await rename(await readyPage(app), 'Edited');
  await answerBoxes(app, 'Quit without saving');
  const child = app.process();
  const exited = once(child, 'exit');
  await quit(app);
  await exited;
  expect(child.exitCode).toBe(0);
  expect((await readFile(show)).equals(before)).toBe(true);
  const again = await launch();
  await expect(await readyPage(again)).toHaveTitle('• Edited');
  await answerBoxes(again, 'Quit without saving');
});

test('[DS21] a show that saves by itself is saved by quitting, without a question', async ({ launch, dataDir }) => {
  const show = await writeShow(dataDir, 'Filed');
  const app = await launch({ args: [show] });
  await rename(await readyPage(app), 'Edited');
  await answerBoxes(app, 'Cancel');
  const closed = app.waitForEvent('close');
  await quit(app);
  await closed;
  await expect(await readyPage(await launch())).toHaveTitle('Edited');
});

test('[DS21] Save saves, under a name that is asked for where there is none, and quits', async ({
  launch,
  dataDir,
}) => {
  const app = await launch();
  await rename(await readyPage(app), 'Fresh');
  await answerBoxes(app, 'Save');
  await app.evaluate(({ dialog }, filePath) => {
    Object.assign(dialog, { showSaveDialog: () => Promise.resolve({ canceled: false, filePath }) });
  }, `${dataDir}/fresh`);
  const closed = app.waitForEvent('close');
  await quit(app);
  await closed;
  const again = await launch({ args: [`${dataDir}/fresh.flyrail`] });
  await expect(await readyPage(again)).toHaveTitle('Fresh');
});

test('[DS21] a name that was typed without extension does not replace a show unasked', async ({ launch, dataDir }) => {
  await writeShow(dataDir, 'taken');
  const app = await launch();
  await rename(await readyPage(app), 'Other');
  await answerBoxes(app, 'Save');
  await app.evaluate(({ dialog }, filePath) => {
    let asked = 0;
    const answer = () => Promise.resolve({ canceled: asked++ > 0, filePath });
    Object.assign(dialog, { showSaveDialog: answer });
  }, `${dataDir}/taken`);
  await quit(app);
  // 'Save' is no button of the second question, which counts as no; the dialog comes again and is cancelled.
  await expect
    .poll(async () => (await askedBoxes(app)).map(({ message }) => message))
    .toEqual(['Save “Other” before quitting?', 'Replace “taken.flyrail”?']);
  await answerBoxes(app, 'Quit without saving');
  const closed = app.waitForEvent('close');
  await quit(app);
  await closed;
  const again = await launch({ args: [`${dataDir}/taken.flyrail`] });
  await expect(await readyPage(again)).toHaveTitle('taken');
});

test('[DS25] quitting ends the outputs in order and leaves no process behind', async ({ stage }) => {
  const { app, desk, packets, lampLevel } = stage;
  desk.set('/desk/fader/1', 1);
  await expect.poll(lampLevel).toBe(255);
  desk.close();
  const said = complaints(app);
  const pid = app.process().pid ?? 0;
  const processes = descendants(pid);
  expect(processes.length).toBeGreaterThan(3);
  const closed = app.waitForEvent('close');
  await quit(app);
  await closed;
  // Byte 112 holds the options, bit 6 of it says that the stream is terminated [E1.31 6.2.6].
  expect(packets.slice(-3).map((packet) => (packet[112] ?? 0) & 0x40)).toEqual([0x40, 0x40, 0x40]);
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  expect(said).toEqual([]);
});

test('[DS25] a signal ends everything in order, without a question', async ({ launch }) => {
  const app = await launch();
  await rename(await readyPage(app), 'Unasked');
  await answerBoxes(app, 'Cancel');
  const said = complaints(app);
  const child = app.process();
  const processes = descendants(child.pid ?? 0);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  await exited;
  expect(child.exitCode).toBe(0);
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  expect(said).toEqual([]);
  const again = await launch();
  await expect(await readyPage(again)).toHaveTitle('• Unasked');
  await answerBoxes(again, 'Quit without saving');
});

test('[DS26] no process outlives a shell that was killed, and the next start has every edit', async ({ launch }) => {
  const app = await launch();
  await rename(await readyPage(app), 'Killed');
  const child = app.process();
  const processes = descendants(child.pid ?? 0);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  const again = await launch();
  await expect(await readyPage(again)).toHaveTitle('• Killed');
  await answerBoxes(again, 'Quit without saving');
});

/** Types a name for the show and leaves it in its field. */
async function typeName(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Areas' }).getByText('Show').click();
  await page.getByRole('textbox', { name: 'name' }).fill(name);
}

test('[DS40] quitting takes the text that stands in a field, and asks as after any edit', async ({ launch }) => {
  const app = await launch();
  await typeName(await readyPage(app), 'Typed, not left');
  await answerBoxes(app, 'Cancel');
  await quit(app);
  await expect.poll(() => askedBoxes(app)).toHaveLength(1);
  expect((await askedBoxes(app))[0]?.message).toBe('Save “Typed, not left” before quitting?');
  await answerBoxes(app, 'Quit without saving');
});

test('[DS40] a show that saves by itself has the text that stood in a field at the quit, or at a signal', async ({
  launch,
  dataDir,
}) => {
  const show = await writeShow(dataDir, 'Filed');
  for (const how of ['quit', 'SIGTERM'] as const) {
    const app = await launch({ args: [show] });
    await typeName(await readyPage(app), `Typed before ${how}`);
    const exited = once(app.process(), 'exit');
    if (how === 'quit') await quit(app);
    else app.process().kill(how);
    await exited;
    const again = await launch();
    await expect(await readyPage(again)).toHaveTitle(`Typed before ${how}`);
    await again.close();
  }
});

test('[DS40] a page that does not answer holds up no quit', async ({ launch }) => {
  const app = await launch();
  const page = await readyPage(app);
  await typeName(page, 'Hung');
  await page.evaluate(() => {
    setTimeout(() => {
      for (;;);
    });
  });
  // Playwright forgets it with its end.
  const child = app.process();
  const exited = once(child, 'exit');
  const from = Date.now();
  await quit(app);
  await exited;
  expect(child.exitCode).toBe(0);
  expect(Date.now() - from).toBeLessThan(8_000);
});

test('[UI405] an engine that hangs holds up no quit, and nothing that was typed is lost unasked', async ({
  launch,
  dataDir,
}) => {
  const file = await writeShow(dataDir, 'Stage', { mappings: [mapping(1)] });
  const app = await launch({ args: [file] });
  const page = await readyPage(app);
  await page.locator('[data-row="set-1"]').click();
  process.kill((await enginePid(app)) ?? 0, 'SIGSTOP');
  const processes = descendants(app.process().pid ?? 0);
  await inspector(page).getByLabel('name', { exact: true }).fill('typed in vain');
  await answerBoxes(app, 'Stay');
  await quit(app);
  await expect.poll(() => askedBoxes(app)).toHaveLength(1);
  expect((await askedBoxes(app))[0]).toEqual({
    message: 'Quit and lose what was typed?',
    detail: 'Not in the show:\n• “typed in vain” as name',
    buttons: ['Quit all the same', 'Stay'],
  });
  await answerBoxes(app, 'Quit all the same');
  const closed = app.waitForEvent('close');
  const from = Date.now();
  await quit(app);
  await closed;
  // Three seconds, and what a busy machine takes to start and end processes.
  expect(Date.now() - from).toBeLessThan(4_500);
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
});

test('[UI405] a signal ends also an engine that hangs', async ({ launch }) => {
  const app = await launch();
  await readyPage(app);
  process.kill((await enginePid(app)) ?? 0, 'SIGSTOP');
  const child = app.process();
  const processes = descendants(child.pid ?? 0);
  const closed = app.waitForEvent('close');
  const from = Date.now();
  child.kill('SIGTERM');
  await closed;
  expect(Date.now() - from).toBeLessThan(4_000);
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
});

test('[UI403] quitting asks before a form that is not applied, or a mapping that was begun, is lost', async ({
  launch,
  dataDir,
}) => {
  const app = await launch({ args: [await writeShow(dataDir, 'Stage', { mappings: [mapping(1)] })] });
  const page = await readyPage(app);
  await page.keyboard.press('n');
  await inspector(page).getByLabel('source', { exact: true }).fill('/desk/knob/1');
  await page.getByRole('navigation', { name: 'Areas' }).getByText('Devices').click();
  await page.keyboard.press('n');
  await inspector(page).getByLabel('name', { exact: true }).fill('Balcony');
  await answerBoxes(app, 'Stay');
  await quit(app);
  await expect.poll(() => askedBoxes(app)).toHaveLength(1);
  const lost = '• a new OSC bridge with “Balcony” as name\n• a new mapping from /desk/knob/1';
  expect((await askedBoxes(app))[0]?.detail).toBe(`Not in the show:\n${lost}`);
  await answerBoxes(app, 'Quit all the same');
  const closed = app.waitForEvent('close');
  await quit(app);
  await closed;
});

test('[UI403] closing the window asks before a mapping that was begun is lost, and loses it only then', async ({
  launch,
}) => {
  const app = await launch();
  const page = await readyPage(app);
  await page.keyboard.press('n');
  await inspector(page).getByLabel('source', { exact: true }).fill('/desk/knob/1');
  const close = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  // That is no button of the second question, which counts as no.
  await answerBoxes(app, 'Let it run');
  await close();
  await expect
    .poll(async () => (await askedBoxes(app)).map(({ message }) => message))
    .toEqual(['Close the window and let Flyrail run on?', 'Close the window and lose what was typed?']);
  await expect(inspector(page).getByLabel('source', { exact: true })).toHaveValue('/desk/knob/1');
  await inspector(page).getByRole('button', { name: 'Cancel' }).click();
  const gone = page.waitForEvent('close');
  await close();
  await gone;
});

test('[UI158] a reload, and a window that is closed while the engine runs on, take the text that stands in a field', async ({
  launch,
}) => {
  const app = await launch();
  const page = await readyPage(app);
  await typeName(page, 'Before the reload');
  await page.reload();
  await expect(page).toHaveTitle('• Before the reload');
  await typeName(page, 'Before the close');
  await answerBoxes(app, 'Let it run');
  const gone = page.waitForEvent('close');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await gone;
  const opened = app.waitForEvent('window');
  await app.evaluate(({ app: electron }) => electron.emit('activate'));
  await expect(await opened).toHaveTitle('• Before the close');
  await answerBoxes(app, 'Quit without saving');
});
