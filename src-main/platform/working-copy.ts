import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { showRefSchema } from '../contract/command-arguments.ts';
import { parseShow } from '../contract/parse-show.ts';
import { applyEdit, editSchema, type Edit } from '../contract/show-edit.ts';
import { showFormat, type ShowDocument } from '../contract/show.ts';
import { millis } from '../contract/units.ts';
import { z } from '../contract/zod.ts';
import type {
  JournalEntry,
  MadeEdit,
  NextShow,
  SavedShow,
  WorkingChange,
  WorkingProgress,
  WorkingShow,
} from '../ports/show-store.ts';
import { KeptDatabase, type DatabaseForm } from './kept-database.ts';
import { updateRows } from './update-rows.ts';
import { createShowTables, insertRows, rowsOf, selectRows, showFromRows } from './show-tables.ts';

const form: DatabaseForm = {
  name: 'the working copy',
  // 'FLYW'
  applicationId: 0x464c5957,
  layout: 2,
  create: (db) => {
    createShowTables(db);
    db.exec('CREATE TABLE journal (id INTEGER PRIMARY KEY, edit TEXT NOT NULL, inverse TEXT NOT NULL) STRICT');
    db.exec('CREATE TABLE state (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID');
    createMade(db);
  },
  upgrades: { 1: createMade },
};

/** The edits that may be asked for again. */
function createMade(db: Database.Database): void {
  db.exec('CREATE TABLE made (id TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID');
}

const counter = z.int().min(0);
const saved = z
  .object({ ref: showRefSchema, mark: z.string(), cursor: counter, at: z.number().transform(millis) })
  .nullable();
const stateSchemas: { readonly [K in keyof States]: Pick<z.ZodType<States[K]>, 'parse'> } = {
  format: counter,
  progress: z.object({ revision: counter, cursor: counter, base: counter }),
  saved,
  saving: saved,
  laying: z.string().min(1),
};
const journalRow = z.tuple([counter, z.string(), z.string()]);
const madeRow = z.tuple([z.string(), counter]);

/** What the working copy holds, as far as saving and committing need it. */
interface Held {
  readonly document: ShowDocument;
  readonly cursor: number;
  readonly saved: SavedShow | null;
}

/** The working copy on disk: the tables of a show, the command journal and where they stand, in SQLite with a
 *  write-ahead log that is flushed with every commit. All methods are synchronous and done when they return; one that
 *  throws has changed nothing. Should its file have gone from the path, it is made there again before the next change. */
export class WorkingCopy {
  readonly #kept: KeptDatabase;
  #held: Held | undefined;

  /** @param beforeRemake see KeptDatabase
   *  @throws when the file is there and is no working copy */
  constructor(path: string, beforeRemake?: () => void) {
    this.#kept = new KeptDatabase(path, form, beforeRemake);
  }

