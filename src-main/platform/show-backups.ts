import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupEntry } from '../contract/engine-api.ts';
import { InputError, UnavailableError } from '../contract/errors.ts';
import { showExtension } from '../contract/show-ref.ts';
import { millis, type Millis } from '../contract/units.ts';
import { makeFolder } from './make-folder.ts';
import { readWholeFile } from './read-file.ts';
import { replaceFile } from './replace-file.ts';
import { showFileBytesMax } from './show-file.ts';
import { systemReason } from './system-reason.ts';

export interface BackupOrder {
  readonly showId: string;
  readonly showName: string;
  readonly at: Millis;
  /** how many backups of this show stay, this one included */
  readonly keep: number;
}

/** Backups of all shows together; the oldest go first. */
export const backupsMax = 2_000;

/** `20261121T151609.123Z~Gala~<show id>.flyrail`: sorted by name is sorted by time. */
const fileName = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z~([^~/\\]*)~([A-Za-z0-9_-]{1,64})\.flyrail$/;

interface Backup extends BackupEntry {
  readonly showId: string;
}

/** Keeps the bytes of a show file, unless they equal the newest backup of that show, and lets the oldest go. A folder
 *  that somebody deleted is made again.
 *  @throws UnavailableError 'cannot-write-file' */
export async function keepBackup(folder: string, bytes: Buffer, order: BackupOrder): Promise<void> {
  if (order.keep <= 0) return;
  remakeFolder(folder);
  const kept = await listBackups(folder);
  const newest = kept.find((backup) => backup.showId === order.showId);
  if (newest?.sizeBytes === bytes.length && (await readBackup(folder, newest.id)).equals(bytes)) return;
  await replaceFile(join(folder, freeName(kept, order)), bytes);
  await prune(folder, order);
}

/** newest first */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = (await namesIn(folder))
    .filter((name) => fileName.test(name))
    .toSorted()
    .toReversed();
  const backups = await Promise.all(names.map((name) => backupOf(folder, name)));
  return backups.filter((backup) => backup !== undefined);
}

/** @throws InputError 'unknown-id', UnavailableError 'cannot-read-file' */
export async function readBackup(folder: string, id: string): Promise<Buffer> {
  const name = `${id}${showExtension}`;
  // The pattern admits no separator, so an id from outside cannot leave the folder.
  if (!fileName.test(name) || !(await namesIn(folder)).includes(name)) {
    throw new InputError('unknown-id', 'This backup is not there any more. Look at the list again.', { id });
  }
  return readWholeFile(join(folder, name), showFileBytesMax);
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function remakeFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    const message = `Cannot make the folder ${folder}: ${systemReason(cause)}.`;
    throw new UnavailableError('cannot-write-file', message, { path: folder }, { cause });
  }
}

/** Names are unique to the millisecond: a second backup of one instant takes the next. */
function freeName(kept: readonly Backup[], { at, showName, showId }: BackupOrder): string {
  const taken = new Set(kept.map((backup) => backup.madeAt));
  let free = Math.floor(at);
  while (taken.has(millis(free))) free++;
  const time = new Date(free).toISOString().replace(/[-:]/g, '');
  // Cut to stay within the 255 bytes of a file name; the show inside has its whole name.
  const name = showName.replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 40);
  return `${time}~${name}~${showId}${showExtension}`;
}

async function prune(folder: string, { showId, keep }: BackupOrder): Promise<void> {
  const kept = await listBackups(folder);
  const tooMany = [...kept.filter((backup) => backup.showId === showId).slice(keep), ...kept.slice(backupsMax)];
  for (const { id } of tooMany) await rm(join(folder, `${id}${showExtension}`), { force: true });
}

async function backupOf(folder: string, name: string): Promise<Backup | undefined> {
  const [, year, month, day, hour, minute, second, showName = '', showId = ''] = fileName.exec(name) ?? [];
  const stats = await stat(join(folder, name)).catch(() => undefined);
  const madeAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!stats?.isFile() || Number.isNaN(madeAt)) return undefined;
  return { id: name.slice(0, -showExtension.length), showName, madeAt: millis(madeAt), sizeBytes: stats.size, showId };
}
