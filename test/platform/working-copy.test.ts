import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

  it.each([
    ['its folder is deleted', (path: string) => rmSync(dirname(path), { recursive: true })],
    ['the file is deleted', (path: string) => rmSync(path)],
    ['the file is moved away', (path: string) => renameSync(path, `${path}.away`)],
    ['the log of the file is deleted', (path: string) => rmSync(`${path}-wal`)],
  ])('[SF22] is made again, whole, before the next edit when %s', (_, spoil) => {
    const path = join(temporaryFolder(), 'working', 'show.sqlite');
    mkdirSync(dirname(path));
    let told = 0;
    const copy = new WorkingCopy(path, () => told++);
    copy.replace({ document: sampleShow('one', 50), revision: 1, saved: null });
    const first = { id: 2, edit: renameShow('Gala'), inverse: renameShow('Show one') };
    copy.commit({ ...change, apply: first.edit, keep: first });
    spoil(path);
    const second = { id: 3, edit: putMapping(7, 'changed'), inverse: putMapping(7) };
    copy.commit({ ...change, revision: 3, cursor: 3, apply: second.edit, keep: second });
    copy.commit({ ...change, revision: 4, cursor: 4, apply: renameShow('Later') });
    expect(told).toBe(1);
    expect(copy.flushing).toEqual({ journalMode: 'wal', synchronous: 2 });
    // Seen by another process while this one lives: a kill would lose nothing.
    const other = new Database(path, { readonly: true });
    expect(other.prepare("SELECT json FROM show WHERE key = 'name'").pluck().get()).toBe('"Later"');
    other.close();
    copy.close();
    const again = new WorkingCopy(path);
    expect(again.load()).toMatchObject({ revision: 4, cursor: 4, base: 1, journal: [first, second] });
    expect(again.held.document.mappings).toHaveLength(50);
    again.close();
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('show.sqlite.remade'))).toEqual([]);
  });

  it('[SF22] leaves another file in its place alone, and refuses the edit', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    const copy = new WorkingCopy(path);
    copy.replace({ document: sampleShow('one'), revision: 1, saved: null });
    rmSync(path);
    writeFileSync(path, 'of somebody else');
    expect(() => copy.commit({ ...change, apply: renameShow('Gala') })).toThrow(
      expect.objectContaining({ code: 'cannot-write-file', message: expect.stringContaining(path) as string }),
    );
    expect(readFileSync(path, 'utf8')).toBe('of somebody else');
    expect(copy.held.document.name).toBe('Show one');
    rmSync(path);
    copy.commit({ ...change, apply: renameShow('Gala') });
    expect(existsSync(path)).toBe(true);
    copy.close();
  });

  it('[SF22] refuses the edit when it may not be made again, and takes it once it may', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    let free = false;
    const copy = new WorkingCopy(path, () => {
      if (!free) throw new Error('taken');
    });
    copy.replace({ document: sampleShow('one'), revision: 1, saved: null });
    rmSync(path);
    const keep = { id: 2, edit: renameShow('Gala'), inverse: renameShow('Show one') };
    expect(() => copy.commit({ ...change, apply: keep.edit, keep })).toThrow('taken');
    expect(existsSync(path)).toBe(false);
    free = true;
    copy.commit({ ...change, apply: keep.edit, keep });
    expect(existsSync(path)).toBe(true);
    copy.close();
  });

  it('[SS60] gives a show that was laid before layings were told apart an id that stays', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    const copy = new WorkingCopy(path);
    copy.replace({ document: sampleShow('one'), revision: 1, saved: null });
    copy.close();
    const db = new Database(path);
    db.exec("DELETE FROM state WHERE key = 'laying'");
    db.close();
    const layings = [1, 2].map(() => {
      const again = new WorkingCopy(path);
      const { laying } = again.load() ?? {};
      again.close();
      return laying;
    });
    expect(layings[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(layings[1]).toBe(layings[0]);
  });

  it('[SS63] is carried over from layout 1, which remembered no edits, with all that it holds', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    const copy = new WorkingCopy(path);
    copy.replace({ document: sampleShow('one'), revision: 1, saved: null });
    const first = { id: 2, edit: renameShow('Gala'), inverse: renameShow('Show one') };
    copy.commit({ ...change, apply: first.edit, keep: first });
    const before = copy.load();
    copy.close();
    const db = new Database(path);
    db.exec('DROP TABLE made; PRAGMA user_version = 1');
    db.close();
    const again = new WorkingCopy(path);
    expect(again.load()).toEqual(before);
    again.commit({ ...change, revision: 3, apply: renameShow('x'), made: { id: 'e', revision: 3, forgetTo: 0 } });
    expect(again.load()?.made).toEqual([{ id: 'e', revision: 3 }]);
    again.close();
    expect(new Database(path, { readonly: true }).pragma('user_version', { simple: true })).toBe(2);
  });

  it('[SS63] of a later layout is refused and left as it is', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    new WorkingCopy(path).close();
    const db = new Database(path);
    db.pragma('user_version = 3');
    db.close();
    expect(() => new WorkingCopy(path)).toThrow(/another Flyrail \(layout 3\)/);
  });

  it('[SF9] refuses a file of another program', () => {
    const path = join(temporaryFolder(), 'show.sqlite');
    const db = new Database(path);
    db.pragma('application_id = 77');
    db.close();
    expect(() => new WorkingCopy(path)).toThrow(/another Flyrail/);
  });
});
