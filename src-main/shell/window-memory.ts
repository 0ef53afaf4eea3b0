import { readFile } from 'node:fs/promises';
import { replaceFile } from '../platform/replace-file.ts';
import type { WindowPlace } from './window-place.ts';

/** Keeps the window's place over restarts, in a file. */
export interface WindowMemory {
  /** @returns what was kept, unchecked; undefined for nothing */
  readonly recall: () => Promise<unknown>;
  /** Written soon; of several in a row the last one. */
  readonly keep: (place: WindowPlace) => void;
  /** Settles when everything that was to be kept is on the disk, or cannot be. */
  readonly settled: () => Promise<void>;
}

const quietMs = 400;

/** @param onFailed hears why the place could not be written; the next start then opens at the place before */
export function createWindowMemory(path: string, onFailed: (error: unknown) => void): WindowMemory {
  let newest: WindowPlace | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  return {
    recall: async () => {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as unknown;
      } catch {
        return undefined;
      }
    },
    keep: (place) => {
      newest = place;
      clearTimeout(timer);
      timer = setTimeout(write, quietMs);
    },
    settled: () => {
      write();
      return writing;
    },
  };

  function write(): void {
    clearTimeout(timer);
    if (!newest) return;
    const text = JSON.stringify(newest);
    newest = undefined;
    writing = writing.then(() => replaceFile(path, text)).catch(onFailed);
  }
}
