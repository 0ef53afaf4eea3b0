import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { sampleShow } from '../show-samples.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { builtCommand } from './flyrail-process.ts';

/** Runs a line of shell in which `$FLYRAIL` is the command. */
function shell(line: string): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, FLYRAIL: `${process.execPath} ${builtCommand}` };
  return new Promise((resolve) => {
    execFile('bash', ['-c', line], { env }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
  });
}

function bigShow(): string {
  const path = join(temporaryFolder(), 'big.flyrail');
  writeFileSync(path, formatShowFile(sampleShow('big', 2_000)));
  return path;
}

describe('the output of a command', () => {
  skipUnless(existsSync('/bin/bash'), 'no bash here');

  it('[CL19] ends quietly with 0 when its reader has had enough', async () => {
    const { stdout, stderr } = await shell(`$FLYRAIL show export ${bigShow()} | head -1; echo $\{PIPESTATUS[0]}`);
    expect({ stdout, stderr }).toEqual({ stdout: '{\n0\n', stderr: '' });
  });

  it('[CL19] on a full disk is refused with 2 and one line', async ({ skip }) => {
    skip(!existsSync('/dev/full'), 'no /dev/full here');
    for (const command of [`show export ${bigShow()}`, '--version', 'serve --help']) {
      const { stdout, stderr } = await shell(`$FLYRAIL ${command} > /dev/full; echo $? >&1`);
      expect({ command, stdout, stderr }).toEqual({
        command,
        stdout: '2\n',
        stderr: 'flyrail: Cannot write to standard output: the disk is full.\n',
      });
    }
  });

  it('[CL19] leaves the exit code when the refusal cannot be written either', async ({ skip }) => {
    skip(!existsSync('/dev/full'), 'no /dev/full here');
    expect(await shell(`$FLYRAIL sing > /dev/full 2> /dev/full; echo $?`)).toEqual({ stdout: '2\n', stderr: '' });
  });
});
