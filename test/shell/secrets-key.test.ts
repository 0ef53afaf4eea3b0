import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSecretsKey } from '../../src-main/shell/secrets-key.ts';
import { createSystemKeyring, type SystemKeyring } from '../../src-main/shell/system-keyring.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;
const nextPath = (): string => join(folder, `${++count}.key`);

/** A keyring that turns texts around; `lock` makes it refuse, `remove` makes it go. */
function createKeyring() {
  const state = { there: true, locked: false, asked: 0 };
  const keyring: SystemKeyring = {
    isThere: () => Promise.resolve((++state.asked, state.there)),
    seal: (text) => Promise.resolve(Buffer.from(text).reverse()),
    open: (sealed) =>
      state.locked
        ? Promise.reject(new Error('it is locked'))
        : Promise.resolve(Buffer.from(sealed).reverse().toString()),
  };
  return { keyring, state };
}

describe('the key of the secrets', () => {
  it('[SC13] is made at the first question, lies in its file sealed, and is the same at the next start', async () => {
    const path = nextPath();
    const { keyring, state } = createKeyring();
    const ask = createSecretsKey(path, keyring);
    expect([existsSync(path), state.asked]).toEqual([false, 0]);
    const keys = await Promise.all([ask(), ask()]);
    const [key] = keys;
    expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32);
    expect(new Set([...keys, await ask(), await createSecretsKey(path, keyring)()])).toEqual(new Set([key]));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain(key);
  });

  it('[SC15] is none where the system keeps none, and no file is made', async () => {
    const path = nextPath();
    const { keyring, state } = createKeyring();
    state.there = false;
    const ask = createSecretsKey(path, keyring);
    expect(await ask()).toBeNull();
    expect(existsSync(path)).toBe(false);
    state.there = true;
    expect(await ask()).not.toBeNull();
  });

  it('[SC14] that the keyring does not open is left where it is, told with what to do, and asked anew', async () => {
    const path = nextPath();
    const { keyring, state } = createKeyring();
    const key = await createSecretsKey(path, keyring)();
    const sealed = readFileSync(path);
    const ask = createSecretsKey(path, keyring);
    for (const [change, reason] of [
      [{ locked: true }, 'it is locked'],
      [{ there: false }, 'there is none now'],
    ] as const) {
      Object.assign(state, { locked: false, there: true }, change);
      await expect(ask()).rejects.toMatchObject({
        code: 'cannot-read-file',
        message: expect.stringMatching(
          `\\(${reason}\\)\\. Unlock it, or move .* away and set the secrets again`,
        ) as string,
      });
    }
    Object.assign(state, { locked: false, there: true });
    expect(readFileSync(path)).toEqual(sealed);
    expect(await ask()).toBe(key);
    writeFileSync(path, 'trohs');
    await expect(createSecretsKey(path, keyring)()).rejects.toMatchObject({ code: 'cannot-read-file' });
    expect(readFileSync(path, 'utf8')).toBe('trohs');
  });
});

describe('the keyring of the system', () => {
  const backend = (name: 'basic_text' | 'gnome_libsecret' | 'unknown') => ({ getSelectedStorageBackend: () => name });
  const waiting = {
    isEncryptionAvailable: () => true,
    encryptString: (text: string) => Buffer.from(`waited ${text}`),
    decryptString: (sealed: Buffer) => sealed.toString().slice(7),
  };

  it('[SC15] is none where a password is used that everybody knows', async () => {
    for (const name of ['basic_text', 'unknown'] as const) {
      const storage = { ...backend(name), ...waiting };
      expect(await createSystemKeyring(storage, 'linux').isThere()).toBe(false);
      expect(await createSystemKeyring(storage, 'darwin').isThere()).toBe(true);
    }
    expect(await createSystemKeyring(backend('gnome_libsecret'), 'linux').isThere()).toBe(false);
  });

  it('[SC13] is asked without waiting where this Electron can, and else as it can', async () => {
    const old = createSystemKeyring({ ...backend('gnome_libsecret'), ...waiting }, 'linux');
    expect((await old.seal('a')).toString()).toBe('waited a');
    expect(await old.open(await old.seal('a'))).toBe('a');
    const storage = {
      ...backend('gnome_libsecret'),
      ...waiting,
      isAsyncEncryptionAvailable: () => Promise.resolve(false),
      encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(text)),
      decryptStringAsync: (sealed: Buffer) => Promise.resolve({ result: sealed.toString(), shouldReEncrypt: false }),
    };
    const newer = createSystemKeyring(storage, 'linux');
    expect(await newer.isThere()).toBe(false);
    expect((await newer.seal('a')).toString()).toBe('a');
    expect(await newer.open(Buffer.from('a'))).toBe('a');
  });
});
