import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupEntry } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { showExtension } from '../contract/show-ref.ts';
import { millis, type Millis } from '../contract/units.ts';
import { formatBackupName, tryParseBackupName } from './backup-name.ts';
import { makeFolder } from './make-folder.ts';
import { readWholeFile } from './read-file.ts';
import { replaceFile } from './replace-file.ts';
import { showFileBytesMax } from './show-file.ts';
import { writing } from './writing.ts';

export interface BackupOrder {
  readonly showId: string;
  readonly showName: string;
  readonly at: Millis;
  /** how many backups of this show stay, this one included */
  readonly keep: number;
}

/** Backups of all shows together; the oldest go first. */
export const backupsMax = 2_000;

interface Backup extends BackupEntry {
  readonly showId: string;
}

/** Keeps the bytes of a show file, unless they equal the newest backup of that show, and lets the oldest go. A folder
 *  that somebody deleted is made again.
 *  @throws UnavailableError 'cannot-write-file' */
export async function keepBackup(folder: string, bytes: Buffer, order: BackupOrder): Promise<void> {
  if (order.keep <= 0) return;
  writing(`Cannot make the folder ${folder}`, () => makeFolder(folder), { path: folder });
  const kept = await listBackups(folder);
  const newest = kept.find((backup) => backup.showId === order.showId);
  if (newest?.sizeBytes === bytes.length && (await readBackup(folder, newest.id)).equals(bytes)) return;
  const { showId, showName } = order;
  await replaceFile(join(folder, formatBackupName({ showId, showName, madeAt: freeTime(kept, order.at) })), bytes);
  await prune(folder, kept, order);
}

/** newest first */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = (await namesIn(folder)).toSorted().toReversed();
  const backups = await Promise.all(names.map((name) => tryDescribe(folder, name)));
  return backups.filter((backup) => backup !== undefined);
}

/** @throws InputError 'unknown-id', UnavailableError 'cannot-read-file' */
export async function readBackup(folder: string, id: string): Promise<Buffer> {
  const name = `${id}${showExtension}`;
  // The names of backups have no separator, so an id from outside cannot leave the folder.
  if (!tryParseBackupName(name) || !(await namesIn(folder)).includes(name)) {
    throw new InputError('unknown-id', 'This backup is not there any more. Look at the list again.', { id });
  }
  return readWholeFile(join(folder, name), showFileBytesMax);
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Names are unique to the millisecond: a second backup of one instant takes the next. */
function freeTime(kept: readonly Backup[], at: Millis): Millis {
  const taken = new Set(kept.map((backup) => backup.madeAt));
  let free = Math.floor(at);
  while (taken.has(millis(free))) free++;
  return millis(free);
}

/** @param others without the one just made: that one stays, whatever the clock said when it was made */
async function prune(folder: string, others: readonly Backup[], { showId, keep }: BackupOrder): Promise<void> {
  const own = others.filter((backup) => backup.showId === showId);
  const tooMany = [...own.slice(keep - 1), ...others.slice(backupsMax - 1)];
  for (const { id } of tooMany) await rm(join(folder, `${id}${showExtension}`), { force: true });
}

async function tryDescribe(folder: string, fileName: string): Promise<Backup | undefined> {
  const parsed = tryParseBackupName(fileName);
  if (!parsed) return undefined;
  const stats = await stat(join(folder, fileName)).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return { ...parsed, id: fileName.slice(0, -showExtension.length), sizeBytes: stats.size };
}
