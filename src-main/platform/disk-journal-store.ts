import { join } from 'node:path';
import Database from 'better-sqlite3';
import { UnavailableError } from '../contract/errors.ts';
import { z } from '../contract/zod.ts';
import type { JournalBatch, JournalNotes, JournalStore, KeptJournal, PackedEntries } from '../ports/journal-store.ts';
import type { DataPaths } from './data-paths.ts';
import { flushEveryCommit } from './flush-every-commit.ts';
import { openOrSetAside } from './set-aside.ts';
import { systemReason } from './system-reason.ts';

/** 'FLYJ' */
const journalApplicationId = 0x464c594a;
const journalLayout = 1;

const notesSchema = z.object({
  showId: z.string().nullable(),
  revisionFloor: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt),
});
const row = z.tuple([z.instanceof(Uint8Array), z.instanceof(Uint8Array)]);
const noNotes: JournalNotes = { showId: null, revisionFloor: 0n };

/** The journal in SQLite on the disk of this machine, for the thread that it may stall. One row an address, in the order
 *  of their first coming. */
export class DiskJournalStore implements JournalStore {
  readonly #folder: string;
  #db: Database.Database | undefined;

  constructor({ working }: Pick<DataPaths, 'working'>) {
    this.#folder = working;
  }

  async load(): Promise<KeptJournal> {
    const { opened, setAside } = writing(() => openOrSetAside(join(this.#folder, 'params.sqlite'), openAndRead));
    this.#db = opened.db;
    return { chunks: [opened.entries], notes: opened.notes, setAside };
  }

  async append({ chunks, notes }: JournalBatch): Promise<void> {
    const db = this.#db;
    if (!db) throw new UnavailableError('cannot-write-file', 'The journal is not open.');
    const put = db.prepare(
      'INSERT INTO param (address, entry) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET entry = excluded.entry',
    );
    const remove = db.prepare('DELETE FROM param WHERE address = ?');
    const note = db.prepare('UPDATE note SET json = ?');
    writing(
      db.transaction(() => {
        for (const { bytes, bounds } of chunks) {
          for (let i = 0; i + 2 < bounds.length; i += 3) {
            const address = bytes.subarray(bounds[i], bounds[i + 1]);
            const entry = bytes.subarray(bounds[i + 1], bounds[i + 2]);
            if (entry.length > 0) put.run(address, entry);
            else remove.run(address);
          }
        }
        note.run(JSON.stringify({ ...notes, revisionFloor: String(notes.revisionFloor) }));
      }),
    );
  }

  async close(): Promise<void> {
    this.#db?.close();
    this.#db = undefined;
  }
}

interface Opened {
  readonly db: Database.Database;
  readonly entries: PackedEntries;
  readonly notes: JournalNotes;
}

function openAndRead(path: string): Opened {
  const db = new Database(path);
  try {
    flushEveryCommit(db);
    createTables(db);
    const faults = z.array(z.string()).parse(db.prepare('PRAGMA quick_check(1)').pluck().all());
    if (faults.join() !== 'ok') throw new Error(`its tables do not hold together (${faults.join()})`);
    return { db, entries: readEntries(db), notes: readNotes(db) };
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function createTables(db: Database.Database): void {
  const id = db.pragma('application_id', { simple: true });
  const layout = db.pragma('user_version', { simple: true });
  if (id === journalApplicationId && layout === journalLayout) return;
  if (id !== 0 || layout !== 0) throw new Error(`it is the journal of another Flyrail (layout ${String(layout)})`);
  db.transaction(() => {
    db.exec('CREATE TABLE param (place INTEGER PRIMARY KEY, address BLOB NOT NULL UNIQUE, entry BLOB NOT NULL) STRICT');
    db.exec('CREATE TABLE note (json TEXT NOT NULL) STRICT');
    db.prepare('INSERT INTO note (json) VALUES (?)').run(JSON.stringify({ ...noNotes, revisionFloor: '0' }));
    db.pragma(`application_id = ${journalApplicationId}`);
    db.pragma(`user_version = ${journalLayout}`);
  })();
}

function readNotes(db: Database.Database): JournalNotes {
  return notesSchema.parse(JSON.parse(z.string().parse(db.prepare('SELECT json FROM note').pluck().get())));
}

function readEntries(db: Database.Database): PackedEntries {
  const parts: Uint8Array[] = [];
  const bounds: number[] = [];
  let at = 0;
  for (const found of db.prepare('SELECT address, entry FROM param ORDER BY place').raw().iterate()) {
    const [address, entry] = row.parse(found);
    parts.push(address, entry);
    bounds.push(at, at + address.length, at + address.length + entry.length);
    at += address.length + entry.length;
  }
  return { bytes: joined(parts, at), bounds: Uint32Array.from(bounds) };
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function writing<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const message = `Cannot keep the params: ${systemReason(cause)}.`;
    throw new UnavailableError('cannot-write-file', message, {}, { cause });
  }
}
