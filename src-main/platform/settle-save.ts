import { basename, dirname } from 'node:path';
import type { DataPaths } from './data-paths.ts';
import { tryReadWholeFile } from './read-file.ts';
import { sweepBeside } from './replace-file.ts';
import { markOf, showFileBytesMax } from './show-file.ts';
import { placeOf } from './show-places.ts';
import type { WorkingCopy } from './working-copy.ts';

/** A kill may fall between replacing the file and noting it: the file itself says which of the two it was. */
export async function settleSave({ shows }: Pick<DataPaths, 'shows'>, copy: WorkingCopy): Promise<void> {
  const { saving } = copy;
  if (!saving) return;
  const { path } = await placeOf(shows, saving.ref);
  const bytes = await tryReadWholeFile(path, showFileBytesMax).catch(() => undefined);
  if (bytes) sweepBeside(dirname(path), basename(path));
  copy.endSave(bytes && markOf(bytes) === saving.mark ? saving : null);
}
