import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium, expect, test, type Page } from '@playwright/test';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sqliteAddon = 'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node';

let folder: string;
let program: string;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const whyNot = whyNoPackage();
  test.skip(whyNot !== undefined, whyNot ?? '');
  folder = await mkdtemp(join(tmpdir(), 'flyrail-package-'));
  program = join(folder, 'linux-unpacked', 'flyrail');
  const line = [join(root, 'scripts/package.mjs'), '--linux', 'dir', `-c.directories.output=${folder}`];
  const packed = spawnSync(process.execPath, line, { cwd: root, encoding: 'utf8' });
  expect(packed.status, packed.stdout + packed.stderr).toBe(0);
  // An Electron older than the product's needs this one addon in a build of its own; the product never knows.
  const addon = process.env['FLYRAIL_ELECTRON_ADDON'];
  if (addon) await copyFile(addon, join(dirname(program), sqliteAddon));
});

test.afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('[RP11] a packed release opens its window and runs its engine', async () => {
  const child = spawn(
    program,
    [
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--data=${join(folder, 'data')}`,
      '--port=0',
      '--discovery=off',
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  try {
    const [devtools] = await Promise.all([
      lineWith(child, 'stderr', 'DevTools listening on '),
      lineWith(child, 'stdout', '"event":"ready"'),
    ]);
    const browser = await chromium.connectOverCDP(devtools.replace('DevTools listening on ', ''));
    const page = await firstPage(() => browser.contexts().flatMap((context) => context.pages()));
    // The page is named after the show, and the engine knows its name.
    await expect(page).toHaveTitle(/Untitled/);
    await expect(page.getByRole('navigation', { name: 'Areas' })).toBeVisible();
    expect(page.url()).toMatch(/^app:/);
    await browser.close();
  } finally {
    await end(child);
  }
});

test('[RP11] a packed release cannot be used as a Node and loads only its own archive', async () => {
  const fuses = await getCurrentFuseWire(program);
  const { DISABLE, ENABLE } = FuseState;
  expect(fuses).toMatchObject({
    [FuseV1Options.RunAsNode]: DISABLE,
    [FuseV1Options.EnableCookieEncryption]: ENABLE,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
    [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
    [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
  });
});

function whyNoPackage(): string | undefined {
  if (process.platform !== 'linux') return 'packing is tested on Linux only';
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return 'there is no display to open the packed window on';
  const hasDist =
    process.env['FLYRAIL_ELECTRON_DIST'] ??
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??
    process.env['FLYRAIL_E2E_ELECTRON'];
  return hasDist ? undefined : (process.env['FLYRAIL_E2E_NO_ELECTRON'] ?? 'there is no Electron to pack');
}

function lineWith(child: ChildProcess, stream: 'stdout' | 'stderr', text: string): Promise<string> {
  const input = child[stream];
  if (!input) throw new Error(`${stream} is not piped`);
  return new Promise((settle, fail) => {
    createInterface({ input }).on('line', (line) => {
      if (line.includes(text)) settle(line);
    });
    child.once('exit', (code) => fail(new Error(`ended with ${code} before it said: ${text}`)));
  });
}

async function firstPage(pages: () => Page[]): Promise<Page> {
  await expect.poll(() => pages().length).toBeGreaterThan(0);
  const [page] = pages();
  if (!page) throw new Error('the window is gone again');
  return page;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await exited;
  clearTimeout(late);
}
