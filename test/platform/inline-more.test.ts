import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { inliningFlags } from '../../src-main/platform/inline-more.ts';

/** What Node says of flags that are set in a running process. */
function saidOf(flags: readonly string[]): string {
  const script = `for (const flag of ${JSON.stringify(flags)}) require('node:v8').setFlagsFromString(flag);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  return stdout + stderr;
}

describe('what the compiler is asked for', () => {
  it('[TM6] is known to this Node, which would complain of anything else', () => {
    expect(saidOf(inliningFlags)).toBe('');
    expect(saidOf(['--max-inlined-bytecode-size-of-nothing=1'])).toContain('of-nothing');
  });
});
