import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAccessCommand } from '../../src-main/cli/access-command.ts';
import { millis } from '../../src-main/contract/units.ts';
import { openAccessFile } from '../../src-main/platform/access-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli } from './run-cli.ts';

async function withInput(input: string, ...args: string[]) {
  let stdout = '';
  const write = (text: string, done?: () => void): void => {
    stdout += text;
    done?.();
  };
  const code = await runAccessCommand(args, { stdout: { write }, stderr: { write }, stdin: [input] as never });
  return { code, stdout };
}

describe('flyrail access', () => {
  it('[RS19] makes a PIN and tells it once, takes one from standard input and does not tell it, lists none of them', async () => {
    const data = temporaryFolder();
    const made = await runCli('access', 'pin', 'set', '--role', 'view', '--json', '--data', data);
    const { role, pin } = JSON.parse(made.stdout) as { role: string; pin: string };
    expect([role, /^\d{6}$/.test(pin)]).toEqual(['view', true]);
    const given = await withInput('90517244\n', 'pin', 'set', '--role', 'edit', '--pin', '-', '--data', data);
    expect(given).toEqual({ code: 0, stdout: 'The PIN of edit is set.\n' });
    const list = await runCli('access', 'list', '--json', '--data', data);
    expect(JSON.parse(list.stdout)).toMatchObject({ pins: [{ role: 'view' }, { role: 'edit' }], paired: [] });
    expect(list.stdout).not.toContain(pin);
    expect((await runCli('access', 'pin', 'clear', '--role', 'view', '--data', data)).code).toBe(0);
    expect((await runCli('access', 'list', '--data', data)).stdout).toMatch(/^PIN +edit +since [^\n]+\n$/);
  });

  it('[RS29] revokes a paired page by the id that it lists, and no other', async () => {
    const data = temporaryFolder();
    const file = openAccessFile(join(data, 'access.json'));
    const page = { name: 'Phone', role: 'edit', record: 'r', since: millis(1), lastSeen: null } as const;
    const paired = [
      { ...page, id: 'one' },
      { ...page, id: 'two' },
    ];
    await file.update((records) => ({ ...records, paired }));
    expect(await runCli('access', 'revoke', 'one', '--data', data)).toMatchObject({ code: 0, stderr: '' });
    const list = await runCli('access', 'list', '--json', '--data', data);
    expect(JSON.parse(list.stdout)).toMatchObject({ paired: [{ id: 'two' }] });
    expect((await runCli('access', 'revoke', 'one', '--data', data)).code).toBe(2);
  });

  it('[RS19] refuses what it cannot use and says what was expected', async () => {
    const data = temporaryFolder();
    for (const [args, words] of [
      [[], 'expected pin set, pin clear, revoke ID or list, found nothing'],
      [['pin', 'set'], '--role: expected one of view, control, edit'],
      [['pin', 'set', '--role', 'boss'], '--role: expected one of'],
      [['pin', 'set', '--role', 'view', '--pin', '481623'], '--pin: expected -, and the PIN on standard input'],
      [['pin', 'clear', '--role', 'view'], 'The role view has no PIN'],
      [['revoke'], 'revoke ID or list, found revoke'],
      [['revoke', 'a', 'b'], 'revoke ID or list, found revoke a b'],
      [['revoke', 'a'], 'No page with this id is paired'],
    ] as const) {
      const { code, stderr } = await runCli('access', ...args, '--data', data);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
    await expect(withInput('123', 'pin', 'set', '--role', 'view', '--pin', '-', '--data', data)).rejects.toMatchObject({
      code: 'bad-value',
    });
    writeFileSync(join(data, 'access.json'), '{"pins":');
    const damaged = await runCli('access', 'list', '--data', data);
    expect([damaged.code, damaged.stderr]).toEqual([2, expect.stringContaining('Nobody is let in by PIN or pairing')]);
  });
});
