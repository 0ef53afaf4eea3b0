import { createWriteStream, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createOutputLines, outputBacklogMax } from '../../src-main/cli/output-lines.ts';
import type { LineOutput } from '../../src-main/cli/command-io.ts';

/** An output whose reader is as the test says. */
function output() {
  const reader = {
    text: '',
    writableLength: 0,
    failure: undefined as Error | undefined,
    write: (text: string, done?: (error?: Error | null) => void) => {
      if (!reader.failure) reader.text += text;
      done?.(reader.failure);
    },
  } satisfies LineOutput & Record<string, unknown>;
  return reader;
}

describe('the lines of a command that goes on', () => {
  it('[CL69] are left out and counted while more than 1 MB waits for the reader', async () => {
    const stdout = output();
    const lines = createOutputLines(stdout);
    expect(lines.write('a\n')).toBe(true);
    stdout.writableLength = outputBacklogMax + 1;
    expect([lines.write('b\n'), lines.write('c\n')]).toEqual([false, false]);
    stdout.writableLength = 0;
    expect(lines.write('d\n')).toBe(true);
    await lines.flush();
    expect([stdout.text, lines.leftOut()]).toEqual(['a\nd\n', 2]);
  });

  it('[CL69] may wait as far as their command says', () => {
    const stdout = output();
    const lines = createOutputLines(stdout, 3 * outputBacklogMax);
    stdout.writableLength = 3 * outputBacklogMax;
    expect(lines.write('a\n')).toBe(true);
    stdout.writableLength++;
    expect(lines.write('b\n')).toBe(false);
  });

  it('[CL69] end when the reader has gone', async () => {
    const stdout = output();
    const lines = createOutputLines(stdout);
    stdout.failure = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    lines.write('a\n');
    await lines.readerGone;
    await lines.flush();
  });

  it('[CL69] are refused on a full disk', async ({ skip }) => {
    skip(!existsSync('/dev/full'), 'no /dev/full here');
    const lines = createOutputLines(createWriteStream('/dev/full'));
    lines.write('a\n');
    const refusal = { code: 'cannot-write-file', message: 'Cannot write to standard output: the disk is full.' };
    await expect(lines.readerGone).rejects.toMatchObject(refusal);
    await expect(lines.flush()).rejects.toMatchObject(refusal);
  });
});
