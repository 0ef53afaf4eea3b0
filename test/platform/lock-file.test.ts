import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockDataFolder, lockPath } from '../../src-main/platform/data-lock.ts';
import { takeFileTurn } from '../../src-main/platform/file-turn.ts';
import { makeFolder } from '../../src-main/platform/make-folder.ts';
import { makeLockFile } from '../../src-main/platform/lock-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('what Flyrail makes on the disk', () => {
  it('[TK43] is for its owner alone: folders, and the files that locks are on', async () => {
    const root = join(temporaryFolder(), 'a', 'b');
    makeFolder(root);
    expect([modeOf(root), modeOf(join(root, '..'))]).toEqual([0o700, 0o700]);
    const unlock = await takeFileTurn(join(root, 'tokens.json.lock'));
    const release = lockDataFolder(root);
    expect([modeOf(join(root, 'tokens.json.lock')), modeOf(lockPath(root))]).toEqual([0o600, 0o600]);
    unlock();
    release();
  });

  it('[TK43] takes a lock that an older Flyrail left open to others, as it is', () => {
    const path = join(temporaryFolder(), 'lock');
    writeFileSync(path, 'left');
    chmodSync(path, 0o644);
    makeLockFile(path);
    expect([modeOf(path), readFileSync(path, 'utf8')]).toEqual([0o600, 'left']);
  });

  it('[TK43] drops no lock that this process holds, and says where none can be made', () => {
    const root = temporaryFolder();
    const release = lockDataFolder(root);
    makeLockFile(lockPath(root));
    const lock = 'new (require("better-sqlite3"))(process.argv[1], { timeout: 0 }).exec("BEGIN EXCLUSIVE")';
    const other = () => spawnSync(process.execPath, ['-e', lock, lockPath(root)], { encoding: 'utf8' });
    expect([other().status, other().stderr]).toEqual([1, expect.stringContaining('SQLITE_BUSY')]);
    release();
    expect(other()).toMatchObject({ status: 0, stderr: '' });
    expect(() => {
      makeLockFile(join(root, 'nowhere', 'lock'));
    }).toThrow(/ENOENT/);
  });
});
