import { statSync } from 'node:fs';
import process from 'node:process';
import type { Log } from '../ports/log.ts';

/** Says so when others on this machine may read a file that opens this router. On Windows its mode says nothing of others. */
export function warnIfReadable(path: string, log: Log): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  log.warn('others on this machine may read a file with secrets: chmod 600 keeps them out', { path });
}
