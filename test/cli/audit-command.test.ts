import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli } from './run-cli.ts';

describe('flyrail audit', () => {
  it('[AU5] prints the newest entries, as words or as they are kept, on one line each', async () => {
    const data = temporaryFolder();
    const entries = Array.from({ length: 60 }, (_, n) => ({
      at: `t${n}`,
      what: 'session-opened',
      name: 'a\u001b[2Jb',
    }));
    writeFileSync(join(data, 'audit.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    const words = await runCli('audit', '--data', data, '--last', '2');
    expect(words).toMatchObject({ code: 0, stderr: '' });
    expect(
      words.stdout
        .split('\n')
        .slice(0, 2)
        .map((line) => line.slice(0, 21)),
    ).toEqual(['t58  session-opened  ', 't59  session-opened  ']);
    expect(words.stdout).not.toContain('\u001b');
    const json = await runCli('audit', '--data', data, '--json');
    expect(
      json.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(entries.slice(-50));
    expect(json.stdout).not.toContain('\u001b');
    expect((await runCli('audit', '--data', temporaryFolder())).stdout).toBe('');
    expect((await runCli('audit', '--help')).stdout).toContain('--last N');
  });

  it.each([
    [['all'], 'expected flags only, found all'],
    [['--last', '0'], '--last 0: expected 1 to 100000'],
    [['--last', 'x'], '--last x: expected 1 to 100000'],
    [['--data', ''], '--data: expected a path'],
    [['--who'], '--who'],
  ])('[AU5] refuses %j and says what was expected', async (args, words) => {
    const run = await runCli('audit', ...args);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(words);
  });
});
