import { accessSync, constants, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { lockDataFolder } from './data-lock.ts';
import { dataPaths, defaultDataFolder, type DataPaths } from './data-paths.ts';
import { makeFolder } from './make-folder.ts';
import { sweepBeside } from './replace-file.ts';
import { writing } from './writing.ts';

export interface DataFolder extends DataPaths {
  /** Lets another Flyrail have it. */
  release(): void;
}

/** Opens the data folder for this process alone, and makes what is missing in it.
 *  @param path absolute or relative to the working directory; the platform's application data folder without it
 *  @throws UnavailableError 'data-folder-in-use' | 'cannot-write-file' */
export function openDataFolder(path = defaultDataFolder()): DataFolder {
  const paths = dataPaths(resolve(path));
  for (const folder of [paths.root, paths.shows, paths.working, paths.backups]) makeWritable(folder);
  const release = lockDataFolder(paths.root);
  for (const folder of [paths.root, paths.shows, paths.backups]) sweepBeside(folder);
  // What is half written there may be a private key.
  if (existsSync(paths.certificates)) sweepBeside(paths.certificates);
  return { ...paths, release };
}

/** SQLite would open what is read-only, and refuse later in words that name neither the folder nor the cause. */
function makeWritable(folder: string): void {
  const use = (): void => {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK);
  };
  writing(`Cannot use the data folder ${folder}`, use, { path: folder });
}
