import type Database from 'better-sqlite3';
import { editableLists } from '../contract/show-edit.ts';
import type { ShowDocument } from '../contract/show.ts';

/** Writes only what differs. An edit keeps the items that it does not touch, so the same object means the same content. */
export function updateRows(db: Database.Database, before: ShowDocument, after: ShowDocument): void {
  if (before.name !== after.name) updateKey(db, 'name', after.name);
  if (before.settings !== after.settings) updateKey(db, 'settings', after.settings);
  for (const list of editableLists) if (before[list] !== after[list]) updateList(db, list, before[list], after[list]);
}

function updateKey(db: Database.Database, key: string, value: unknown): void {
  db.prepare('UPDATE show SET json = ? WHERE key = ?').run(JSON.stringify(value), key);
}

type Items = readonly { readonly id: string }[];

function updateList(db: Database.Database, list: string, before: Items, after: Items): void {
  const old = new Map(before.map((item, position) => [item.id, { item, position }]));
  const put = db.prepare(
    'INSERT INTO object (list, position, id, json) VALUES (?, ?, ?, ?) ' +
      'ON CONFLICT (list, id) DO UPDATE SET position = excluded.position, json = excluded.json',
  );
  const move = db.prepare('UPDATE object SET position = ? WHERE list = ? AND id = ?');
  after.forEach((item, position) => {
    const was = old.get(item.id);
    old.delete(item.id);
    if (was?.item !== item) put.run(list, position, item.id, JSON.stringify(item));
    else if (was.position !== position) move.run(position, list, item.id);
  });
  const remove = db.prepare('DELETE FROM object WHERE list = ? AND id = ?');
  for (const id of old.keys()) remove.run(list, id);
}
