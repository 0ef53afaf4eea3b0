import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { ProgramStarter } from '../../src-main/platform/program-starter.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { isRunning } from '../is-running.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

const starters: ProgramStarter[] = [];
afterEach(async () => {
  for (const starter of starters.splice(0)) await starter.close();
});

function start() {
  const starter = new ProgramStarter(createSystemClock());
  starters.push(starter);
  const file = join(temporaryFolder(), 'said');
  const program = (script: string): string => {
    const path = join(temporaryFolder(), 'a program');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  return { starter, file, program, said: () => (existsSync(file) ? readFileSync(file, 'utf8') : '') };
}

describe('Starter of programs', () => {
  skipUnless(process.platform === 'linux', 'looks for processes as Linux lists them');

  it('[TC37] starts a program again and again from one process, which is not this one', async () => {
    const { starter, file, program, said } = start();
    const path = program(`echo $PPID >>${file}; echo "no device $1" >&2; exit 1`);
    for (let time = 0; time < 3; time++)
      expect(await starter.run(path, ['hw:7']).ended).toEqual({ words: 'no device hw:7\n', hasRun: true });
    const parents = said().trim().split('\n').map(Number);
    expect(parents).toHaveLength(3);
    expect(new Set(parents).size).toBe(1);
    expect(parents[0]).not.toBe(process.pid);
    await starter.run(path, ['hw:8']).ended;
    const other = Number(said().trim().split('\n').at(-1));
    expect(other).not.toBe(parents[0]);
    expect(isRunning(other)).toBe(true);
    await starter.close();
    expect([...parents, other].filter(isRunning)).toEqual([]);
  });

  it('[TC37] gives path and arguments as they are, and says what cannot be run', async () => {
    const { starter, file, program, said } = start();
    const odd = ['$(touch x)', '`id`', "it's", 'a "b" \\c', '灯;rm -rf', '', '-n', 'two\nlines', '*'];
    await starter.run(program(`printf '%s\\0' "$@" >${file}`), odd).ended;
    expect(said().split('\0').slice(0, -1)).toEqual(odd);
    expect((await starter.run('/nowhere/arecord', []).ended).hasRun).toBe(false);
    writeFileSync(file, '');
    expect((await starter.run(file, []).ended).hasRun).toBe(false);
  });

  it('[TC37] gives no program what was written for the one before', async () => {
    const { starter, file, program, said } = start();
    const path = program(
      `[ -e ${file} ] || { echo first >${file}; exit 1; }; read -r word; echo "read $word" >${file}`,
    );
    const first = starter.run(path, []);
    first.stdin.write('old\n');
    await first.ended;
    const second = starter.run(path, []);
    second.stdin.write('new\n');
    await second.ended;
    expect(said()).toBe('read new\n');
  });

  it('[TC38] leaves nothing behind when its owner is killed, and nothing of it when it is closed', async () => {
    const { file, program, said } = start();
    const path = program(`echo $$ $PPID >>${file}; exec "$@"`);
    const entry = (name: string): string =>
      JSON.stringify(join(import.meta.dirname, `../../src-main/platform/${name}`));
    const script = `import { ProgramStarter } from ${entry('program-starter.ts')};
      import { createSystemClock } from ${entry('system-clock.ts')};
      for (const command of ['cat', 'yes']) new ProgramStarter(createSystemClock()).run(${JSON.stringify(path)}, [command]);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    await until('both programs', () => said().split('\n').length === 3);
    const pids = said().trim().split(/\s/).map(Number);
    expect(pids.map(isRunning)).toEqual([true, true, true, true]);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await until('their end', () => !pids.some(isRunning));
  });
});
