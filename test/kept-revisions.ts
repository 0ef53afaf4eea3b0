import { join } from 'node:path';
import Database from 'better-sqlite3';
import { unpackParams } from '../src-main/core/journal/param-entries.ts';
import { packEntries } from './memory-journal-store.ts';

/** The revision of each param in the journal of a data folder, read beside the running process. */
export function keptRevisions(data: string): Map<string, bigint> {
  const db = new Database(join(data, 'working', 'params.sqlite'), { readonly: true });
  try {
    const rows = db.prepare('SELECT address, entry FROM param').raw().all() as [Buffer, Buffer][];
    const entries = rows.map(([address, entry]) => [address.toString(), entry] as const);
    const params = [...unpackParams(packEntries(entries))];
    return new Map(params.flatMap((param) => (param ? [[param.address, param.revision]] : [])));
  } finally {
    db.close();
  }
}
