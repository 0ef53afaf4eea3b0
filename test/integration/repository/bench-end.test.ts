import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { skipUnless } from '../../skip-unless.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';
import { hasProgram, notInstalled } from '../find-program.ts';
import { startProgram } from './run-program.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

describe('a bench run', () => {
  skipUnless(process.platform === 'linux', 'only Linux tells the children of a process in /proc');

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '[BN34] that %s interrupts stops its servers and its load before it ends',
    async (signal) => {
      const { children, child, end } = await startBench();
      child.kill(signal);
      const { code, stderr } = await end;
      expect(code).toBe(1);
      expect(stderr).toContain(`interrupted by ${signal}`);
      expect(children.filter(isRunning)).toEqual([]);
    },
  );

  it('[BN34] that is killed takes its servers along', async ({ skip }) => {
    skip(!hasProgram('setpriv'), notInstalled('setpriv', 'util-linux'));
    // One that ends neither when its output is closed nor when its parent goes.
    const script = `const { ServerProcess } = await import('./test/bench/targets/server-process.ts');
      console.log('server', new ServerProcess(['sleep', '1000']).pid);`;
    const command = [process.execPath, '--input-type=module', '-e', script];
    const { child, shows } = startProgram(command, { cwd: repository, env: process.env });
    await shows('server');
    const children = childrenOf(child.pid ?? 0);
    expect(children.filter(isRunning)).toHaveLength(1);
    child.kill('SIGKILL');
    await until('the end of the server', () => children.filter(isRunning).length === 0, 20_000);
  });
});

/** A run when its load and its first server are there. */
async function startBench() {
  const command = [process.execPath, 'test/bench/run-bench.ts', 'quick', 'fan-out'];
  const { child, end } = startProgram(command, { cwd: repository, env: { ...process.env, TMPDIR: temporaryFolder() } });
  let children: number[] = [];
  await until('load and server', () => (children = childrenOf(child.pid ?? 0)).length === 2, 60_000);
  return { child, end, children };
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => statusOf(pid)?.parent === parent);
}

/** One that nobody has asked about since it ended runs no more. */
function isRunning(pid: number): boolean {
  const state = statusOf(pid)?.state;
  return state !== undefined && state !== 'Z';
}

function statusOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    // Behind the name, which may hold anything, in brackets.
    const [state = '', parent] =
      readFileSync(join('/proc', String(pid), 'stat'), 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
