import { renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { messageOf } from '../contract/errors.ts';

export interface SetAside {
  readonly path: string;
  readonly reason: string;
}

/** Opens a database of our own; one that cannot be understood is put aside, never deleted, so that Flyrail starts all the
 *  same.
 *  @throws SqliteError when the disk is at fault and not the content */
export function openOrSetAside<T>(path: string, open: (path: string) => T): { opened: T; setAside: SetAside | null } {
  try {
    return { opened: open(path), setAside: null };
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause;
    const aside = `${path}.unreadable-${new Date().toISOString().replace(/[-:.]/g, '')}`;
    for (const suffix of ['', '-wal', '-shm']) moveIfThere(`${path}${suffix}`, `${aside}${suffix}`);
    return { opened: open(path), setAside: { path: aside, reason: messageOf(cause) } };
  }
}

/** Whether the content is at fault, and not the disk, which may be back at the next start. Tables that are not as we made
 *  them are plain errors for SQLite: `no such column`. */
function isUnreadable(cause: unknown): boolean {
  if (!(cause instanceof Database.SqliteError)) return true;
  return ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR'].some((code) => cause.code.startsWith(code));
}

function moveIfThere(from: string, to: string): void {
  if (!statSync(from, { throwIfNoEntry: false })) return;
  rmSync(to, { force: true });
  renameSync(from, to);
}
