import { AppError, InputError, messageOf } from '../contract/errors.ts';
import { sameShowRef } from '../contract/show-ref.ts';
import type { ShowDocument } from '../contract/show.ts';
import type { SavedShow, SaveRequest } from '../ports/show-store.ts';
import { tryReadWholeFile } from './read-file.ts';
import { keepBackup, type BackupOrder } from './show-backups.ts';
import { markOf, parseShowFile, showFileBytesMax } from './show-file.ts';
import type { ShowPlace } from './show-places.ts';

interface WayOptions {
  readonly place: ShowPlace;
  readonly request: SaveRequest;
  /** the show that is about to be written there */
  readonly held: { readonly document: ShowDocument; readonly saved: SavedShow | null };
  /** the folder */
  readonly backups: string;
}

/** Checks the file that is about to be replaced, and keeps it where that is called for.
 *  @returns why it could not be kept, where that does not stand in the way
 *  @throws InputError 'show-exists' | 'show-changed-on-disk', UnavailableError 'cannot-write-file' */
export async function makeWay({ place, request, held, backups }: WayOptions): Promise<string | undefined> {
  const { ref, path } = place;
  const bytes = await tryReadWholeFile(path, showFileBytesMax);
  if (!bytes) return undefined;
  const { saved, document } = held;
  const own = saved !== null && sameShowRef(saved.ref, ref);
  if (!own && !request.overwrite) {
    throw new InputError('show-exists', `${path} is there already. Choose another name, or replace it.`, { path });
  }
  const unchanged = own && markOf(bytes) === saved.mark;
  if (!unchanged && request.onlyIfUnchanged) {
    throw new InputError(
      'show-changed-on-disk',
      `${path} was changed by another program. Save to replace it; it is kept among the backups.`,
      { path },
    );
  }
  if (unchanged && !request.backup) return undefined;
  const keep = unchanged ? request.backupsKeep : Math.max(1, request.backupsKeep);
  try {
    await keepBackup(backups, bytes, { ...orderFor(bytes, path, { document, keep }), at: request.at });
    return undefined;
  } catch (error) {
    // What this show wrote itself is no reason to leave newer work unsaved.
    if (unchanged) return messageOf(error);
    throw error;
  }
}

/** What is replaced may be an older name of this show, or another show altogether, whose backups it is not for this one
 *  to thin out.
 *  @param usual the show that replaces it, and how many backups that one keeps */
function orderFor(
  bytes: Buffer,
  path: string,
  { document, keep }: { readonly document: ShowDocument; readonly keep: number },
): Omit<BackupOrder, 'at'> {
  const replaced = tryParseShowFile(bytes, path) ?? document;
  const { id: showId, name: showName, settings } = replaced;
  return { showId, showName, keep: showId === document.id ? keep : Math.max(1, settings.backupsKeep) };
}

/** The show in a file that is about to go; undefined when it holds none that can be read. */
function tryParseShowFile(bytes: Buffer, path: string): ShowDocument | undefined {
  try {
    return parseShowFile(bytes, path).document;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
