import { constants, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { UnavailableError } from '../contract/errors.ts';
import { systemReason } from './system-reason.ts';

/** Reads a whole regular file without changing anything about it.
 *  @throws UnavailableError 'cannot-read-file', also for what is no regular file or is larger than `bytesMax` */
export async function readWholeFile(path: string, bytesMax: number): Promise<Buffer> {
  try {
    // Looked at before it is opened, and opened without waiting: a pipe would hold us until somebody writes into it.
    assertRegular(await stat(path));
    const file = await open(path, readWithoutWaiting);
    try {
      const stats = await file.stat();
      assertRegular(stats);
      if (stats.size > bytesMax) throw new Error(`it is larger than ${Math.floor(bytesMax / 1024 / 1024)} MB`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new UnavailableError('cannot-read-file', `Cannot read ${path}: ${systemReason(cause)}.`, { path }, { cause });
  }
}

/** As `readWholeFile`; undefined when nothing is there. */
export async function tryReadWholeFile(path: string, bytesMax: number): Promise<Buffer | undefined> {
  try {
    return await readWholeFile(path, bytesMax);
  } catch (error) {
    if (error instanceof UnavailableError && isMissing(error.cause)) return undefined;
    throw error;
  }
}

/** Windows has no such flag, and nothing there that would need it. */
const readWithoutWaiting = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** @throws Error in words that follow "Cannot read …: " */
export function assertRegular(stats: Pick<Stats, 'isFile' | 'isDirectory'>): void {
  if (!stats.isFile()) throw new Error(stats.isDirectory() ? 'it is a folder' : 'it is not a file');
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
