import { chmodSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { writing } from './writing.ts';

/** Holds a lock file for this process, by a lock of SQLite on it: the operating system drops that when the process ends in whatever
 *  way, so it is never stale. Nothing else in this process may open the file: on POSIX systems closing any other handle of it
 *  would drop the lock.
 *  @returns lets go; undefined while another holds it
 *  @throws UnavailableError 'cannot-write-file' where it cannot be held at all */
export function holdLockFile(path: string): (() => void) | undefined {
  return writing(`Cannot lock ${path}`, () => tryLock(path), { path });
}

function tryLock(path: string): (() => void) | undefined {
  let db: Database.Database | undefined;
  try {
    makeLockFile(path);
    db = new Database(path, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  const held = db;
  return () => held.close();
}

/** Made for its owner alone: whoever may read it may lock it, and so keep a token from being revoked. Nothing is opened that is
 *  there already: to close it would drop a lock of this process. */
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
