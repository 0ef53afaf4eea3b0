import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder and what is missing above it, one by one: Node's own recursive way never ends where the system says
 *  "not there" of a folder whose parent is there, as below /proc. For the owner alone: what is kept there would else be read by
 *  others on this machine, whatever their tokens say.
 *  @param path absolute
 *  @throws Error of the system, with its code */
export function makeFolder(path: string): void {
  for (const folder of missingFolders(path)) makeOne(folder);
}

/** Outermost first. */
function missingFolders(path: string): string[] {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) {
    missing.push(at);
    // A drive that is not there is its own parent.
    if (dirname(at) === at) break;
  }
  return missing.toReversed();
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
