import type { Database } from 'better-sqlite3';
import type { JournalSetAside } from '../ports/journal-store.ts';
import { KeptDatabase, type DatabaseForm } from './kept-database.ts';
import { openOrSetAside } from './set-aside.ts';

export interface SalvagedForm<T> {
  readonly form: DatabaseForm;
  /** what its owner needs to know of an open one; throws where its content makes no sense */
  readonly read: (db: Database) => T;
  /** Puts what can be read of the damaged file at `from` into `db`, which is empty.
   *  @returns how many rows are back */
  readonly salvage: (from: string, db: Database) => number;
  /** see KeptDatabase */
  readonly beforeRemake?: () => void;
}

export interface OpenedSalvaged<T> {
  readonly kept: KeptDatabase;
  readonly found: T;
  readonly setAside: JournalSetAside | null;
}

/** Opens a database of ours. One that cannot be understood is put aside, never deleted, and a new one begins with what can
 *  be read of it.
 *  @param damage why it is to be put aside, where that is known already
 *  @throws SqliteError when the disk is at fault and not the content */
export function openSalvaged<T>(path: string, how: SalvagedForm<T>, damage?: Error): OpenedSalvaged<T> {
  let known = damage;
  const { opened, setAside } = openOrSetAside(path, (at) => {
    const cause = known;
    known = undefined;
    if (cause) throw cause;
    return openAndRead(at, how);
  });
  if (!setAside) return { ...opened, setAside };
  const { kept } = opened;
  return closingOnFailure(kept, ({ db }) => {
    const saved = db.transaction(() => how.salvage(setAside.path, db))();
    return { kept, found: how.read(db), setAside: { ...setAside, saved } };
  });
}

function openAndRead<T>(path: string, { form, read, beforeRemake }: SalvagedForm<T>) {
  const opened = new KeptDatabase(path, form, beforeRemake);
  return closingOnFailure(opened, (kept) => ({ kept, found: read(kept.db) }));
}

function closingOnFailure<T>(kept: KeptDatabase, run: (kept: KeptDatabase) => T): T {
  try {
    return run(kept);
  } catch (cause) {
    kept.close();
    throw cause;
  }
}
