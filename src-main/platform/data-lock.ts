import { join } from 'node:path';
import Database from 'better-sqlite3';
import { UnavailableError } from '../contract/errors.ts';
import { makeLockFile } from './lock-file.ts';
import { cannotWrite } from './writing.ts';

/** Holds the folder for this process. The lock is SQLite's on the file `lock`, which the operating system drops when the
 *  process ends in whatever way, so a lock is never stale. Nothing else in this process may open that file: on POSIX
 *  systems closing any other handle of it would drop the lock.
 *  @returns lets go
 *  @throws UnavailableError 'data-folder-in-use' | 'cannot-write-file' */
export function lockDataFolder(folder: string): () => void {
  const path = lockPath(folder);
  let db: Database.Database | undefined;
  try {
    makeLockFile(path);
    db = new Database(path, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db?.close();
    throw refusal(folder, path, cause);
  }
  const held = db;
  return () => held.close();
}

/** Looking whether it is there is all that anybody else may do with it. */
export function lockPath(folder: string): string {
  return join(folder, 'lock');
}

function refusal(folder: string, path: string, cause: unknown): UnavailableError {
  if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
    return new UnavailableError(
      'data-folder-in-use',
      `Another Flyrail uses the data folder ${folder}. Close it, or start this one with --data and another folder.`,
      { folder },
      { cause },
    );
  }
  return cannotWrite(`Cannot lock ${path}`, cause, { path });
}
