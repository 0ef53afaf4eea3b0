import { mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { portUsers } from '../../../src-main/platform/serial/port-users.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { skipUnless } from '../../skip-unless.ts';

describe('who has a port open', () => {
  skipUnless(process.platform === 'linux', 'only Linux tells');

  it('[DU33] is named by its program and its process', async () => {
    const folder = temporaryFolder();
    const [mine, free] = [join(folder, 'mine'), join(folder, 'free')];
    const file = await open(mine, 'w');
    const users = await portUsers([mine, free, join(folder, 'missing')]);
    expect([...users.keys()]).toEqual([mine]);
    expect(users.get(mine)?.pid).toBe(process.pid);
    expect(users.get(mine)?.program).not.toBe('');
    await file.close();
    expect((await portUsers([mine])).size).toBe(0);
  });

  it('[DU45] is ourselves where we have it too, whatever numbers the system gives; else the lowest number', async () => {
    const folder = temporaryFolder();
    const [port, users] = [join(folder, 'port'), join(folder, 'proc')];
    await writeFile(port, '');
    for (const [pid, program] of [
      ['900', 'socat'],
      ['1000', 'flyrail'],
      ['99', 'modem'],
    ] as const) {
      const files = join(users, pid, 'fd');
      await mkdir(files, { recursive: true });
      await writeFile(join(users, pid, 'comm'), `${program}\n`);
      await symlink(port, join(files, '3'));
    }
    const userOf = async (ownPid: number) => (await portUsers([port], { folder: users, ownPid })).get(port);
    expect(await userOf(1000)).toEqual({ pid: 1000, program: 'flyrail' });
    expect(await userOf(5)).toEqual({ pid: 99, program: 'modem' });
  });
});
