import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { makeLockFile } from './lock-file.ts';
import { cannotWrite } from './writing.ts';

const withinMs = 10_000;
const everyMs = 20;

/** Waits until nobody else changes a file, in whatever process: SQLite's lock, which the system drops with the process, so
 *  it is never stale.
 *  @param path of the lock itself, beside the file
 *  @returns ends the turn
 *  @throws UnavailableError 'cannot-write-file' after 10 s */
export async function takeFileTurn(path: string): Promise<() => void> {
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    let db: Database.Database | undefined;
    try {
      makeLockFile(path);
      db = new Database(path, { timeout: 0 });
      db.pragma('journal_mode = MEMORY');
      db.exec('BEGIN EXCLUSIVE');
      const held = db;
      return () => held.close();
    } catch (cause) {
      db?.close();
      const isBusy = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY');
      if (!isBusy || waitedMs >= withinMs) throw cannotWrite(`Cannot lock ${path}`, cause, { path });
    }
    await delay(everyMs);
  }
}
