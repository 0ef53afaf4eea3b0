import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { WorkingCopy } from '../../src-main/platform/working-copy.ts';
import { putMapping, renameShow, sampleShow } from '../show-samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const change = { revision: 2, cursor: 2, base: 1, forget: [], keep: null };

describe('the working copy', () => {
  it('[SF17] is flushed to the disk with every commit', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    const copy = new WorkingCopy(path);
    copy.replace({ document: sampleShow('one'), revision: 1, saved: null });
    const db = new Database(path, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    // Visible to another connection at once: nothing waits for a close.
    copy.commit({ ...change, apply: renameShow('Gala') });
    expect(db.prepare("SELECT json FROM show WHERE key = 'name'").pluck().get()).toBe('"Gala"');
    expect(copy.flushing).toEqual({ journalMode: 'wal', synchronous: 2 });
    db.close();
    copy.close();
  });

  it('[SF17] writes only the rows that an edit changes', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    const copy = new WorkingCopy(path);
    copy.replace({ document: sampleShow('one', 100), revision: 1, saved: null });
    const db = new Database(path);
    db.exec(`CREATE TABLE log (id TEXT);
      CREATE TRIGGER watch AFTER UPDATE ON object BEGIN INSERT INTO log VALUES (new.id); END`);
    copy.commit({ ...change, apply: putMapping(40, 'changed') });
    expect(db.prepare('SELECT id FROM log').pluck().all()).toEqual(['m40']);
    db.close();
    copy.close();
  });

  it('[SF17] refuses an edit that does not fit, and stays as it was', () => {
    const copy = new WorkingCopy(join(temporaryFolder(), 'show.sqlite'));
    copy.replace({ document: sampleShow('one'), revision: 1, saved: null });
    const remove = { label: 'x', steps: [{ do: 'remove', list: 'mappings', id: 'nobody' }] } as const;
    expect(() => copy.commit({ ...change, apply: { ...remove, steps: [...remove.steps] } })).toThrow(/no nobody/);
    expect(copy.load()).toMatchObject({ revision: 1, document: sampleShow('one') });
    copy.close();
  });

  it('[SF9] refuses a file of another program', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    const db = new Database(path);
    db.pragma('application_id = 77');
    db.close();
    expect(() => new WorkingCopy(path)).toThrow(/another Flyrail/);
  });
});
