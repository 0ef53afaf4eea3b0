import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BackupEntry, ShowListing, ShowRef } from '../contract/engine-api.ts';
import { AppError, BugError, InputError, messageOf, UnavailableError } from '../contract/errors.ts';
import { sameShowRef } from '../contract/show-ref.ts';
import type { ShowDocument } from '../contract/show.ts';
import { millis } from '../contract/units.ts';
import type { RecentShow } from '../ports/engine-settings.ts';
import type {
  BackupRequest,
  LoadedShow,
  NextShow,
  SavedShow,
  SaveRequest,
  ShowOnDisk,
  ShowStore,
  WorkingChange,
  WrittenShow,
} from '../ports/show-store.ts';
import { lockDataFolder, lockPath } from './data-lock.ts';
import type { DataPaths } from './data-paths.ts';
import { makeFolder } from './make-folder.ts';
import { readWholeFile, tryReadWholeFile } from './read-file.ts';
import { replaceFile } from './replace-file.ts';
import { keepBackup, listBackups, readBackup } from './show-backups.ts';
import { formatShowFile, markOf, parseShowFile, showFileBytesMax } from './show-file.ts';
import { settleSave } from './settle-save.ts';
import { openElsewhere, realShowPath, removeMarker, setMarker } from './show-marker.ts';
import { listShows, placeOf, type ShowPlace } from './show-places.ts';
import { systemReason } from './system-reason.ts';
import { createTurns } from './turns.ts';
import { openWorkingCopy, type OpenedCopy } from './open-working-copy.ts';
import type { WorkingCopy } from './working-copy.ts';

type StorePaths = Pick<DataPaths, 'shows' | 'working' | 'backups'>;

/** The store on the disk of this machine, for the thread that it may stall: every commit waits for the disk.
 *  The data folder is this process's alone (see data-folder.ts). */
export class DiskShowStore implements ShowStore {
  readonly #paths: StorePaths;
  readonly #inTurn = createTurns();
  #copy: WorkingCopy | undefined;
  #marked: string | undefined;
  #unlock: () => void = () => undefined;

  constructor(paths: StorePaths) {
    this.#paths = paths;
  }

  load(): Promise<LoadedShow> {
    return this.#inTurn(async () => {
      const { working } = this.#paths;
      const open = (): OpenedCopy => openWorkingCopy(join(working, 'show.sqlite'), () => this.#claimAgain());
      const { copy, show, setAside } = writing(open, `Cannot use the working copy in ${working}`);
      this.#copy = copy;
      if (!show) return { working: null, setAside };
      await settleSave(this.#paths, copy);
      const { saved } = copy.held;
      await this.#mark(saved ? (await this.#place(saved.ref)).path : undefined);
      return { working: { ...show, saved }, setAside };
    });
  }

