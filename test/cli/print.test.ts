import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { LineOutput } from '../../src-main/cli/command-io.ts';
import { print } from '../../src-main/cli/print.ts';
import { runCommand } from '../../src-main/cli/run-command.ts';

/** An output that fails as a stream does: to the call, and to whoever listens. */
function failing(code: string | undefined): LineOutput & { text: string } {
  const listeners: ((error: Error) => void)[] = [];
  const output = {
    text: '',
    on: (_event: 'error', run: (error: Error) => void) => listeners.push(run),
    write: (text: string, done?: (error?: Error | null) => void) => {
      if (code === undefined) {
        output.text += text;
        return done?.();
      }
      const error = Object.assign(new Error('write failed'), { code });
      done?.(error);
      if (listeners.length === 0) throw error;
      for (const run of listeners) run(error);
    },
  };
  return output;
}

describe('what a command prints', () => {
  it('[CL19] is out when it is done, and a reader that went away had what it wanted', async () => {
    const stdout = failing(undefined);
    await print(stdout, 'words');
    expect(stdout.text).toBe('words');
    for (const code of ['EPIPE', 'EOF']) await print(failing(code), 'words');
  });

  it('[CL19] leaves nothing behind at its output, however many lines it is', async () => {
    const stdout = new PassThrough().resume();
    for (let n = 0; n < 20; n++) await print(stdout, 'line\n');
    expect(stdout.listenerCount('error')).toBe(0);
  });

  it('[CL19] is refused when it cannot be written, in one line', async () => {
    await expect(print(failing('ENOSPC'), 'words')).rejects.toMatchObject({
      code: 'cannot-write-file',
      message: 'Cannot write to standard output: the disk is full.',
    });
    for (const args of [['--help'], ['--version'], ['show', '--help'], ['serve', '--help']]) {
      const stderr = failing(undefined);
      expect(await runCommand(args, { stdout: failing('ENOSPC'), stderr }), args.join(' ')).toBe(2);
      expect(stderr.text).toBe('flyrail: Cannot write to standard output: the disk is full.\n');
      expect(await runCommand(args, { stdout: failing('EPIPE'), stderr: failing('EPIPE') })).toBe(0);
    }
  });

  it('[CL19] leaves the exit code when nobody reads the refusal either', async () => {
    expect(await runCommand(['sing'], { stdout: failing('EPIPE'), stderr: failing('EPIPE') })).toBe(2);
  });
});
