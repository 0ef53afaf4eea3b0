import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { z } from 'zod';
import { until } from '../until.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
export const builtCommand = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));

/** The first line of `flyrail serve --json`, exactly. */
export const readyEvent = z.strictObject({
  event: z.literal('ready'),
  pid: z.int().min(2),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  show: z.strictObject({ name: z.string().min(1), file: z.string().nullable(), unsaved: z.boolean() }),
  clasp: z.strictObject({ url: z.string().regex(/^ws:\/\/127\.0\.0\.1:\d+\/clasp$/) }),
  transports: z.array(z.strictObject({ name: z.string(), url: z.string(), waitingFor: z.string().optional() })).min(1),
  rendezvous: z.strictObject({ url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/) }).nullable(),
  ui: z.strictObject({ url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/) }).nullable(),
  bridges: z.array(z.strictObject({ id: z.string(), kind: z.string(), url: z.string(), status: z.string() })),
});
export type ReadyEvent = z.infer<typeof readyEvent>;

const anyEvent = z.looseObject({ event: z.string() });
export type AnyEvent = z.infer<typeof anyEvent>;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly tookMs: number;
}

/** A program under test: the built product, or npm with the product below it. */
export interface FlyrailProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly end: Promise<ProcessEnd>;
  stdout(): string;
  stderr(): string;
  /** the whole lines of stdout so far, parsed; throws on a line that is no event */
  events(): readonly AnyEvent[];
  /** the first line, exactly shaped */
  ready(): Promise<ReadyEvent>;
  event(name: string, holds?: (event: AnyEvent) => boolean): Promise<AnyEvent>;
  /** SIGTERM unless another is named. */
  stop(signal?: NodeJS.Signals): Promise<ProcessEnd>;
}

interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** what runs in place of this Node with the built product */
  readonly command?: readonly string[];
  readonly cwd?: string;
}

const open = new Set<ChildProcessByStdio<null, Readable, Readable>>();
const products = new Set<number>();
afterEach(() => {
  for (const child of open) child.kill('SIGKILL');
  open.clear();
  for (const pid of products) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  products.clear();
});

/** Starts `flyrail` with these arguments; what is still there after the test is killed, by its pid. */
export function startFlyrail(args: readonly string[], options: StartOptions = {}): FlyrailProcess {
  const [program = '', ...before] = options.command ?? [process.execPath, builtCommand];
  const startedAt = performance.now();
  const env = { ...cleanEnv(), ...options.env };
  const child = spawn(program, [...before, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    cwd: options.cwd ?? repository,
  });
  open.add(child);
  const kept = { stdout: '', stderr: '' };
  let ended: ProcessEnd | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (kept.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (kept.stderr += text));
  const end = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => {
      open.delete(child);
      ended = { code, signal, tookMs: performance.now() - startedAt };
      resolve(ended);
    });
  });
  const events = () => parseLines(kept.stdout);
  const settled = async (what: string, condition: () => boolean): Promise<void> => {
    await until(what, () => condition() || ended !== undefined, 25_000);
    if (!condition()) throw new Error(`ended (${ended?.code}) before ${what}:\n${kept.stdout}\n${kept.stderr}`);
  };
  return {
    child,
    end,
    stdout: () => kept.stdout,
    stderr: () => kept.stderr,
    events,
    ready: async () => {
      await settled('the first line', () => kept.stdout.includes('\n'));
      const ready = readyEvent.parse(events()[0]);
      products.add(ready.pid);
      return ready;
    },
    event: async (name, holds = () => true) => {
      const find = () => events().find((each) => each.event === name && holds(each));
      await settled(`the event ${name}`, () => find() !== undefined);
      return anyEvent.parse(find());
    },
    stop: async (signal = 'SIGTERM') => {
      const from = performance.now();
      child.kill(signal);
      return { ...(await end), tookMs: performance.now() - from };
    },
  };
}

/** `flyrail serve --json` on free ports, with this data folder. */
export function startServe(data: string, more: readonly string[] = [], options: StartOptions = {}): FlyrailProcess {
  return startFlyrail(['serve', '--json', '--port', '0', '--ui-port', '0', '--data', data, ...more], options);
}

/** Runs it to its end. */
export async function runFlyrail(args: readonly string[], options: StartOptions = {}) {
  const flyrail = startFlyrail(args, options);
  const { code } = await flyrail.end;
  return { code, stdout: flyrail.stdout(), stderr: flyrail.stderr() };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Without what npm and the test runner add, and with this Node first. */
function cleanEnv(): NodeJS.ProcessEnv {
  const added = /^(npm_|INIT_CWD$|NODE_OPTIONS$|NODE_ENV$|DISPLAY$|WAYLAND_DISPLAY$|ELECTRON_|FLYRAIL_|VITEST)/i;
  const kept = Object.entries(process.env).filter(([name]) => !added.test(name));
  return { ...Object.fromEntries(kept), PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
}

function parseLines(text: string): AnyEvent[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => anyEvent.parse(JSON.parse(line)));
}
