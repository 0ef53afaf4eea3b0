import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
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
    mkdirSync(first.certificates);
    writeFileSync(join(first.certificates, '.authority.pem.0badcafe.saving'), 'half a key');
    first.release();
    openDataFolder(root).release();
    expect(readdirSync(first.certificates)).toEqual([]);
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

  it('[SF21] is refused at once where the system makes no folders', ({ skip }) => {
    skip(!existsSync('/proc/self'), 'no /proc here');
    const open = (): unknown => openDataFolder('/proc/nope/x');
    expect(open).toThrow(expect.objectContaining({ code: 'cannot-write-file' }));
    expect(open).toThrow('Cannot use the data folder /proc/nope/x: it is not there.');
  });

  // Permissions do not bind root, so another user tries.
  it('[SF21] is refused where it is read-only, by its name and the cause', ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root can try as somebody else');
    const root = temporaryFolder();
    openDataFolder(root).release();
    const module = join(import.meta.dirname, '../../src-main/platform/data-folder.ts');
    const script = `import(${JSON.stringify(module)}).then((m) => m.openDataFolder(${JSON.stringify(root)})).catch((e) => console.log(e.code, e.message))`;
    for (const path of [join(root, 'working'), root]) {
      for (const each of [root, 'shows', 'working', 'backups']) chmodSync(resolve(root, each), 0o777);
      chmodSync(path, 0o555);
      const told = execFileSync(process.execPath, ['--eval', script], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
      expect(told).toBe(`cannot-write-file Cannot use the data folder ${path}: no permission.\n`);
    }
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
