import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
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

  it('[SL36] is this process where it has it too', async () => {
    const path = join(temporaryFolder(), 'shared');
    const file = await open(path, 'w');
    const child = spawn('sleep', ['60'], { stdio: ['ignore', file.fd, 'ignore'] });
    await once(child, 'spawn');
    for (const own of [process.pid, child.pid]) expect((await portUsers([path], own)).get(path)?.pid).toBe(own);
    child.kill();
    await file.close();
  });
});
