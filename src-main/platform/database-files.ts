import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type { Database } from 'better-sqlite3';
import { UnavailableError } from '../contract/errors.ts';
import { makeFolder } from './make-folder.ts';

/** Which files an open database writes to: its own and its write-ahead log; undefined for one that is not there. */
export interface DatabaseFiles {
  readonly main: string | undefined;
  readonly log: string | undefined;
}

/** What stands at the path now. */
export function databaseFiles(path: string): DatabaseFiles {
  return { main: identityOf(path), log: identityOf(`${path}-wal`) };
}

/** Whether the files that were opened are still the ones at the path: a deleted file takes every write without a word
 *  until its last handle is closed. */
export function isStillThere(path: string, opened: DatabaseFiles): boolean {
  const now = databaseFiles(path);
  return now.main === opened.main && now.log === opened.log;
}

/** Puts everything that an open database holds at its path again, flushed. The open one must be closed afterwards, once
 *  the new file is open: SQLite then leaves alone what stands at the path.
 *  @param opened what it was when it was opened
 *  @throws UnavailableError 'cannot-write-file' when another file has taken its place; that one is not touched
 *  @throws Error of the system; then the path is as it was */
export function remakeDatabase(db: Database, path: string, opened: DatabaseFiles): void {
  const { main } = databaseFiles(path);
  if (main !== undefined && main !== opened.main) {
    throw new UnavailableError(
      'cannot-write-file',
      `Cannot keep the change: another file was put in the place of ${path}. Save the show, then restart Flyrail.`,
      { path },
    );
  }
  const bytes = db.serialize();
  makeFolder(dirname(path));
  const beside = `${path}.remade`;
  writeFlushed(beside, bytes);
  // A log of the old file would be taken for one of the new.
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  renameSync(beside, path);
  flushFolder(dirname(path));
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

function writeFlushed(path: string, bytes: Buffer): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Without this the rename may be undone by a power cut. Windows cannot open folders and does not need it. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
