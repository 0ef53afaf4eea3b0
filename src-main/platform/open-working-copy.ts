import { renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { messageOf } from '../contract/errors.ts';
import type { LoadedShow, WorkingShow } from '../ports/show-store.ts';
import { WorkingCopy } from './working-copy.ts';

export interface OpenedCopy {
  readonly copy: WorkingCopy;
  readonly show: WorkingShow | undefined;
  readonly setAside: LoadedShow['setAside'];
}

/** Opens the working copy; one that cannot be understood is put aside, never deleted, so that Flyrail starts all
 *  the same.
 *  @throws SqliteError when the disk is at fault and not the content */
export function openWorkingCopy(path: string): OpenedCopy {
  try {
    return { ...openAndLoad(path), setAside: null };
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause;
    const aside = `${path}.unreadable-${new Date().toISOString().replace(/[-:.]/g, '')}`;
    for (const suffix of ['', '-wal', '-shm']) moveIfThere(`${path}${suffix}`, `${aside}${suffix}`);
    return { ...openAndLoad(path), setAside: { path: aside, reason: messageOf(cause) } };
  }
}

function openAndLoad(path: string): { copy: WorkingCopy; show: WorkingShow | undefined } {
  const copy = new WorkingCopy(path);
  try {
    return { copy, show: copy.load() };
  } catch (cause) {
    copy.close();
    throw cause;
  }
}

/** Whether the content is at fault, and not the disk, which may be back at the next start. */
function isUnreadable(cause: unknown): boolean {
  if (!(cause instanceof Database.SqliteError)) return true;
  return cause.code.startsWith('SQLITE_CORRUPT') || cause.code.startsWith('SQLITE_NOTADB');
}

function moveIfThere(from: string, to: string): void {
  if (!statSync(from, { throwIfNoEntry: false })) return;
  rmSync(to, { force: true });
  renameSync(from, to);
}
