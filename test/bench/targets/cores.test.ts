import { execFileSync, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { skipUnless } from '../../skip-unless.ts';
import { loadCore, pinned, serverCore } from './cores.ts';

const hasCores = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0;

describe('the cores of the bench', () => {
  skipUnless(hasCores, 'one core only, or no taskset');
  it('[BN42] are all there for what the load starts between itself and the server, and one for a second server', () => {
    const seen = `console.log(require('node:fs').readFileSync('/proc/self/status','utf8').match(/Cpus_allowed_list:\\s*(.*)/)[1])`;
    const script = `
      import { execFileSync } from 'node:child_process';
      import { pinned, serverCore, unpinned } from ${JSON.stringify(new URL('cores.ts', import.meta.url).href)};
      for (const wrap of [(command) => unpinned(command), (command) => pinned(serverCore, command)]) {
        const [program, ...args] = wrap([process.execPath, '-e', ${JSON.stringify(seen)}]);
        process.stdout.write(execFileSync(program, args));
      }`;
    const [program = '', ...args] = pinned(loadCore, [process.execPath, '--input-type=module', '-e', script]);
    const lines = execFileSync(program, args, { encoding: 'utf8' }).trim().split('\n');
    expect(lines).toEqual([`0-${cpus().length - 1}`, String(serverCore)]);
  });
});
