import type { BackupEntry, ShowRef } from '../src-main/contract/engine-api.ts';
import { InputError, UnavailableError } from '../src-main/contract/errors.ts';
import { formatShow } from '../src-main/contract/parse-show.ts';
import { applyEdit } from '../src-main/contract/show-edit.ts';
import { sameShowRef, showNameProblem, showRefText } from '../src-main/contract/show-ref.ts';
import type { ShowDocument } from '../src-main/contract/show.ts';
import { millis } from '../src-main/contract/units.ts';
import type { SavedShow, SaveRequest, ShowOnDisk, ShowStore, WorkingShow } from '../src-main/ports/show-store.ts';

interface MemoryFile {
  readonly ref: ShowRef;
  readonly document: ShowDocument;
  readonly modifiedAt: number;
}

/** What outlives a restart: hand it to the next store. */
export interface MemoryDisk {
  working: WorkingShow | null;
  layings: number;
  files: MemoryFile[];
  backups: (BackupEntry & { readonly showId: string; readonly document: ShowDocument })[];
}

export function emptyDisk(): MemoryDisk {
  return { working: null, layings: 0, files: [], backups: [] };
}

/** A store without a disk. `faults` takes a method's name and makes its next call fail; `beforeSave` can hold a save up. */
export class MemoryShowStore implements ShowStore {
  readonly disk: MemoryDisk;
  readonly faults = new Map<keyof ShowStore, Error>();
  readonly saves: SaveRequest[] = [];
  beforeSave: () => Promise<void> = () => Promise.resolve();
  openElsewhere: ShowOnDisk['openElsewhere'] = null;
  closed = false;

  constructor(disk = emptyDisk()) {
    this.disk = disk;
  }

  async load(): ReturnType<ShowStore['load']> {
    this.#check('load');
    return Promise.resolve({ working: this.disk.working, setAside: null });
  }

  async replace({ document, revision, saved }: Parameters<ShowStore['replace']>[0]): Promise<string> {
    this.#check('replace');
    const laying = `laying ${++this.disk.layings}`;
    this.disk.working = { document, revision, cursor: revision, base: revision, journal: [], made: [], saved, laying };
    return Promise.resolve(laying);
  }

  async commit({ apply, forget, keep, made, ...progress }: Parameters<ShowStore['commit']>[0]): Promise<void> {
    this.#check('commit');
    const before = this.#working();
    const journal = before.journal.filter(({ id }) => !forget.includes(id));
    const { document } = applyEdit(before.document, apply);
    const remembered = before.made.filter(({ revision }) => revision > (made?.forgetTo ?? 0));
    this.disk.working = {
      ...before,
      ...progress,
      document,
      journal: keep ? [...journal, keep] : journal,
      made: made ? [...remembered, { id: made.id, revision: made.revision }] : remembered,
    };
    return Promise.resolve();
  }

