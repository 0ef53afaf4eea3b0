import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { UnavailableError } from '../contract/errors.ts';
import type {
  JournalSetAside,
  PackedAnswers,
  PackedSignals,
  SignalBatch,
  SignalBounds,
  SignalPage,
  SignalQuery,
  SignalsAppended,
} from '../ports/journal-store.ts';
import { createAnswerTable, putAnswers, readAnswers, salvageAnswers } from './answer-table.ts';
import type { DatabaseForm, KeptDatabase } from './kept-database.ts';
import { makeFolder } from './make-folder.ts';
import { openSalvaged, type SalvagedForm } from './open-salvaged.ts';
import { salvageRows } from './salvage-rows.ts';
import { bytesPerCall, chunksPerCall, readPage } from './signal-pages.ts';
import { SignalPicker, storedBytes, storedSum } from './stored-signals.ts';

const form: DatabaseForm = {
  name: 'the journal of signals',
  // 'FLYS'
  applicationId: 0x464c5953,
  layout: 2,
  upgrades: { 1: createAnswerTable },
  create: (db) => {
    // The long column stands last, so that the others can be read without it.
    db.exec(`CREATE TABLE chunk (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, oldest REAL NOT NULL,
      newest REAL NOT NULL, size INTEGER NOT NULL, sum INTEGER NOT NULL, writers TEXT NOT NULL, signals BLOB NOT NULL) STRICT`);
    createAnswerTable(db);
  },
};
const columns = ['count', 'oldest', 'newest', 'size', 'sum', 'writers', 'signals'] as const;

/** what a row takes beside what it holds, about */
const rowBytes = 256;

/** What stands in it. */
interface Filling {
  /** number of the signal that comes next */
  readonly next: number;
  readonly sizeBytes: number;
}

/** Signals in an SQLite file of their own, in chunks: damage there does no harm to params, and what is deleted makes room
 *  for what comes. Made when it is first needed. */
export class DiskSignalStore {
  readonly #path: string;
  #kept: KeptDatabase | undefined;
  #filling: Filling = { next: 1, sizeBytes: 0 };
  #setAside: JournalSetAside | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  append(batch: SignalBatch): SignalsAppended {
    this.#mending(() => this.#append(batch));
    const setAside = this.#setAside;
    this.#setAside = null;
    return { setAside };
  }

  /** What was answered to requests whose signals are here. Nothing where it cannot be read: what is wrong with the disk is
   *  said when something is written. */
  answers(): PackedAnswers {
    if (!this.#isThere()) return noAnswers;
    try {
      return this.#mending(() => readAnswers(this.#open().db));
    } catch {
      return noAnswers;
    }
  }

  read(query: SignalQuery): SignalPage {
    if (!this.#isThere()) return { ...new SignalPicker(query).page(), rest: undefined, damaged: 0 };
    return this.#mending(() => readPage(this.#open().db, query, this.#filling.next));
  }

  /** @returns whether there is more to be deleted */
  prune(bounds: SignalBounds): boolean {
    return this.#isThere() && this.#mending(() => this.#prune(bounds));
  }

  close(): void {
    this.#kept?.close();
    this.#kept = undefined;
  }

  #isThere(): boolean {
    return this.#kept !== undefined || existsSync(this.#path);
  }

  #append({ chunks, answers, isDurable }: SignalBatch): void {
    const db = this.#open().writable();
    db.pragma(`synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`);
    const insert = db.prepare('INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    let { next, sizeBytes } = this.#filling;
    db.transaction(() => {
      for (const chunk of chunks) {
        const first = next + chunk.lost;
        const row = rowOf(chunk);
        insert.run(first, ...row.cells);
        next = first + chunk.ends.length;
        sizeBytes += row.size;
      }
      if (answers) putAnswers(db, answers);
    })();
    this.#filling = { next, sizeBytes };
  }

  #prune({ bytesMax, before }: SignalBounds): boolean {
    const db = this.#open().writable();
    const rows = db.prepare(`SELECT first, size, newest FROM chunk ORDER BY first LIMIT ${chunksPerCall}`).all() as {
      readonly first: number;
      readonly newest: number;
      readonly size: number;
    }[];
    const { next, sizeBytes: sizeBefore } = this.#filling;
    let sizeBytes = sizeBefore;
    let last: number | undefined;
    for (const { first, size, newest } of rows) {
      if (sizeBytes <= bytesMax && newest >= before) break;
      if (sizeBefore - sizeBytes >= bytesPerCall) break;
      last = first;
      sizeBytes -= size;
    }
    if (last === undefined) return false;
    db.pragma('synchronous = NORMAL');
    db.prepare('DELETE FROM chunk WHERE first <= ?').run(last);
    this.#filling = { next, sizeBytes };
    return true;
  }

  #open(): KeptDatabase {
    return this.#kept ?? this.#openAnew();
  }

  /** @param damage see `openSalvaged` */
  #openAnew(damage?: Error): KeptDatabase {
    const { kept, found, setAside } = openSalvaged(this.#path, signals, damage);
    this.#kept = kept;
    this.#filling = found;
    this.#setAside = setAside ?? this.#setAside;
    return kept;
  }

  /** Damage may show at any page: the file is put aside, what can be read of it goes into a new one, and the work is done
   *  there. */
  #mending<T>(run: () => T): T {
    try {
      return run();
    } catch (cause) {
      const isDamaged = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_CORRUPT');
      if (!isDamaged && !(cause instanceof FileGone)) throw cause;
      this.close();
      makeFolder(dirname(this.#path));
      this.#openAnew(isDamaged ? cause : undefined);
      return run();
    }
  }
}

const noAnswers: PackedAnswers = { bytes: new Uint8Array(0), ends: new Uint32Array(0) };

/** Somebody deleted the file: what was in it is theirs to lose, what comes goes into a new one. */
class FileGone extends UnavailableError {}

const signals: SalvagedForm<Filling> = {
  form,
  read: (db) => {
    const found = db.prepare('SELECT coalesce(sum(size), 0) AS sizeBytes, max(first + count) AS next FROM chunk');
    const { sizeBytes, next } = found.get() as { sizeBytes: number; next: number | null };
    return { sizeBytes, next: next ?? 1 };
  },
  salvage,
  beforeRemake: () => {
    throw new FileGone('cannot-write-file', 'The journal of signals is gone.');
  },
};

function rowOf(chunk: PackedSignals) {
  const stored = storedBytes(chunk);
  const writers = JSON.stringify(chunk.writers);
  const size = stored.length + writers.length + rowBytes;
  const [oldest, newest] = [chunk.times.reduce((a, b) => Math.min(a, b)), chunk.times.reduce((a, b) => Math.max(a, b))];
  return { size, cells: [chunk.ends.length, oldest, newest, size, storedSum(stored), writers, stored] };
}

/** @returns how many chunks are back */
function salvage(from: string, db: Database.Database): number {
  const insert = db.prepare('INSERT OR IGNORE INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const take = (row: readonly unknown[]): boolean => {
    const [, , , , , sum, , signals] = row;
    return signals instanceof Buffer && storedSum(signals) === sum && insert.run(...row).changes > 0;
  };
  const saved = salvageRows(from, form, { table: 'chunk', key: 'first', columns, take });
  salvageAnswers(from, form, db);
  return saved;
}
