import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPaths, type DataPaths } from '../src-main/platform/data-paths.ts';

/** An empty folder that goes when the tests of the file are done. */
export function temporaryFolder(): string {
  return makeIn(parent());
}

/** The same on a disk that takes its time, so that a kill meets writes under way. */
export function folderOnDisk(): string {
  return makeIn(tmpdir());
}

/** The folders of a data folder, made but not locked. */
export function temporaryDataPaths(): DataPaths {
  const paths = dataPaths(temporaryFolder());
  for (const folder of [paths.shows, paths.working, paths.backups]) mkdirSync(folder);
  return paths;
}

/** Linux's disk in memory: thousands of commits do not wait for the machine's disk there, which other tests keep busy. A
 *  process that is killed leaves the same behind on either. */
const inMemory = '/dev/shm';
const roomNeeded = 512 * 1024 * 1024;

function parent(): string {
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= roomNeeded ? inMemory : tmpdir();
  } catch {
    return tmpdir();
  }
}

function makeIn(folder: string): string {
  const path = mkdtempSync(join(folder, 'flyrail-'));
  made.push(path);
  return path;
}

const made: string[] = [];

/** After every test file, by `after-each-file.ts`: a hook here would run for the first of those alone that share this module. */
export function removeTemporaryFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