  async save(request: SaveRequest): Promise<SavedShow> {
    this.saves.push(request);
    await this.beforeSave();
    this.#check('save');
    const { document, cursor, saved } = this.#working();
    const ref = this.#resolve(request.to);
    const file = this.#file(ref);
    if (file) {
      const own = saved !== null && sameShowRef(saved.ref, ref);
      if (!own && !request.overwrite) throw new InputError('show-exists', 'It is there already.');
      const unchanged = own && saved.mark === formatShow(file.document);
      if (!unchanged && request.onlyIfUnchanged)
        throw new InputError('show-changed-on-disk', 'It was changed by another program.');
      if (!unchanged || request.backup) {
        const { id, settings } = file.document;
        const keep = id === document.id ? request.backupsKeep : settings.backupsKeep;
        this.#keep(file.document, request.at, unchanged ? keep : Math.max(1, keep));
      }
    }
    const done: SavedShow = { ref: file?.ref ?? ref, mark: formatShow(document), cursor, at: request.at };
    this.writeFile(done.ref, document, request.at);
    this.disk.working = { ...this.#working(), saved: done };
    return done;
  }

  async read(ref: ShowRef): Promise<ShowOnDisk> {
    this.#check('read');
    const file = this.#file(this.#resolve(ref));
    if (!file) throw new UnavailableError('cannot-read-file', `Cannot read ${showRefText(ref)}: it is not there.`);
    const { document, modifiedAt } = file;
    const mark = formatShow(document);
    return Promise.resolve({
      ref: file.ref,
      document,
      mark,
      modifiedAt: millis(modifiedAt),
      openElsewhere: this.openElsewhere,
    });
  }

  async list(recent: Parameters<ShowStore['list']>[0]): ReturnType<ShowStore['list']> {
    const named = this.disk.files.filter(({ ref }) => 'name' in ref);
    const inDataFolder = named
      .map(({ ref, modifiedAt }) => ({ ref, name: showRefText(ref), modifiedAt: millis(modifiedAt), present: true }))
      .toSorted((left, right) => left.name.localeCompare(right.name));
    const entries = recent.map(({ ref, name }) => {
      const file = this.#file(ref);
      return { ref, name, modifiedAt: file ? millis(file.modifiedAt) : null, present: file !== undefined };
    });
    return Promise.resolve({ inDataFolder, recent: entries });
  }

  async keepBackup({ of, at, keep }: Parameters<ShowStore['keepBackup']>[0]): Promise<void> {
    this.#check('keepBackup');
    const { document, saved } = this.#working();
    const file = saved && this.#file(saved.ref);
    if (of === 'working') this.#keep(document, at, Math.max(1, keep));
    else if (file) this.#keep(file.document, at, keep);
    return Promise.resolve();
  }

  async listBackups(): Promise<readonly BackupEntry[]> {
    const newestFirst = this.disk.backups.toReversed();
    return Promise.resolve(
      newestFirst.map(({ id, showName, madeAt, sizeBytes }) => ({ id, showName, madeAt, sizeBytes })),
    );
  }

  async readBackup(id: string): Promise<ShowDocument> {
    const backup = this.disk.backups.find((each) => each.id === id);
    if (!backup) throw new InputError('unknown-id', 'This backup is not there any more.');
    return Promise.resolve(backup.document);
  }

  async close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** As another program would. */
  writeFile(ref: ShowRef, document: ShowDocument, modifiedAt = 0): void {
    this.disk.files = [...this.disk.files.filter((file) => !sameShowRef(file.ref, ref)), { ref, document, modifiedAt }];
  }

  #check(method: keyof ShowStore): void {
    const fault = this.faults.get(method);
    this.faults.delete(method);
    if (fault) throw fault;
  }

  #working(): WorkingShow {
    if (!this.disk.working) throw new Error('nothing is on the table');
    return this.disk.working;
  }

  #resolve(ref: ShowRef): ShowRef {
    const problem =
      'name' in ref ? showNameProblem(ref.name) : ref.path.endsWith('.flyrail') ? undefined : 'not a show file';
    if (problem) throw new InputError('bad-arguments', problem);
    return ref;
  }

  #file(ref: ShowRef): MemoryFile | undefined {
    return this.disk.files.find((file) => sameShowRef(file.ref, ref));
  }

  #keep(document: ShowDocument, at: number, keep: number): void {
    const { backups } = this.disk;
    const newest = backups.findLast(({ showId }) => showId === document.id);
    if (keep <= 0 || (newest && formatShow(newest.document) === formatShow(document))) return;
    const entry = { id: `${backups.length}-${at}`, showName: document.name, madeAt: millis(at), sizeBytes: 1 };
    const all = [...backups, { ...entry, showId: document.id, document }];
    const own = all.filter(({ showId }) => showId === document.id).slice(-keep);
    this.disk.backups = all.filter((backup) => backup.showId !== document.id || own.includes(backup));
  }
}
