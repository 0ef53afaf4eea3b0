import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { readWholeFile, tryReadWholeFile } from '../../src-main/platform/read-file.ts';
import { replaceFile } from '../../src-main/platform/replace-file.ts';
import { systemReason } from '../../src-main/platform/system-reason.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('replacing a file whole', () => {
  it('[SF16] puts another file in its place and leaves nothing beside it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x');
    await replaceFile(path, 'old');
    const before = statSync(path).ino;
    await replaceFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).ino).not.toBe(before);
    expect(readdirSync(folder)).toEqual(['x']);
  });

  it('[SF16] keeps permissions and follows a link', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'real'), 'old');
    chmodSync(join(folder, 'real'), 0o640);
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    await replaceFile(join(folder, 'link'), 'new');
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'real')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
  });

  it('[SF16] says why it cannot, in words, and leaves things as they were', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'file'), 'stays');
    for (const [path, words] of [
      [join(folder, 'nowhere', 'x'), /^Cannot write .*nowhere.x: it is not there\.$/],
      [join(folder, 'file', 'x'), /its folder is a file\.$/],
      [join(folder, 'folder'), /it is a folder\.$/],
      [join(folder, 'x'.repeat(300)), /its name is too long\.$/],
    ] as const) {
      await expect(replaceFile(path, 'x')).rejects.toMatchObject({
        code: 'cannot-write-file',
        message: expect.stringMatching(words) as string,
      });
    }
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'folder']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('stays');
  });

  // Permissions do not bind root, so another user tries; where that cannot be had, the cases above remain.
  it('[SF16] says that a read-only folder is one', ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root can try as somebody else');
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), 'stays');
    chmodSync(folder, 0o555);
    const module = join(import.meta.dirname, '../../src-main/platform/replace-file.ts');
    const script = `import(${JSON.stringify(module)}).then((m) => m.replaceFile(${JSON.stringify(join(folder, 'x'))}, 'new')).catch((e) => console.log(e.code, e.message))`;
    const told = execFileSync(process.execPath, ['--eval', script], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
    expect(told).toBe(`cannot-write-file Cannot write ${join(folder, 'x')}: no permission.\n`);
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('stays');
    expect(readdirSync(folder)).toEqual(['x']);
  });
});

describe('what is no file', () => {
  it('[SF16] is neither read nor replaced, and nobody waits for it', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no pipes among its files');
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Never a real device: a defect here would put a file in its place.
    for (const path of [pipe, folder]) {
      await expect(readWholeFile(path, 10)).rejects.toMatchObject({ code: 'cannot-read-file' });
      await expect(replaceFile(path, 'x')).rejects.toMatchObject({
        code: 'cannot-write-file',
        message: path === folder ? /it is a folder/ : /it is not a file/,
      });
    }
    expect(statSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['pipe']);
  });
});

describe('reading a file whole', () => {
  it('[SF16] takes regular files up to a size, and says what it met otherwise', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), '1234');
    expect(await readWholeFile(join(folder, 'x'), 4)).toEqual(Buffer.from('1234'));
    await expect(readWholeFile(join(folder, 'x'), 3)).rejects.toMatchObject({
      code: 'cannot-read-file',
      message: /larger than/,
    });
    await expect(readWholeFile(folder, 10)).rejects.toMatchObject({
      code: 'cannot-read-file',
      message: /it is a folder/,
    });
    await expect(readWholeFile('/dev/null', 10)).rejects.toMatchObject({
      code: 'cannot-read-file',
      message: /it is not a file/,
    });
    expect(await tryReadWholeFile(join(folder, 'nowhere'), 10)).toBeUndefined();
    await expect(tryReadWholeFile(join(folder, 'x', 'y'), 10)).rejects.toMatchObject({ code: 'cannot-read-file' });
  });
});

describe('the reason of the system', () => {
  it('[SF16] is in words, for SQLite too', () => {
    expect(systemReason(Object.assign(new Error('x'), { code: 'SQLITE_IOERR_WRITE' }))).toBe(
      'the disk reports an error',
    );
    expect(systemReason(Object.assign(new Error('x'), { code: 'ENOSPC' }))).toBe('the disk is full');
    expect(systemReason(new Error('something else'))).toBe('something else');
    expect(systemReason('text')).toBe('text');
  });
});
