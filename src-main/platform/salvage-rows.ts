import Database from 'better-sqlite3';
import type { DatabaseForm } from './kept-database.ts';

export interface SalvagedTable {
  readonly table: string;
  /** its INTEGER PRIMARY KEY */
  readonly key: string;
  readonly columns: readonly string[];
  /** gets key and columns of a row; false for one that makes no sense */
  readonly take: (row: readonly unknown[]) => boolean;
}

/** Tries to read between two damaged places, or to find where they end. Each costs a few pages. */
const probesMax = 1000;

/** Reads what can still be read of a damaged table of ours: from its beginning up to the damage, from its end back to it, and
 *  between the damaged places wherever something is found. Nothing is read of a database of another form, but of an older
 *  layout of this one. The file stays as it is.
 *  @returns how many rows were taken
 *  @throws what `take` throws */
export function salvageRows(
  path: string,
  form: Pick<DatabaseForm, 'applicationId' | 'layout' | 'upgrades'>,
  table: SalvagedTable,
): number {
  const db = tryOpen(path);
  if (!db) return 0;
  try {
    return isOfForm(db, form) ? new Salvage(db, table).run() : 0;
  } finally {
    db.close();
  }
}

/** Keys between which something may be left, neither included. */
interface Gap {
  readonly after: number;
  readonly before: number;
}

class Salvage {
  readonly #db: Database.Database;
  readonly #table: SalvagedTable;
  #taken = 0;

  constructor(db: Database.Database, table: SalvagedTable) {
    this.#db = db;
    this.#table = table;
  }

  run(): number {
    const gaps = this.#search({ after: Number.MIN_SAFE_INTEGER, before: Number.MAX_SAFE_INTEGER }, undefined);
    for (let probes = 0; gaps.length > 0 && probes < probesMax; probes++) {
      // The widest hides the most.
      gaps.sort((one, other) => other.before - other.after - (one.before - one.after));
      const widest = gaps.shift();
      if (widest) gaps.push(...this.#search(widest, Math.floor((widest.after + widest.before) / 2)));
    }
    return this.#taken;
  }

  /** Reads away from a key, or from both ends towards each other.
   *  @returns what is left where there is damage */
  #search(gap: Gap, from: number | undefined): Gap[] {
    const up = this.#read({ after: from ?? gap.after, before: gap.before }, 'ASC');
    const rest = { after: up, before: from === undefined ? gap.before : from + 1 };
    if (from === undefined) {
      if (up >= gap.before) return [];
      return sizable({ after: up, before: this.#read(rest, 'DESC') });
    }
    const down = this.#read({ after: gap.after, before: from + 1 }, 'DESC');
    return [...sizable({ after: up, before: gap.before }), ...sizable({ after: gap.after, before: down })];
  }

  /** Reads upwards or downwards until the gap ends, or damage begins.
   *  @returns the last key that is done with: the far end of the gap when there was no damage */
  #read({ after, before }: Gap, order: 'ASC' | 'DESC'): number {
    const { table, key, columns, take } = this.#table;
    const sql = `SELECT ${[key, ...columns].join()} FROM ${table} WHERE ${key} > ? AND ${key} < ? ORDER BY ${key} ${order}`;
    let done = order === 'ASC' ? after : before;
    const rows = openRows(this.#db, sql, [after, before]);
    if (!rows) return done;
    try {
      for (let next = tryNext(rows); next !== 'damaged'; next = tryNext(rows)) {
        if (next === 'end') return order === 'ASC' ? before : after;
        done = Number(next[0]);
        if (take(next)) this.#taken++;
      }
      return done;
    } finally {
      rows.return?.();
    }
  }
}

/** Nothing, where no key lies between. */
function sizable(gap: Gap): Gap[] {
  return gap.before - gap.after > 1 ? [gap] : [];
}

function tryOpen(path: string): Database.Database | undefined {
  try {
    const db = new Database(path, { readonly: true });
    // Without this SQLite refuses every query on a file that was cut off.
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    return db;
  } catch {
    return undefined;
  }
}

function isOfForm(
  db: Database.Database,
  { applicationId, layout, upgrades }: Pick<DatabaseForm, 'applicationId' | 'layout' | 'upgrades'>,
): boolean {
  try {
    const id = db.pragma('application_id', { simple: true });
    const found = Number(db.pragma('user_version', { simple: true }));
    return id === applicationId && (found === layout || Object.hasOwn(upgrades, found));
  } catch {
    return false;
  }
}

function openRows(db: Database.Database, sql: string, between: readonly number[]): Iterator<unknown> | undefined {
  try {
    return db
      .prepare(sql)
      .raw()
      .iterate(...between);
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    return undefined;
  }
}

function tryNext(rows: Iterator<unknown>): readonly unknown[] | 'end' | 'damaged' {
  try {
    const row = rows.next();
    return row.done ? 'end' : (row.value as readonly unknown[]);
  } catch {
    return 'damaged';
  }
}
