import { posix, win32 } from 'node:path';
import type { ShowState } from '../contract/engine-api.ts';

/** The state of the show for a client that may not see paths: of a file outside the data folder, its name alone, which
 *  keeps its extension and so looks like no name in the data folder. */
export function withoutPath(show: ShowState): ShowState {
  const { file, saveProblem } = show;
  if (file === null || !isPath(file)) return show;
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return { ...show, file: name, saveProblem: saveProblem?.replaceAll(file, name) ?? null };
}

/** The names that the data folder knows hold no separators. */
function isPath(file: string): boolean {
  return posix.isAbsolute(file) || win32.isAbsolute(file);
}
