import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BackupEntry, ShowListing, ShowRef } from '../contract/engine-api.ts';
import { BugError } from '../contract/errors.ts';
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
import { makeWay } from './make-way.ts';
import { readWholeFile, tryReadWholeFile } from './read-file.ts';
import { replaceFile } from './replace-file.ts';
import { keepBackup, listBackups, readBackup } from './show-backups.ts';
import { formatShowFile, markOf, parseShowFile, showFileBytesMax } from './show-file.ts';
import { SerialQueue } from './serial-queue.ts';
import { settleSave } from './settle-save.ts';
import { openElsewhere, realShowPath, removeMarker, setMarker } from './show-marker.ts';
import { listShows, placeOf, type ShowPlace } from './show-places.ts';
import { openWorkingCopy, type OpenedCopy } from './open-working-copy.ts';
import type { WorkingCopy } from './working-copy.ts';
import { writing } from './writing.ts';

/** Calls that may wait at once, above what the commands and saves of an engine come to: beyond are lists that pages ask
 *  for without end. */
export const callsWaitingMax = 4_000;
const cannotKeep = 'Cannot keep the change';

type StorePaths = Pick<DataPaths, 'shows' | 'working' | 'backups'>;

/** The store on the disk of this machine, for the thread that it may stall: every commit waits for the disk.
 *  The data folder is this process's alone (see data-folder.ts). */
export class DiskShowStore implements ShowStore {
  readonly #paths: StorePaths;
  readonly #calls = new SerialQueue(callsWaitingMax);
  #copy: WorkingCopy | undefined;
  #marked: string | undefined;
  #unlock: () => void = () => undefined;

  constructor(paths: StorePaths) {
    this.#paths = paths;
  }

  load(): Promise<LoadedShow> {
    return this.#calls.run(async () => {
      const { working } = this.#paths;
      const open = (): OpenedCopy => openWorkingCopy(join(working, 'show.sqlite'), () => this.#claimAgain());
      const { copy, show, setAside } = writing(`Cannot use the working copy in ${working}`, open);
      this.#copy = copy;
      if (!show) return { working: null, setAside };
      await settleSave(this.#paths, copy);
      const { saved } = copy.held;
      await this.#mark(saved ? (await this.#place(saved.ref)).path : undefined);
      return { working: { ...show, saved }, setAside };
    });
  }

  replace(next: NextShow): Promise<string> {
    return this.#calls.run(async () => {
      const place = next.saved && (await this.#place(next.saved.ref));
      const laying = writing(cannotKeep, () => this.#working.replace(next));
      await this.#mark(place?.path);
      return laying;
    });
  }

  // Not in turn: it is done when it returns, between any two steps of the others.
  async commit(change: WorkingChange): Promise<void> {
    writing(cannotKeep, () => {
      this.#working.commit(change);
    });
  }

  save(request: SaveRequest): Promise<WrittenShow> {
    return this.#calls.run(() => this.#save(request));
  }

  read(ref: ShowRef): Promise<ShowOnDisk> {
    return this.#calls.run(async () => {
      const place = await this.#place(ref);
      const file = parseShowFile(await readWholeFile(place.path, showFileBytesMax), place.path);
      const modifiedAt = millis((await stat(place.path)).mtimeMs);
      return { ref: place.ref, ...file, modifiedAt, openElsewhere: await openElsewhere(place.path) };
    });
  }

  list(recent: readonly RecentShow[]): Promise<ShowListing> {
    return this.#calls.run(() => listShows(this.#paths.shows, recent));
  }

  keepBackup({ of, at, keep }: BackupRequest): Promise<void> {
    return this.#calls.run(async () => {
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
    return this.#calls.run(async () => {
      const backups = await listBackups(this.#paths.backups);
      return backups.map(({ id, showName, madeAt, sizeBytes }) => ({ id, showName, madeAt, sizeBytes }));
    });
  }

  readBackup(id: string): Promise<ShowDocument> {
    return this.#calls.run(
      async () => parseShowFile(await readBackup(this.#paths.backups, id), `The backup ${id}`).document,
    );
  }

  close(): Promise<void> {
    return this.#calls.run(async () => {
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
    const working = this.#working;
    const backupProblem = await makeWay({ place, request, held: working.held, backups: this.#paths.backups });
    const { document, cursor } = working.held;
    const bytes = formatShowFile(document);
    const saved: SavedShow = { ref: place.ref, mark: markOf(bytes), cursor, at: request.at };
    writing(cannotKeep, () => {
      working.beginSave(saved);
    });
    let done: SavedShow | null = null;
    try {
      // The folder of an operator's own path is not made: a stick that was pulled has none.
      if ('name' in place.ref) writing(`Cannot write ${place.path}`, () => makeFolder(this.#paths.shows));
      await replaceFile(place.path, bytes);
      done = saved;
    } finally {
      writing(cannotKeep, () => {
        working.endSave(done);
      });
    }
    await this.#mark(place.path);
    return backupProblem === undefined ? saved : { ...saved, backupProblem };
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
