import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Clasp } from '@clasp-to/core';
import type { ElectronApplication, Page } from '@playwright/test';
import { messageOf } from '../../src-main/contract/errors.ts';
import { parseShow } from '../../src-main/contract/parse-show.ts';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { expect, launchTarget } from './electron.ts';

declare global {
  // Kept in Electron's main process by `answerBoxes`.
  var askedBoxes: { message: string; detail: string; buttons: string[] }[] | undefined;
}

/** From now on each native box is answered with the button of this name, and remembered. */
export async function answerBoxes(app: ElectronApplication, button: string): Promise<void> {
  await app.evaluate(({ dialog }, wanted) => {
    globalThis.askedBoxes = [];
    const answer = (...args: unknown[]) => {
      const { message, detail = '', buttons = [] } = args.at(-1) as Electron.MessageBoxOptions;
      globalThis.askedBoxes?.push({ message, detail, buttons });
      return Promise.resolve({ response: buttons.indexOf(wanted), checkboxChecked: false });
    };
    Object.assign(dialog, { showMessageBox: answer });
  }, button);
}

export async function askedBoxes(app: ElectronApplication) {
  return looked(() => app.evaluate(() => globalThis.askedBoxes ?? []));
}

/** @returns the process of the engine, undefined while there is none */
export async function enginePid(app: ElectronApplication): Promise<number | undefined> {
  return looked(() =>
    app.evaluate(({ app: electron }) => electron.getAppMetrics().find(({ name }) => name === 'Flyrail engine')?.pid),
  );
}

/** What the page is called, asked by way of the main process: Playwright's page does not outlive a crash. */
export async function windowTitles(app: ElectronApplication): Promise<string[]> {
  return looked(() =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle())),
  );
}

/** Now and then V8 collects the promise of an answer before Playwright has it: who only looks asks again.
 *  @see https://github.com/microsoft/playwright/issues/33737 */
async function looked<T>(look: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await look();
    } catch (error) {
      if (tries === 3 || !messageOf(error).includes('garbage collected')) throw error;
    }
  }
}

/** The first window's page, when the engine answers it. */
export async function readyPage(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await expect(page.getByRole('navigation', { name: 'Areas' })).toBeVisible();
  return page;
}

/** Gives the show on the table another name, as an operator does. */
export async function rename(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Areas' }).getByText('Show').click();
  const field = page.getByRole('textbox', { name: 'name' });
  await field.fill(name);
  await field.press('Enter');
  await expect(page).toHaveTitle(new RegExp(`^• ${name}$`));
}

/** Starts Flyrail once more on the same data folder. @returns its exit code */
export async function startAgain(dataDir: string, args: readonly string[]): Promise<number | null> {
  const target = launchTarget(args, dataDir);
  const child = spawn(target.executablePath, target.args, { stdio: 'ignore' });
  await once(child, 'exit');
  return child.exitCode;
}

/** Writes a `.flyrail` file. @returns its path */
export async function writeShow(folder: string, name: string, parts: Partial<ShowDocument> = {}): Promise<string> {
  const path = join(folder, `${name}.flyrail`);
  await writeFile(path, formatShowFile(parseShow({ ...emptyShow(name.toLowerCase(), name), ...parts })));
  return path;
}

export async function connectClasp(port: number): Promise<Clasp> {
  const client = new Clasp(`ws://127.0.0.1:${port}/clasp`, { name: 'desk', reconnect: true, reconnectInterval: 50 });
  await expect
    .poll(async () => {
      await client.connect(1000).catch(() => undefined);
      return client.connected;
    })
    .toBe(true);
  return client;
}

/** Every process that this one started, directly or through another; Linux only. */
export function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(name) }));
  const found = [pid];
  for (const ancestor of found)
    found.push(...parents.filter(({ parent }) => parent === ancestor).map((each) => each.pid));
  return found;
}

export function isAlive(pid: number): boolean {
  try {
    // A process that nobody has waited for yet is dead all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return -1;
  }
}
