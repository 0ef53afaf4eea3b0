import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { AppError, InputError } from '../contract/errors.ts';
import { parseShow } from '../contract/parse-show.ts';
import { newerShow } from '../contract/show-migrations.ts';
import { showFormat, type ShowDocument } from '../contract/show.ts';
import { z } from '../contract/zod.ts';
import {
  checksumOf,
  createShowTables,
  insertRows,
  rowsOf,
  selectRows,
  showFromRows,
  showTables,
  type ShowRows,
} from './show-tables.ts';

export interface ShowFile {
  readonly document: ShowDocument;
  /** see `markOf` */
  readonly mark: string;
}

/** 'FLYR'; `file` and desktops tell a show by it. */
export const showApplicationId = 0x464c5952;
/** Larger files are not read; a show at all its limits stays below. */
export const showFileBytesMax = 256 * 1024 * 1024;

const checksumKey = 'sha256';
const headerBytes = 100;
const magic = Buffer.from('SQLite format 3\0', 'latin1');

/** The bytes of a `.flyrail` file, built in memory. The same show always gives the same bytes. */
export function formatShowFile(document: ShowDocument): Buffer {
  const db = new Database(':memory:');
  try {
    const rows = rowsOf(document);
    const checksum = JSON.stringify(checksumOf(rows));
    db.pragma(`application_id = ${showApplicationId}`);
    db.pragma(`user_version = ${document.format}`);
    db.transaction(() => {
      createShowTables(db);
      insertRows(db, { ...rows, keys: [...rows.keys, [checksumKey, checksum]] });
    })();
    return db.serialize();
  } finally {
    db.close();
  }
}

/** Reads a show from the bytes of a file. The bytes are looked at in memory, so nothing is left beside the file.
 *  @param path for the sentence to the operator only
 *  @throws InputError 'not-a-show' | 'show-newer' | 'show-damaged' (with the path inside and what was expected) */
export function parseShowFile(bytes: Buffer, path: string): ShowFile {
  const format = formatOf(bytes, path);
  try {
    const rows = readTables(bytes);
    const checksum = rows.keys.find(([key]) => key === checksumKey)?.[1];
    const content = { ...rows, keys: rows.keys.filter(([key]) => key !== checksumKey) };
    if (checksum !== JSON.stringify(checksumOf(content))) throw new Error('its checksum does not fit its content');
    return { document: parseShow(showFromRows(content, format)), mark: markOf(bytes) };
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** Stands for the bytes of a file: equal marks, equal files. */
export function markOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function formatOf(bytes: Buffer, path: string): number {
  const notAShow = (what: string): InputError =>
    new InputError('not-a-show', `${path} is not a Flyrail show: ${what}.`, { path });
  if (bytes.length === 0) throw notAShow('it is empty');
  if (!bytes.subarray(0, magic.length).equals(magic)) throw notAShow('it holds something else');
  if (bytes.length < headerBytes) throw damaged(path, new Error('its end is missing'));
  // [SQLite file format 1.3] user version at offset 60, application id at 68
  if (bytes.readUInt32BE(68) !== showApplicationId) throw notAShow('it is a database of another program');
  const format = bytes.readInt32BE(60);
  if (format > showFormat) {
    const newer = newerShow(format);
    throw new InputError('show-newer', `Cannot open ${path}. ${newer.message}`, { ...newer.details, path });
  }
  if (format < 1) throw damaged(path, new Error(`its format is ${format}, expected 1 to ${showFormat}`));
  return format;
}

/** @throws Error in words that follow "is damaged: " */
function readTables(bytes: Buffer): ShowRows {
  const db = new Database(bytes, { readonly: true });
  try {
    db.pragma('trusted_schema = OFF');
    assertTables(db);
    const faults = z.array(z.string()).parse(db.prepare('PRAGMA integrity_check(1)').pluck().all());
    if (faults.join() !== 'ok')
      throw new Error(`its tables do not hold together (${faults.join().replaceAll('\n', ' ')})`);
    return selectRows(db);
  } finally {
    db.close();
  }
}

/** Exactly our tables, so that nothing a stranger put into the file (a view, a trigger) is ever run. */
function assertTables(db: Database.Database): void {
  const found = z
    .array(z.tuple([z.string(), z.string(), z.string().nullable()]))
    .parse(db.prepare('SELECT type, name, sql FROM sqlite_schema').raw().all());
  const known = found.every(([type, name, sql]) => type === 'table' && showTables[name] === sql);
  if (!known || found.length !== Object.keys(showTables).length) {
    throw new Error(`expected the tables ${Object.keys(showTables).join(' and ')} and nothing else`);
  }
}

function damaged(path: string, cause: unknown): InputError {
  const inside = cause instanceof AppError ? cause.details : {};
  const reason =
    cause instanceof Error && !(cause instanceof z.ZodError) ? cause.message : 'its tables hold something else';
  return new InputError(
    'show-damaged',
    `${path} is damaged: ${reason.replace(/\.$/, '')}. Open a backup or another copy.`,
    { file: path, ...inside },
    { cause },
  );
}
