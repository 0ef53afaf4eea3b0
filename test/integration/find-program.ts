import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program is installed; if not, the test that wants it says SKIPPED and how to get it. */
export function hasProgram(name: string, debianPackage: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const isThere = folders.some((folder) => isExecutable(join(folder, name)));
  if (!isThere) process.stderr.write(`SKIPPED: ${name} is not installed (Debian package ${debianPackage}).\n`);
  return isThere;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
