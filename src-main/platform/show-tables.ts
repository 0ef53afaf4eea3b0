import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { ShowDocument } from '../contract/show.ts';
import { z } from '../contract/zod.ts';

/** The two tables that hold a show, in show files and in the working copy alike; see docs/show-format.md. */
export const showTables: Readonly<Record<string, string>> = {
  show: 'CREATE TABLE show (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID',
  object:
    'CREATE TABLE object (list TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, ' +
    'PRIMARY KEY (list, id)) STRICT, WITHOUT ROWID',
};

const keyRow = z.tuple([z.string(), z.string()]);
const objectRow = z.tuple([z.string(), z.int().min(0), z.string(), z.string()]);
/** key, json */
export type KeyRow = z.infer<typeof keyRow>;
/** list, position, id, json */
export type ObjectRow = z.infer<typeof objectRow>;

export interface ShowRows {
  readonly keys: readonly KeyRow[];
  readonly objects: readonly ObjectRow[];
}

/** The key under which the names of the lists stand, so that empty ones come back too. */
const listsKey = 'lists';

export function rowsOf(document: ShowDocument): ShowRows {
  const keys: KeyRow[] = [];
  const objects: ObjectRow[] = [];
  const lists: string[] = [];
  for (const [key, value] of Object.entries(document)) {
    if (key === 'format') continue;
    if (Array.isArray(value)) {
      lists.push(key);
      value.forEach((item: { id: string }, position) => objects.push([key, position, item.id, JSON.stringify(item)]));
    } else {
      keys.push([key, JSON.stringify(value)]);
    }
  }
  keys.push([listsKey, JSON.stringify(lists)]);
  return { keys, objects };
}

/** Puts the show together again, unchecked: it still has to pass `parseShow`.
 *  @throws SyntaxError for broken JSON, ZodError for a broken list of lists */
export function showFromRows(rows: ShowRows, format: number): unknown {
  const show: Record<string, unknown> = { format };
  for (const [key, json] of rows.keys) {
    if (key !== listsKey) show[key] = JSON.parse(json);
    else for (const list of z.array(z.string()).parse(JSON.parse(json))) show[list] ??= [];
  }
  for (const [list, , , json] of rows.objects) {
    const items = (show[list] ??= []);
    if (Array.isArray(items)) items.push(JSON.parse(json));
  }
  return show;
}

export function createShowTables(db: Database): void {
  for (const sql of Object.values(showTables)) db.exec(sql);
}

export function insertRows(db: Database, rows: ShowRows): void {
  const key = db.prepare('INSERT INTO show (key, json) VALUES (?, ?)');
  for (const row of rows.keys) key.run(...row);
  const object = db.prepare('INSERT INTO object (list, position, id, json) VALUES (?, ?, ?, ?)');
  for (const row of rows.objects) object.run(...row);
}

/** @throws SqliteError or ZodError when the tables are not what they should be */
export function selectRows(db: Database): ShowRows {
  return {
    keys: z.array(keyRow).parse(db.prepare('SELECT key, json FROM show ORDER BY key').raw().all()),
    objects: z
      .array(objectRow)
      .parse(db.prepare('SELECT list, position, id, json FROM object ORDER BY list, position').raw().all()),
  };
}

/** SHA-256, in hex, over all rows: `key TAB json LF` by key, then `list TAB position TAB id TAB json LF` by list and
 *  position; keys and lists in the order of their UTF-8 bytes. */
export function checksumOf(rows: ShowRows): string {
  const hash = createHash('sha256');
  const lines = (fields: readonly (readonly (string | number)[])[]): void => {
    for (const line of fields) hash.update(`${line.join('\t')}\n`);
  };
  lines(rows.keys.toSorted(([left], [right]) => compare(left, right)));
  lines(rows.objects.toSorted((left, right) => compare(left[0], right[0]) || left[1] - right[1]));
  return hash.digest('hex');
}

function compare(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