  replace(next: NextShow): Promise<void> {
    return this.#inTurn(async () => {
      const place = next.saved && (await this.#place(next.saved.ref));
      writing(() => {
        this.#working.replace(next);
      });
      await this.#mark(place?.path);
    });
  }

  // Not in turn: it is done when it returns, between any two steps of the others.
  async commit(change: WorkingChange): Promise<void> {
    writing(() => {
      this.#working.commit(change);
    });
  }

  save(request: SaveRequest): Promise<WrittenShow> {
    return this.#inTurn(() => this.#save(request));
  }

  read(ref: ShowRef): Promise<ShowOnDisk> {
    return this.#inTurn(async () => {
      const place = await this.#place(ref);
      const file = parseShowFile(await readWholeFile(place.path, showFileBytesMax), place.path);
      const modifiedAt = millis((await stat(place.path)).mtimeMs);
      return { ref: place.ref, ...file, modifiedAt, openElsewhere: await openElsewhere(place.path) };
    });
  }

  list(recent: readonly RecentShow[]): Promise<ShowListing> {
    return this.#inTurn(() => listShows(this.#paths.shows, recent));
  }

  keepBackup({ of, at, keep }: BackupRequest): Promise<void> {
    return this.#inTurn(async () => {
      const { document, saved } = this.#working.held;
      const order = { showId: document.id, showName: document.name, at };
      const { backups } = this.#paths;
      if (of === 'working') {
        await keepBackup(backups, formatShowFile(document), { ...order, keep: Math.max(1, keep) });
        return;
      }
      const bytes = saved && (await tryReadWholeFile((await this.#place(saved.ref)).path, showFileBytesMax));
      if (bytes) await keepBackup(backups, bytes, { ...order, keep });
    });
  }

  listBackups(): Promise<readonly BackupEntry[]> {
    return this.#inTurn(async () => {
      const backups = await listBackups(this.#paths.backups);
      return backups.map(({ id, showName, madeAt, sizeBytes }) => ({ id, showName, madeAt, sizeBytes }));
    });
  }

  readBackup(id: string): Promise<ShowDocument> {
    return this.#inTurn(
      async () => parseShowFile(await readBackup(this.#paths.backups, id), `The backup ${id}`).document,
    );
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#mark(undefined);
      this.#copy?.close();
      this.#copy = undefined;
      this.#unlock();
    });
  }

  get #working(): WorkingCopy {
    if (!this.#copy) throw new BugError('The show store was used before it was loaded.');
    return this.#copy;
  }

  #place(ref: ShowRef): Promise<ShowPlace> {
    return placeOf(this.#paths.shows, ref);
  }

  async #save(request: SaveRequest): Promise<WrittenShow> {
    const place = await this.#place(request.to);
    const backupProblem = await this.#makeWay(place, request);
    const working = this.#working;
    const { document, cursor } = working.held;
    const bytes = formatShowFile(document);
    const saved: SavedShow = { ref: place.ref, mark: markOf(bytes), cursor, at: request.at };
    writing(() => {
      working.beginSave(saved);
    });
    let done: SavedShow | null = null;
    try {
      // The folder of an operator's own path is not made: a stick that was pulled has none.
      if ('name' in place.ref) writing(() => makeFolder(this.#paths.shows), `Cannot write ${place.path}`);
      await replaceFile(place.path, bytes);
      done = saved;
    } finally {
      writing(() => {
        working.endSave(done);
      });
    }
    await this.#mark(place.path);
    return backupProblem === undefined ? saved : { ...saved, backupProblem };
  }

  /** Checks the file that is about to be replaced, and keeps it where that is called for.
   *  @returns why it could not be kept, where that does not stand in the way */
  async #makeWay({ ref, path }: ShowPlace, request: SaveRequest): Promise<string | undefined> {
    const bytes = await tryReadWholeFile(path, showFileBytesMax);
    if (!bytes) return undefined;
    const { saved, document } = this.#working.held;
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
    // What somebody else wrote is kept even by a show that keeps no backups.
    const keep = unchanged ? request.backupsKeep : Math.max(1, request.backupsKeep);
    // By its own name: what is replaced may be an older name of this show, or another show altogether.
    const { id: showId, name: showName } = tryParseShowFile(bytes, path) ?? document;
    const order = { showId, showName, at: request.at, keep };
    try {
      await keepBackup(this.#paths.backups, bytes, order);
      return undefined;
    } catch (error) {
      // What this show wrote itself is no reason to leave newer work unsaved.
      if (unchanged) return messageOf(error);
      throw error;
    }
  }

  /** A data folder that was deleted took its lock along: it is taken anew, before another Flyrail finds the folder free.
   *  @throws UnavailableError 'data-folder-in-use' when another was faster */
  #claimAgain(): void {
    const root = dirname(this.#paths.working);
    if (existsSync(lockPath(root))) return;
    this.#unlock();
    makeFolder(root);
    this.#unlock = lockDataFolder(root);
  }

  /** Moves the sign "open here" to this file. */
  async #mark(path: string | undefined): Promise<void> {
    // As it is now, so that the sign is found again should a link lead elsewhere meanwhile.
    const file = path === undefined ? undefined : await realShowPath(path);
    if (this.#marked !== undefined && this.#marked !== file) await removeMarker(this.#marked);
    this.#marked = file;
    if (file !== undefined) await setMarker(file);
  }
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

/** Gives what SQLite and the disk refuse a code and the operator's words. */
function writing<T>(run: () => T, failed = 'Cannot keep the change'): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new UnavailableError('cannot-write-file', `${failed}: ${systemReason(cause)}.`, {}, { cause });
  }
}
