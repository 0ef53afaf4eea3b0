import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataFolder } from '../../src-main/platform/data-folder.ts';
import { defaultDataFolder } from '../../src-main/platform/data-paths.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('the data folder', () => {
  it('[SF18] is made with all it needs', () => {
    const root = join(temporaryFolder(), 'deep', 'er');
    const folder = openDataFolder(root);
    for (const path of [folder.shows, folder.working, folder.backups]) expect(statSync(path).isDirectory()).toBe(true);
    expect(folder.settingsFile).toBe(join(root, 'engine.json'));
    folder.release();
  });

  it('[SF18] is refused to a second one, in this process too, until the first lets go', () => {
    const root = temporaryFolder();
    const first = openDataFolder(root);
    expect(() => openDataFolder(root)).toThrow(
      expect.objectContaining({ code: 'data-folder-in-use', details: { folder: root } }),
    );
    expect(() => openDataFolder(root)).toThrow(/--data/);
    first.release();
    const second = openDataFolder(root);
    second.release();
    expect(readdirSync(root).toSorted()).toEqual(['backups', 'lock', 'shows', 'working']);
  });

  it('[SF18] is rid of what a kill in the middle of writing left behind', () => {
    const root = temporaryFolder();
    const first = openDataFolder(root);
    writeFileSync(join(first.shows, '.gala.flyrail.0badcafe.saving'), 'half');
    writeFileSync(join(first.shows, '.gala.saving'), 'not ours');
    first.release();
    openDataFolder(root).release();
    expect(readdirSync(first.shows)).toEqual(['.gala.saving']);
  });

  it('[SF18] says why it cannot be used', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), '');
    expect(() => openDataFolder(join(root, 'file', 'x'))).toThrow(
      expect.objectContaining({ code: 'cannot-write-file' }),
    );
    writeFileSync(
      join(root, 'lock'),
      'not a lock at all, but long enough to be looked at as a database header'.repeat(10),
    );
    expect(() => openDataFolder(root)).toThrow(expect.objectContaining({ code: 'cannot-write-file' }));
  });

  it.runIf(existsSync('/proc/self'))('[SF21] is refused at once where the system makes no folders', () => {
    const open = (): unknown => openDataFolder('/proc/nope/x');
    expect(open).toThrow(expect.objectContaining({ code: 'cannot-write-file' }));
    expect(open).toThrow('Cannot use the data folder /proc/nope/x: it is not there.');
  });

  it('[SF21] is refused where a link leads nowhere', () => {
    const root = temporaryFolder();
    symlinkSync(join(root, 'nowhere'), join(root, 'link'));
    expect(() => openDataFolder(join(root, 'link', 'x'))).toThrow(
      expect.objectContaining({ code: 'cannot-write-file' }),
    );
  });

  it('[SF18] is where the platform keeps the data of applications', () => {
    expect(defaultDataFolder()).toMatch(/flyrail/);
  });
});
