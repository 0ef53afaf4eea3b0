import { chmodSync, writeFileSync } from 'node:fs';

/** Makes the file that a lock of SQLite is on, for its owner alone: whoever may read it may lock it, and so keep a token from being
 *  revoked. Nothing is opened that is there already: to close it would drop a lock of this process.
 *  @throws Error of the system, with its code */
export function makeLockFile(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    chmodOwn(path);
  }
}

/** One that was made by an older Flyrail. Somebody else's stays as it is. */
function chmodOwn(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch {
    // The lock itself will say what is wrong.
  }
}
