import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { keptRevisions } from '../kept-revisions.ts';
import { answerBoxes, askedBoxes, enginePid, readyPage, rename } from './desktop.ts';
import { expect, test } from './desktop-stage.ts';
import { launchTarget } from './electron.ts';
import { startServing } from './serve.ts';

declare global {
  // Kept in Electron's main process between two steps of a test.
  var loadedAgain: Promise<void> | undefined;
}

test('[DS22] the engine goes on when the page crashes, and the page comes back with the state', async ({ stage }) => {
  const { app, page, desk, lampLevel } = stage;
  await rename(page, 'Crash');
  const pid = await enginePid(app);
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    globalThis.loadedAgain = new Promise((resolve) => contents?.once('did-finish-load', () => resolve()));
    const gone = new Promise<void>((resolve) => contents?.once('render-process-gone', () => resolve()));
    contents?.forcefullyCrashRenderer();
    return gone;
  });
  desk.set('/desk/fader/1', 0.2);
  await expect.poll(lampLevel).toBe(51);
  // A fresh page names itself Flyrail until the engine has told it the show.
  const titleInPage = () =>
    app.evaluate(async ({ BrowserWindow }) => {
      await globalThis.loadedAgain;
      return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.title') as Promise<string>;
    });
  await expect.poll(titleInPage).toBe('• Crash');
  expect(await enginePid(app)).toBe(pid);
  expect(desk.connected).toBe(true);
  await answerBoxes(app, 'Quit without saving');
});

test('[DS24] a killed engine is started again with show, unsaved edits and levels; the window says so meanwhile', async ({
  stage,
  dataDir,
}) => {
  const { app, page, desk, packets, lampLevel } = stage;
  await rename(page, 'Survivor');
  desk.set('/desk/fader/1', 0.2);
  await expect.poll(lampLevel).toBe(51);
  await expect.poll(() => keptRevisions(dataDir).get('/desk/fader/1')).toBe(1n);
  const heard = packets.length;
  const pid = (await enginePid(app)) ?? 0;
  const said = page.getByRole('alert').filter({ hasText: 'No connection to the engine' });
  const isSaid = expect(said).toBeVisible();
  process.kill(pid, 'SIGKILL');
  await isSaid;
  await expect(said).toBeHidden();
  await expect(page).toHaveTitle('• Survivor');
  expect(await enginePid(app)).not.toBe(pid);
  await expect.poll(() => packets.length).toBeGreaterThan(heard + 1);
  expect(lampLevel()).toBe(51);
  await expect.poll(() => desk.connected).toBe(true);
  await rename(page, 'Survivor 2');
  await answerBoxes(app, 'Quit without saving');
});

test('[DS23] a port in use is said in a box, which offers another port', async ({ launch }) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const app = await launch({ args: [`--port=${port}`] });
  await answerBoxes(app, 'Use another port');
  await readyPage(app);
  const [box] = await askedBoxes(app);
  expect(box?.message).toContain(`${port}`);
  expect(box?.message).toMatch(/in use/);
  expect(box?.buttons).toEqual(['Try again', 'Use another port', 'Quit']);
  taken.close();
});

test('[DS23] a data folder in use is said in a box; Quit ends with exit code 2', async ({ launch, dataDir }) => {
  const serving = await startServing(['--data', dataDir]);
  try {
    const app = await launch();
    const child = app.process();
    const exited = once(child, 'exit');
    const asked = app.evaluate(({ dialog }) => {
      return new Promise<Electron.MessageBoxOptions>((resolve) => {
        const answer = (...args: unknown[]) => {
          const options = args.at(-1) as Electron.MessageBoxOptions;
          resolve(options);
          // Answered once the test has heard of it.
          return new Promise((settle) => setTimeout(() => settle({ response: 1, checkboxChecked: false }), 300));
        };
        Object.assign(dialog, { showMessageBox: answer });
      });
    });
    const { message, buttons } = await asked;
    expect(message).toContain(dataDir);
    expect(buttons).toEqual(['Try again', 'Quit']);
    await exited;
    expect(child.exitCode).toBe(2);
  } finally {
    await serving.stop();
  }
});

test('[DS23] a file that is no show is said in a box, and the last show opens in its place', async ({
  launch,
  dataDir,
}) => {
  const junk = join(dataDir, 'junk.flyrail');
  await writeFile(junk, 'no show at all');
  const app = await launch({ args: [junk] });
  await answerBoxes(app, 'Start with the last show');
  await expect(await readyPage(app)).toHaveTitle('Untitled');
  expect((await askedBoxes(app))[0]?.message).toContain('junk.flyrail');
});

test('[DS23] a data folder that cannot be had is said, and waits for the operator', async ({ launch, dataDir }) => {
  // Skips where there is no Electron; this one is started without Playwright, which would come too late.
  expect(launch).toBeDefined();
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  const target = launchTarget([`--data=${join(file, 'folder')}`], dataDir);
  const child = spawn(target.executablePath, target.args, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const said: Buffer[] = [];
    child.stderr.on('data', (text: Buffer) => said.push(text));
    await expect.poll(() => Buffer.concat(said).toString()).toContain(`flyrail: Cannot use the data folder ${file}`);
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill('SIGKILL');
  }
});
