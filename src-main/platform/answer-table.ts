import type Database from 'better-sqlite3';
import type { PackedAnswers } from '../ports/journal-store.ts';
import type { DatabaseForm } from './kept-database.ts';
import { salvageRows } from './salvage-rows.ts';

// What clients were answered, beside what their requests did: one transaction has both, so that after a crash the two agree.

/** Commits of some seconds at full speed: who has had no answer for longer asks no more. */
export const keptAnswersMax = 65_536;

export function createAnswerTable(db: Database.Database): void {
  db.exec('CREATE TABLE answer (place INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT');
}

/** Adds them within a transaction, and lets go of the oldest beyond `keptAnswersMax`. */
export function putAnswers(db: Database.Database, { bytes, ends }: PackedAnswers): void {
  const put = db.prepare('INSERT INTO answer (entry) VALUES (?)');
  let last: number | bigint = 0;
  for (const [index, end] of ends.entries()) last = put.run(bytes.subarray(ends[index - 1] ?? 0, end)).lastInsertRowid;
  db.prepare('DELETE FROM answer WHERE place <= ?').run(Number(last) - keptAnswersMax);
}

/** Oldest first. */
export function readAnswers(db: Database.Database): PackedAnswers {
  const entries = db.prepare('SELECT entry FROM answer ORDER BY place').pluck().all() as Buffer[];
  let at = 0;
  const ends = Uint32Array.from(entries, ({ length }) => (at += length));
  return { bytes: new Uint8Array(Buffer.concat(entries)), ends };
}

/** Puts what can be read of the damaged file at `from` into `db`. */
export function salvageAnswers(
  from: string,
  form: Pick<DatabaseForm, 'applicationId' | 'layout' | 'upgrades'>,
  db: Database.Database,
): void {
  const put = db.prepare('INSERT OR IGNORE INTO answer (place, entry) VALUES (?, ?)');
  const take = (row: readonly unknown[]): boolean => put.run(...row).changes > 0;
  salvageRows(from, form, { table: 'answer', key: 'place', columns: ['entry'], take });
}
