import type { BackupEntry, ShowListing, ShowRef } from '../contract/engine-api.ts';
import type { Edit } from '../contract/show-edit.ts';
import type { ShowDocument } from '../contract/show.ts';
import type { Millis } from '../contract/units.ts';
import type { RecentShow } from './engine-settings.ts';

/** Keeps the working copy, the show files and their backups. What a method acknowledges survives kill -9 and power loss;
 *  a call that rejects changed nothing. Documents are plain data and are not changed after they were handed over.
 *  Calls may overlap: `commit` never waits for a file to be written, all others happen one after the other. */
export interface ShowStore {
  /** What the last process left behind; call it once, before all else but `read`. */
  load(): Promise<LoadedShow>;
  /** Puts another show on the table, with an empty journal whose base and cursor are its revision.
   *  @returns what it is known by for as long as it is there: no other show ever is, not even the same one laid again
   *  @throws UnavailableError 'cannot-write-file' */
  replace(next: NextShow): Promise<string>;
  /** Applies one edit, undo or redo to the working copy.
   *  @throws UnavailableError 'cannot-write-file' */
  commit(change: WorkingChange): Promise<void>;
  /** Writes the working copy, as it is when the turn comes, to a show file that is replaced whole, and remembers it.
   *  @throws InputError 'show-exists' | 'show-changed-on-disk' | 'bad-arguments' (name or path)
   *  @throws UnavailableError 'cannot-write-file' */
  save(request: SaveRequest): Promise<WrittenShow>;
  /** Reads a show file and touches nothing.
   *  @throws InputError 'not-a-show' | 'show-newer' | 'show-damaged' | 'bad-arguments' (name or path)
   *  @throws UnavailableError 'cannot-read-file' */
  read(ref: ShowRef): Promise<ShowOnDisk>;
  list(recent: readonly RecentShow[]): Promise<ShowListing>;
  /** Keeps a copy beside the working copy; one that equals the show's newest backup is not kept twice.
   *  @throws UnavailableError 'cannot-write-file' */
  keepBackup(request: BackupRequest): Promise<void>;
  /** newest first */
  listBackups(): Promise<readonly BackupEntry[]>;
  /** @throws InputError 'unknown-id' | 'not-a-show' | 'show-newer' | 'show-damaged' */
  readBackup(id: string): Promise<ShowDocument>;
  /** Waits for what runs. Nothing may be called afterwards. */
  close(): Promise<void>;
}

/** One entry of the command journal; its id is the revision it led to when it was made. */
export interface JournalEntry {
  readonly id: number;
  readonly edit: Edit;
  readonly inverse: Edit;
}

/** An edit that may be asked for again, and the revision that it led to. */
export interface MadeEdit {
  readonly id: string;
  readonly revision: number;
}

/** Where the working copy stands. `cursor` is the id of the last entry that is applied, or `base` when none is. */
export interface WorkingProgress {
  /** counts every change of the document, also undo, redo and another show; never goes back */
  readonly revision: number;
  readonly cursor: number;
  readonly base: number;
}

export interface WorkingChange extends WorkingProgress {
  /** leads from the document as it is to the one of this revision */
  readonly apply: Edit;
  /** journal entries that go */
  readonly forget: readonly number[];
  /** the journal entry that comes */
  readonly keep: JournalEntry | null;
  /** Kept with the change, for when it is asked for again; what was made at `forgetTo` or before is kept no longer.
   *  Absent where that cannot happen. */
  readonly made?: MadeEdit & { readonly forgetTo: number };
}

export interface SavedShow {
  /** as resolved: a path inside the data folder's shows becomes a name, a name takes the spelling of its file */
  readonly ref: ShowRef;
  /** stands for the content of the file; another content has another mark */
  readonly mark: string;
  /** the cursor of the working copy when it was written: equal cursors mean that nothing is unsaved */
  readonly cursor: number;
  readonly at: Millis;
}

export interface WrittenShow extends SavedShow {
  /** why the file that was replaced could not be kept as a backup; absent when all is well */
  readonly backupProblem?: string;
}

export interface WorkingShow extends WorkingProgress {
  readonly document: ShowDocument;
  /** oldest first */
  readonly journal: readonly JournalEntry[];
  /** oldest first; of this laying only */
  readonly made: readonly MadeEdit[];
  /** the file it belongs to; null while it has none */
  readonly saved: SavedShow | null;
  /** as `replace` returned it */
  readonly laying: string;
}

export interface LoadedShow {
  /** null on the first start */
  readonly working: WorkingShow | null;
  /** a working copy that could not be read and where it was put aside; null when all is well */
  readonly setAside: { readonly path: string; readonly reason: string } | null;
}

export interface NextShow {
  readonly document: ShowDocument;
  readonly revision: number;
  readonly saved: SavedShow | null;
}

export interface SaveRequest {
  readonly to: ShowRef;
  readonly at: Millis;
  /** replaces a file that is not this show's own */
  readonly overwrite: boolean;
  /** refuses with 'show-changed-on-disk' when the file is not as this show last read or wrote it */
  readonly onlyIfUnchanged: boolean;
  /** keeps the file that is replaced; it is kept in any case when it is not as this show last read or wrote it */
  readonly backup: boolean;
  /** how many backups of this show stay; of another show that is replaced, as many as that one keeps */
  readonly backupsKeep: number;
}

export interface ShowOnDisk {
  readonly ref: ShowRef;
  readonly document: ShowDocument;
  readonly mark: string;
  readonly modifiedAt: Millis;
  /** a living Flyrail that has it open, as far as can be known */
  readonly openElsewhere: { readonly pid: number; readonly host: string } | null;
}

export interface BackupRequest {
  /** 'working': the working copy as it stands. 'file': the file it belongs to, byte for byte; without one nothing is kept. */
  readonly of: 'working' | 'file';
  readonly at: Millis;
  /** how many backups of this show stay; of unsaved work at least one does */
  readonly keep: number;
}