  /** Reads all that is kept; undefined until a first show is on the table.
   *  @throws when this Flyrail cannot read it */
  load(): WorkingShow | undefined {
    const show = readShow(this.#db);
    this.#held = show;
    return show;
  }

  /** @throws when no show is on the table */
  get held(): Held {
    if (!this.#held) throw new Error('the working copy holds no show yet');
    return this.#held;
  }

  /** What a save in progress would have become when the last process ended; the file tells whether it did. */
  get saving(): SavedShow | null {
    return readState(this.#db, 'saving') ?? null;
  }

  /** How commits reach the disk; synchronous 2 is FULL. */
  get flushing(): { readonly journalMode: unknown; readonly synchronous: unknown } {
    return {
      journalMode: this.#db.pragma('journal_mode', { simple: true }),
      synchronous: this.#db.pragma('synchronous', { simple: true }),
    };
  }

  /** @returns see ShowStore */
  replace({ document, revision, saved }: NextShow): string {
    const laying = randomUUID();
    this.#write(() => {
      this.#db.exec('DELETE FROM journal; DELETE FROM made');
      rewriteShow(this.#db, document);
      writeState(this.#db, 'progress', { revision, cursor: revision, base: revision });
      writeState(this.#db, 'saved', saved);
      writeState(this.#db, 'saving', null);
      writeState(this.#db, 'laying', laying);
    });
    this.#held = { document, cursor: revision, saved };
    return laying;
  }

  commit({ apply, forget, keep, made, revision, cursor, base }: WorkingChange): void {
    const { document } = applyEdit(this.held.document, apply);
    this.#write(() => {
      updateRows(this.#db, this.held.document, document);
      const drop = this.#db.prepare('DELETE FROM journal WHERE id = ?');
      for (const id of forget) drop.run(id);
      if (keep) {
        const put = this.#db.prepare('INSERT INTO journal (id, edit, inverse) VALUES (?, ?, ?)');
        put.run(keep.id, JSON.stringify(keep.edit), JSON.stringify(keep.inverse));
      }
      if (made) {
        this.#db.prepare('DELETE FROM made WHERE revision <= ?').run(made.forgetTo);
        this.#db.prepare('INSERT INTO made (id, revision) VALUES (?, ?)').run(made.id, made.revision);
      }
      writeState(this.#db, 'progress', { revision, cursor, base });
    });
    this.#held = { ...this.held, document, cursor };
  }

  /** Notes what is about to be written, so that a kill before `endSave` leaves no doubt whose the new file is. */
  beginSave(saving: SavedShow): void {
    this.#write(() => {
      writeState(this.#db, 'saving', saving);
    });
  }

  /** @param done null when the save failed */
  endSave(done: SavedShow | null): void {
    this.#write(() => {
      if (done) writeState(this.#db, 'saved', done);
      writeState(this.#db, 'saving', null);
    });
    if (done && this.#held) this.#held = { ...this.#held, saved: done };
  }

  close(): void {
    this.#kept.close();
  }

  get #db(): Database.Database {
    return this.#kept.db;
  }

  #write(run: () => void): void {
    this.#kept.writable().transaction(run)();
  }
}

function readShow(db: Database.Database): WorkingShow | undefined {
  const faults = z.array(z.string()).parse(db.prepare('PRAGMA integrity_check(1)').pluck().all());
  if (faults.join() !== 'ok') throw new Error(`its tables do not hold together (${faults.join()})`);
  const progress = readState(db, 'progress');
  const format = readState(db, 'format');
  if (!progress || !format) return undefined;
  const document = parseShow(showFromRows(selectRows(db), format));
  const laying = readState(db, 'laying') ?? beginLaying(db);
  const kept = { document, saved: readState(db, 'saved') ?? null, laying, made: readMade(db) };
  if (format === showFormat) return { ...kept, ...progress, journal: readJournal(db) };
  // Edits of an older format cannot be undone in this one: the show is carried over, its journal is not.
  const base = progress.cursor;
  db.transaction(() => {
    db.exec('DELETE FROM journal');
    rewriteShow(db, document);
    writeState(db, 'progress', { ...progress, base });
  })();
  return { ...kept, ...progress, base, journal: [] };
}

/** For a show that was laid on the table before layings were told apart. */
function beginLaying(db: Database.Database): string {
  const laying = randomUUID();
  writeState(db, 'laying', laying);
  return laying;
}

function readJournal(db: Database.Database): JournalEntry[] {
  const rows = z.array(journalRow).parse(db.prepare('SELECT id, edit, inverse FROM journal ORDER BY id').raw().all());
  const parse = (json: string): Edit => editSchema.parse(JSON.parse(json));
  return rows.map(([id, edit, inverse]) => ({ id, edit: parse(edit), inverse: parse(inverse) }));
}

function readMade(db: Database.Database): MadeEdit[] {
  const rows = z.array(madeRow).parse(db.prepare('SELECT id, revision FROM made ORDER BY revision').raw().all());
  return rows.map(([id, revision]) => ({ id, revision }));
}

interface States {
  readonly format: number;
  readonly progress: WorkingProgress;
  /** the file the show belongs to */
  readonly saved: SavedShow | null;
  /** the save that is under way */
  readonly saving: SavedShow | null;
  /** which laying of a show on the table this is */
  readonly laying: string;
}

function readState<K extends keyof States>(db: Database.Database, key: K): States[K] | undefined {
  const json = db.prepare('SELECT json FROM state WHERE key = ?').pluck().get(key);
  return json === undefined ? undefined : stateSchemas[key].parse(JSON.parse(z.string().parse(json)));
}

function writeState<K extends keyof States>(db: Database.Database, key: K, value: States[K]): void {
  const put = 'INSERT INTO state (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json';
  db.prepare(put).run(key, JSON.stringify(value));
}

function rewriteShow(db: Database.Database, document: ShowDocument): void {
  db.exec('DELETE FROM show; DELETE FROM object');
  insertRows(db, rowsOf(document));
  writeState(db, 'format', showFormat);
}
