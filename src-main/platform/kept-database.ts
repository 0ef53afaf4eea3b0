import Database from 'better-sqlite3';
import { databaseFiles, isStillThere, remakeDatabase, type DatabaseFiles } from './database-files.ts';

/** What a database of ours is known by. */
export interface DatabaseForm {
  /** in a refusal: `the working copy` */
  readonly name: string;
  readonly applicationId: number;
  readonly layout: number;
  /** the tables of an empty one */
  readonly create: (db: Database.Database) => void;
  /** leads from each older layout that can be carried over to the one after it */
  readonly upgrades: Readonly<Record<number, (db: Database.Database) => void>>;
}

/** A database of our own. Every commit survives a kill and a power cut. Should its file have gone from the path, all that
 *  it held is put there again before the next change. */
export class KeptDatabase {
  readonly #path: string;
  readonly #form: DatabaseForm;
  readonly #beforeRemake: () => void;
  #db: Database.Database;
  #files: DatabaseFiles;
  /** it was made again, and could not be opened yet */
  #isToOpen = false;

  /** @param beforeRemake told before the file is made again; may refuse by throwing
   *  @throws when the file is there and is something else, or of another layout */
  constructor(path: string, form: DatabaseForm, beforeRemake: () => void = () => undefined) {
    this.#path = path;
    this.#form = form;
    this.#beforeRemake = beforeRemake;
    this.#db = openTables(path, form);
    this.#files = databaseFiles(path);
  }

  /** to read from */
  get db(): Database.Database {
    return this.#db;
  }

  /** To write to, at its path.
   *  @throws UnavailableError 'cannot-write-file' when another file has taken its place */
  writable(): Database.Database {
    if (!isStillThere(this.#path, this.#files)) this.#remake();
    if (this.#isToOpen) this.#openAgain();
    return this.#db;
  }

  close(): void {
    this.#db.close();
  }

  #remake(): void {
    this.#beforeRemake();
    remakeDatabase(this.#db, this.#path, this.#files);
    this.#files = databaseFiles(this.#path);
    this.#isToOpen = true;
  }

  /** On a disk that is full for a moment this may take several tries. */
  #openAgain(): void {
    const lost = this.#db;
    this.#db = openTables(this.#path, this.#form);
    this.#files = databaseFiles(this.#path);
    this.#isToOpen = false;
    lost.close();
  }
}

function openTables(path: string, form: DatabaseForm): Database.Database {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // On macOS a plain flush stops at the drive's own cache.
    db.pragma('fullfsync = 1');
    db.pragma('checkpoint_fullfsync = 1');
    createTables(db, form);
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function createTables(db: Database.Database, form: DatabaseForm): void {
  const { name, applicationId, layout, create } = form;
  const id = db.pragma('application_id', { simple: true });
  const found = db.pragma('user_version', { simple: true });
  if (id === applicationId && upgrade(db, Number(found), form)) return;
  if (id !== 0 || found !== 0) throw new Error(`it is ${name} of another Flyrail (layout ${String(found)})`);
  db.transaction(() => {
    create(db);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${layout}`);
  })();
}

/** Step by step, each whole or not at all. @returns whether it has the layout of this Flyrail now */
function upgrade(db: Database.Database, found: number, { layout, upgrades }: DatabaseForm): boolean {
  for (let from = found; from !== layout; from++) {
    const step = upgrades[from];
    if (!step) return false;
    db.transaction(() => {
      step(db);
      db.pragma(`user_version = ${from + 1}`);
    })();
  }
  return true;
}
