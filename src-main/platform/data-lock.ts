import { join } from 'node:path';
import { UnavailableError } from '../contract/errors.ts';
import { holdLockFile } from './lock-file.ts';

/** Holds the folder for this process, by its file `lock`.
 *  @returns lets go
 *  @throws UnavailableError 'data-folder-in-use' | 'cannot-write-file' */
export function lockDataFolder(folder: string): () => void {
  const release = holdLockFile(lockPath(folder));
  if (release) return release;
  const message = `Another Flyrail uses the data folder ${folder}. Close it, or start this one with --data and another folder.`;
  throw new UnavailableError('data-folder-in-use', message, { folder });
}

/** Looking whether it is there is all that anybody else may do with it. */
export function lockPath(folder: string): string {
  return join(folder, 'lock');
}
