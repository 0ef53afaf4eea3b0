import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';

const headless = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));
const stopLimitMs = 5_000;

/** The first line of `flyrail serve --json`. */
export interface ReadyEvent {
  readonly event: 'ready';
  readonly pid: number;
  readonly version: string;
  readonly show: unknown;
  readonly clasp: { readonly url: string };
  readonly ui: { readonly url: string };
  readonly transports: readonly { readonly name: string; readonly url: string }[];
  readonly bridges: readonly {
    readonly id: string;
    readonly kind: string;
    readonly url: string;
    readonly status: string;
  }[];
}

export interface Serving {
  readonly ready: ReadyEvent;
  /** every line of stdout so far, parsed */
  readonly events: readonly { readonly event: string }[];
  /** what went to stderr so far */
  log(): string;
  /** SIGTERM, then SIGKILL if it hangs; safe to repeat. @returns the exit code, null when a signal ended it */
  stop(): Promise<number | null>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A headless engine of the built product on free ports. @param args more of the command line, `--data` included */
export async function startServing(args: readonly string[]): Promise<Serving> {
  const line = [headless, 'serve', '--json', '--port', '0', '--ui-port', '0', ...args];
  const child = spawn(process.execPath, line, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const log = () => Buffer.concat(errors).toString();
  const events: { event: string }[] = [];
  const ready = await new Promise<ReadyEvent>((settle, fail) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const event = JSON.parse(text) as { event: string };
      events.push(event);
      if (event.event === 'ready') settle(event as ReadyEvent);
    });
    void exited.then(() => fail(new Error(`flyrail serve ended before it was ready:\n${log()}`)), fail);
  });
  return { ready, events, log, stop: () => stop(child, exited) };
}

interface ServeFixtures {
  /** an empty folder of this test's own, removed afterwards */
  readonly dataDir: string;
  /** an engine on that folder, stopped afterwards */
  readonly serving: Serving;
}

/** A test with a headless engine behind it. */
export const test = base.extend<ServeFixtures>({
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'flyrail-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  serving: async ({ dataDir }, use) => {
    const serving = await startServing(['--data', dataDir]);
    await use(serving);
    await serving.stop();
  },
});

export { expect } from '@playwright/test';

async function stop(child: Child, exited: Promise<unknown[]>): Promise<number | null> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await exited;
  clearTimeout(late);
  return child.exitCode;
}
