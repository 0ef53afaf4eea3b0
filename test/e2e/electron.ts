import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, test as base, type ElectronApplication } from '@playwright/test';
import { messageOf } from '../../src-main/contract/errors.ts';
import { findElectron } from '../../scripts/start/find-electron.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ElectronFixtures {
  /** an empty folder of this test's own, removed afterwards */
  readonly dataDir: string;
  /** Starts the built app; what is still running at the end of the test is closed. */
  readonly launch: (options?: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  }) => Promise<ElectronApplication>;
}

/** A test in real Electron; skipped, with the reason, where there is no display or no runtime. */
export const test = base.extend<ElectronFixtures>({
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'flyrail-electron-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  launch: async ({ dataDir }, use) => {
    const whyNot = process.env['FLYRAIL_E2E_NO_ELECTRON'];
    base.skip(whyNot !== undefined, whyNot ?? '');
    const running = new Map<ElectronApplication, ChildProcess>();
    await use(async ({ args = [], env = {} } = {}) => {
      const target = launchTarget(args, dataDir);
      const app = await launchOnceMore({ ...target, env: { ...inheritedEnv(), ...env }, cwd: root, timeout: 40_000 });
      running.set(app, app.process());
      app.once('close', () => running.delete(app));
      return app;
    });
    for (const [app, child] of running) await end(app, child);
  },
});

export { expect } from '@playwright/test';

/** Finds (or fetches) a runtime before the tests; their workers read the outcome from the environment. */
export async function provideElectron(): Promise<void> {
  if (process.env['FLYRAIL_ELECTRON']) return;
  const found = await findElectron(root);
  if ('path' in found) process.env['FLYRAIL_E2E_ELECTRON'] = found.path;
  else process.env['FLYRAIL_E2E_NO_ELECTRON'] = found.whyNot;
}

/** FLYRAIL_ELECTRON holds the built app already; a bare runtime is given the folder of this repository. */
export function launchTarget(args: readonly string[], dataDir: string): { executablePath: string; args: string[] } {
  const withApp = process.env['FLYRAIL_ELECTRON'];
  const executablePath = withApp ?? process.env['FLYRAIL_E2E_ELECTRON'] ?? 'electron';
  const app = withApp ? [] : [root];
  // Nothing is to be sent on the network of the machine that runs the tests.
  const ours = [`--data=${dataDir}`, '--port=0', '--discovery=off'];
  return { executablePath, args: ['--no-sandbox', '--disable-gpu', ...ours, ...app, ...args] };
}

/** One start in about three hundred never reaches Playwright, which then would wait for the end of the test: the second
 *  try counts, and what the first one said is told. */
async function launchOnceMore(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    process.stderr.write(`electron did not start, tried once more: ${messageOf(error)}\n`);
    return _electron.launch(options);
  }
}

function inheritedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => name !== 'ELECTRON_RUN_AS_NODE'));
}

/** Ends it without the questions that a quit asks about unsaved work: nobody would answer them. */
async function end(app: ElectronApplication, child: ChildProcess): Promise<void> {
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  const closed = app.waitForEvent('close', { timeout: 10_000 }).catch(() => undefined);
  await app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => undefined);
  await closed;
  clearTimeout(late);
}
