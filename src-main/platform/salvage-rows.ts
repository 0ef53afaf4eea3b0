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

/** Reads what can still be read of a damaged table of ours: from its beginning up to the damage, then from its end back to
 *  it. Nothing is read of a database of another form, but of an older layout of this one. The file stays as it is.
 *  @returns how many rows were taken
 *  @throws what `take` throws */
export function salvageRows(
  path: string,
  form: Pick<DatabaseForm, 'applicationId' | 'layout' | 'upgrades'>,
  { table, key, columns, take }: SalvagedTable,
): number {
  const db = tryOpen(path);
  if (!db) return 0;
  const select = `SELECT ${[key, ...columns].join()} FROM ${table} WHERE ${key} > ? ORDER BY ${key}`;
  let taken = 0;
  let last = Number.MIN_SAFE_INTEGER;
  try {
    if (!isOfForm(db, form)) return 0;
    for (const row of rowsUpToDamage(db, select, last)) {
      last = Number(row[0]);
      if (take(row)) taken++;
    }
    // Nothing more where there was no damage.
    for (const row of rowsUpToDamage(db, `${select} DESC`, last)) if (take(row)) taken++;
    return taken;
  } finally {
    db.close();
  }
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

function* rowsUpToDamage(db: Database.Database, sql: string, after: number): Generator<readonly unknown[], undefined> {
  let rows: Iterator<unknown> | undefined;
  try {
    rows = db.prepare(sql).raw().iterate(after);
    for (let row = tryNext(rows); row; row = tryNext(rows)) yield row;
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
  } finally {
    rows?.return?.();
  }
  return undefined;
}

function tryNext(rows: Iterator<unknown>): readonly unknown[] | undefined {
  try {
    const row = rows.next();
    return row.done ? undefined : (row.value as readonly unknown[]);
  } catch {
    return undefined;
  }
}
