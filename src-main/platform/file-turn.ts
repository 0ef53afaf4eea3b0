import { setTimeout as delay } from 'node:timers/promises';
import { holdLockFile } from './lock-file.ts';
import { cannotWrite } from './writing.ts';

const withinMs = 10_000;
const everyMs = 20;

/** Waits until nobody else changes a file, in whatever process.
 *  @param path of the lock itself, beside the file
 *  @returns ends the turn
 *  @throws UnavailableError 'cannot-write-file' after 10 s */
export async function takeFileTurn(path: string): Promise<() => void> {
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    const release = holdLockFile(path);
    if (release) return release;
    if (waitedMs >= withinMs) throw cannotWrite(`Cannot lock ${path}`, new Error('another program holds it'), { path });
    await delay(everyMs);
  }
}
