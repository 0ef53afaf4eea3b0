import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { UnavailableError } from '../contract/errors.ts';
import type {
  JournalBatch,
  JournalNotes,
  JournalStore,
  KeptJournal,
  PackedAnswers,
  PackedEntries,
  SignalBatch,
  SignalBounds,
  SignalPage,
  SignalQuery,
  SignalsAppended,
} from '../ports/journal-store.ts';
import { createAnswerTable, putAnswers, readAnswers, salvageAnswers } from './answer-table.ts';
import type { DataPaths } from './data-paths.ts';
import { DiskSignalStore } from './disk-signal-store.ts';
import type { DatabaseForm, KeptDatabase } from './kept-database.ts';
import { openSalvaged, type SalvagedForm } from './open-salvaged.ts';
import { salvageRows } from './salvage-rows.ts';
import { writing } from './writing.ts';

const form: DatabaseForm = {
  name: 'the journal',
  // 'FLYJ'
  applicationId: 0x464c594a,
  layout: 3,
  create: (db) => {
    db.exec('CREATE TABLE param (place INTEGER PRIMARY KEY, address BLOB NOT NULL UNIQUE, entry BLOB NOT NULL) STRICT');
    db.exec('CREATE TABLE note (json TEXT NOT NULL) STRICT');
    db.prepare('INSERT INTO note (json) VALUES (?)').run(
      formatNotes({ showId: null, revisionFloor: 0n, knownFloor: 0n, isComplete: true }),
    );
    createAnswerTable(db);
  },
  upgrades: { 2: createAnswerTable },
};

/** The journal in SQLite on the disk of this machine, for the thread that it may stall. Params: one row an address, in the
 *  order of their first coming. */
export class DiskJournalStore implements JournalStore {
  readonly #path: string;
  readonly #signalsPath: string;
  readonly #signals: DiskSignalStore;
  #kept: KeptDatabase | undefined;

  constructor({ working }: Pick<DataPaths, 'working'>) {
    this.#path = join(working, 'params.sqlite');
    this.#signalsPath = join(working, 'signals.sqlite');
    this.#signals = new DiskSignalStore(this.#signalsPath);
  }

  async load(): Promise<KeptJournal> {
    const { kept, found, setAside } = keeping(this.#path, () => openSalvaged(this.#path, params));
    this.#kept = kept;
    const { notes } = found;
    if (notes.isComplete) this.#openNotes(notes);
    const { chunks, answers: ofParams } = found;
    return { chunks, notes, answers: { ofParams, ofSignals: this.#signals.answers() }, setAside };
  }

  async appendSignals(batch: SignalBatch): Promise<SignalsAppended> {
    return this.#keepingSignals(() => this.#signals.append(batch));
  }

  async readSignals(query: SignalQuery): Promise<SignalPage> {
    return this.#keepingSignals(() => this.#signals.read(query));
  }

  async pruneSignals(bounds: SignalBounds): Promise<boolean> {
    return this.#keepingSignals(() => this.#signals.prune(bounds));
  }

  async append({ chunks, notes, answers }: JournalBatch): Promise<void> {
    const kept = this.#kept;
    if (!kept) throw new UnavailableError('cannot-write-file', 'The journal is not open.');
    const db = keeping(this.#path, () => kept.writable());
    const put = db.prepare(
      'INSERT INTO param (address, entry) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET entry = excluded.entry',
    );
    const remove = db.prepare('DELETE FROM param WHERE address = ?');
    const note = db.prepare('UPDATE note SET json = ?');
    keeping(
      this.#path,
      db.transaction(() => {
        for (const { bytes, bounds } of chunks) {
          for (let i = 0; i + 2 < bounds.length; i += 3) {
            const address = bytes.subarray(bounds[i], bounds[i + 1]);
            const entry = bytes.subarray(bounds[i + 1], bounds[i + 2]);
            if (entry.length > 0) put.run(address, entry);
            else remove.run(address);
          }
        }
        note.run(formatNotes(notes));
        if (answers) putAnswers(db, answers);
      }),
    );
  }

  async close(): Promise<void> {
    this.#signals.close();
    this.#kept?.close();
    this.#kept = undefined;
  }

  #openNotes(notes: JournalNotes): void {
    try {
      keeping(this.#path, () => {
        this.#kept
          ?.writable()
          .prepare('UPDATE note SET json = ?')
          .run(formatNotes({ ...notes, isComplete: false }));
      });
    } catch (error) {
      // A full disk must not keep a show from starting; the first batch that it takes says the same.
      if (!(error instanceof UnavailableError)) throw error;
    }
  }

  #keepingSignals<T>(run: () => T): T {
    return writing(`Cannot keep the signals in ${this.#signalsPath}`, run, { path: this.#signalsPath });
  }
}

const params: SalvagedForm<Pick<KeptJournal, 'chunks' | 'notes'> & { readonly answers: PackedAnswers }> = {
  form,
  read: (db) => {
    const faults = db.prepare('PRAGMA quick_check(1)').pluck().all().join();
    if (faults !== 'ok') throw new Error(`its tables do not hold together (${faults})`);
    return { chunks: [readEntries(db)], notes: readNotes(db), answers: readAnswers(db) };
  },
  salvage,
};

// Read by hand: a schema library of its own would take this thread 6 MB.
function readNotes(db: Database.Database): JournalNotes {
  return notesOf(db.prepare('SELECT json FROM note').pluck().get());
}

function formatNotes({ revisionFloor, knownFloor, ...notes }: JournalNotes): string {
  return JSON.stringify({ ...notes, revisionFloor: String(revisionFloor), knownFloor: String(knownFloor) });
}

function notesOf(json: unknown): JournalNotes {
  const { showId, revisionFloor, knownFloor = '0', isComplete } = JSON.parse(String(json)) as Record<string, unknown>;
  if (showId !== null && typeof showId !== 'string') throw new Error('its notes make no sense');
  const floors = { revisionFloor: revisionOf(revisionFloor), knownFloor: revisionOf(knownFloor) };
  return { showId, ...floors, isComplete: isComplete === true };
}

function revisionOf(text: unknown): bigint {
  if (!/^\d{1,20}$/.test(String(text))) throw new Error('its notes make no sense');
  return BigInt(String(text));
}

function readEntries(db: Database.Database): PackedEntries {
  const parts: Uint8Array[] = [];
  const bounds: number[] = [];
  let at = 0;
  for (const found of db.prepare('SELECT address, entry FROM param ORDER BY place').raw().iterate()) {
    const [address, entry] = found as [unknown, unknown];
    if (!(address instanceof Uint8Array) || !(entry instanceof Uint8Array)) throw new Error('its rows make no sense');
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

/** @returns how many params are back */
function salvage(from: string, db: Database.Database): number {
  const put = db.prepare('INSERT OR IGNORE INTO param (place, address, entry) VALUES (?, ?, ?)');
  const note = db.prepare('UPDATE note SET json = ?');
  const take = (row: readonly unknown[]): boolean => put.run(...row).changes > 0;
  const saved = salvageRows(from, form, { table: 'param', key: 'place', columns: ['address', 'entry'], take });
  const takeNote = ([, json]: readonly unknown[]): boolean => isNotes(json) && note.run(json).changes > 0;
  salvageRows(from, form, { table: 'note', key: 'rowid', columns: ['json'], take: takeNote });
  salvageAnswers(from, form, db);
  return saved;
}

function isNotes(json: unknown): json is string {
  try {
    notesOf(json);
    return true;
  } catch {
    return false;
  }
}

function keeping<T>(path: string, run: () => T): T {
  return writing(`Cannot keep the params in ${path}`, run, { path });
}
