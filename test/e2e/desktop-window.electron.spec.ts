import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import {
  answerBoxes,
  askedBoxes,
  connectClasp,
  enginePid,
  readyPage,
  rename,
  startAgain,
  windowTitles,
  writeShow,
} from './desktop.ts';
import { expect, test } from './electron.ts';

test('[DS14] a show on the command line opens, and again after a restart without it', async ({ launch, dataDir }) => {
  const show = await writeShow(dataDir, 'Gala');
  const app = await launch({ args: [show] });
  await expect(await readyPage(app)).toHaveTitle('Gala');
  await app.close();
  await expect(await readyPage(await launch())).toHaveTitle('Gala');
});

test('[DS14] a second start hands its show to the first, which comes to the front, and ends', async ({
  launch,
  dataDir,
}) => {
  const app = await launch();
  const page = await readyPage(app);
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.minimize();
  });
  expect(await startAgain(dataDir, [await writeShow(dataDir, 'Revue')])).toBe(0);
  await expect(page).toHaveTitle('Revue');
  expect(
    await app.evaluate(({ BrowserWindow }) => {
      const windows = BrowserWindow.getAllWindows();
      return { windows: windows.length, visible: windows[0]?.isVisible(), minimized: windows[0]?.isMinimized() };
    }),
  ).toEqual({ windows: 1, visible: true, minimized: false });
});

test('[DS14] a show that is double-clicked on macOS opens', async ({ launch, dataDir }) => {
  const app = await launch();
  const page = await readyPage(app);
  const show = await writeShow(dataDir, 'Matinee');
  await app.evaluate(({ app: electron }, path) => {
    electron.emit('open-file', { preventDefault: () => undefined }, path);
  }, show);
  await expect(page).toHaveTitle('Matinee');
});

test('[DS15] the window comes back where it was', async ({ launch }) => {
  const place = { x: 64, y: 48, width: 900, height: 640 };
  const app = await launch();
  await readyPage(app);
  await app.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
  }, place);
  await app.close();
  const again = await launch();
  await readyPage(again);
  expect(await again.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(place);
});

test('[DS16] a window that was left on a screen that is gone comes back on one that is there', async ({
  launch,
  dataDir,
}) => {
  await (await launch()).close();
  const lost = { x: -9000, y: 4000, width: 900, height: 640, maximized: false };
  await writeFile(join(dataDir, 'desktop', 'window.json'), JSON.stringify(lost));
  const app = await launch();
  await readyPage(app);
  const { bounds, screen } = await app.evaluate(({ BrowserWindow, screen: screens }) => ({
    bounds: BrowserWindow.getAllWindows()[0]?.getBounds() ?? { x: -1, y: -1, width: 0, height: 0 },
    screen: screens.getPrimaryDisplay().workArea,
  }));
  expect(bounds).toMatchObject({ width: 900, height: 640 });
  expect(bounds.x >= screen.x && bounds.x + bounds.width <= screen.x + screen.width).toBe(true);
  expect(bounds.y >= screen.y && bounds.y + bounds.height <= screen.y + screen.height).toBe(true);
});

test('[DS17] the menu drives the page, and the native dialog names the file', async ({ launch, dataDir }) => {
  const app = await launch();
  const page = await readyPage(app);
  await rename(page, 'Soirée');
  const path = join(dataDir, 'typed');
  const suggested = await app.evaluate(({ dialog, Menu }, filePath) => {
    return new Promise<string | undefined>((resolve) => {
      const save = (...args: unknown[]) => {
        resolve((args.at(-1) as Electron.SaveDialogOptions).defaultPath);
        return Promise.resolve({ canceled: false, filePath });
      };
      Object.assign(dialog, { showSaveDialog: save });
      const show = Menu.getApplicationMenu()?.items.find(({ label }) => label === '&Show');
      show?.submenu?.items.find(({ label }) => label.startsWith('Save &as'))?.click({});
    });
  }, path);
  expect(suggested).toMatch(/Soirée\.flyrail$/);
  // Saved: the mark of unsaved work is gone.
  await expect(page).toHaveTitle('Soirée');
});

test('[DS18] no key is both the menu’s and the page’s, and the undo of a text field is its own', async ({ launch }) => {
  const app = await launch();
  const page = await readyPage(app);
  const keys = await app.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items ?? [])
      .flatMap(({ submenu }) => submenu?.items ?? [])
      .filter(({ accelerator, registerAccelerator }) => accelerator && registerAccelerator)
      .map(({ accelerator }) => String(accelerator)),
  );
  // Everything else in the menu only shows the key of the page, or has the role of an editing key of Chromium.
  expect(keys.toSorted()).toEqual(['CmdOrCtrl+N', 'CmdOrCtrl+Q', 'CmdOrCtrl+W']);
  await rename(page, 'Kept');
  const field = page.getByRole('textbox', { name: 'name' });
  await field.click();
  await field.press('End');
  await field.pressSequentially(' and more');
  await field.press('Control+z');
  await expect(field).not.toHaveValue('Kept and more');
  await expect(page).toHaveTitle('• Kept');
});

test('[DS20] closing the window asks where no tray shows that Flyrail runs on; a second start brings it back', async ({
  launch,
  dataDir,
}) => {
  const port = await freePort();
  const app = await launch({ args: [`--port=${port}`], env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' } });
  await readyPage(app);
  const pid = await enginePid(app);
  const close = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const windows = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  await answerBoxes(app, 'Cancel');
  await close();
  await expect.poll(async () => (await askedBoxes(app)).length).toBe(1);
  expect(await windows()).toBe(1);
  await answerBoxes(app, 'Let it run');
  await close();
  await expect.poll(windows).toBe(0);
  const client = await connectClasp(port);
  client.set('/still/here', 1);
  expect(await client.get('/still/here')).toBe(1);
  client.close();
  expect(await startAgain(dataDir, [])).toBe(0);
  await expect.poll(() => windowTitles(app)).toEqual(['Untitled']);
  expect(await enginePid(app)).toBe(pid);
});
