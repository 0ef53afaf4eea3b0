import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openSecretsFile } from '../../src-main/platform/secrets-file.ts';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import type { SecretsKey } from '../../src-main/ports/secrets.ts';
import { describeSecrets } from '../conformance/secrets.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;
const nextPath = (): string => join(folder, `made-${++count}`, 'secrets.json');
const made = randomBytes(32);
const key: SecretsKey = () => Promise.resolve(made);

for (const [name, given] of [
  ['a file', undefined],
  ['a sealed file', key],
] as const)
  describeSecrets(name, () => {
    const path = nextPath();
    const open = () => openSecretsFile({ path, key: given });
    return { secrets: open(), reopened: open };
  });

describe('the file of secrets', () => {
  it('[SC5] is readable by its owner alone, from its first byte on', async () => {
    const path = nextPath();
    await openSecretsFile({ path }).set('desk', 'hush');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ format: 1, secrets: { desk: { plain: 'hush' } } });
  });

  it('[SC6] holds no value in the open where there is a key, and seals with the next change or look what came in openly', async () => {
    const path = nextPath();
    const sealed = openSecretsFile({ path, key });
    await openSecretsFile({ path }).set('openly', 'hush-one');
    await sealed.set('desk', 'hush-two');
    expect(readFileSync(path, 'utf8')).not.toContain('hush');
    await openSecretsFile({ path }).set('openly-too', 'hush-three');
    expect(await sealed.get('openly-too')).toBe('hush-three');
    expect(readFileSync(path, 'utf8')).not.toContain('hush');
    expect([await sealed.get('openly'), await sealed.get('desk')]).toEqual(['hush-one', 'hush-two']);
  });

  it('[SC14] with a key that cannot be had keeps nothing openly and gives nothing sealed, and still tells names, deletes, and reads what is open', async () => {
    const path = nextPath();
    await openSecretsFile({ path, key }).set('desk', 'hush');
    await openSecretsFile({ path }).set('openly', 'heard');
    const kept = readFileSync(path, 'utf8');
    const locked = openSecretsFile({
      path,
      key: () => Promise.reject(new UnavailableError('cannot-read-file', 'Locked.')),
    });
    for (const run of [() => locked.get('desk'), () => locked.set('new', 'hush')])
      await expect(run()).rejects.toMatchObject({ code: 'cannot-read-file', message: 'Locked.' });
    expect(await locked.get('openly')).toBe('heard');
    expect(readFileSync(path, 'utf8')).toBe(kept);
    expect(await locked.delete('desk')).toBe(true);
    expect(await locked.names()).toEqual(['openly']);
  });

  it('[SC7] says so where a sealed value meets no key, another key, or another name', async () => {
    const path = nextPath();
    await openSecretsFile({ path, key }).set('desk', 'hush');
    for (const other of [undefined, () => Promise.resolve(randomBytes(32))])
      await expect(openSecretsFile({ path, key: other }).get('desk')).rejects.toMatchObject({
        code: 'cannot-read-file',
        message: expect.stringContaining('Set it again.') as string,
      });
    writeFileSync(path, readFileSync(path, 'utf8').replace('"desk"', '"disk"'));
    await expect(openSecretsFile({ path, key }).get('disk')).rejects.toMatchObject({ code: 'cannot-read-file' });
  });

  it('[SC8] leaves a damaged file alone, with a coded error and a word in the log that tell nothing of what is in it', async () => {
    for (const text of ['{"hush', '{"format":1,"secrets":{"desk":"hush"}}', '[]', '{"format":2,"secrets":{}}']) {
      const path = nextPath();
      const told: string[] = [];
      const secrets = openSecretsFile({ path, log: { warn: (...words) => void told.push(JSON.stringify(words)) } });
      await secrets.set('desk', 'x');
      writeFileSync(path, text);
      for (const run of [
        () => secrets.get('desk'),
        () => secrets.set('a', 'b'),
        () => secrets.delete('a'),
        () => secrets.names(),
      ]) {
        const error = await run().catch((cause: unknown) => cause);
        expect(error).toMatchObject({ code: 'cannot-read-file' });
        expect((error as Error).message).not.toContain('hush');
      }
      expect(readFileSync(path, 'utf8')).toBe(text);
      expect(told).toHaveLength(4);
      expect(told.join('')).not.toContain('hush');
    }
  });
});
