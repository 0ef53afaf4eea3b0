import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hertz } from '../../src-main/contract/units.ts';
import { parsePattern } from '../../src-main/contract/address.ts';
import { hashOfToken } from '../../src-main/platform/cpsk.ts';
import { formatTokenRecords, recordsMax, type TokenRecord } from '../../src-main/platform/token-records.ts';
import { createToken, readTokenStore, revokeForeign, revokeTokens } from '../../src-main/platform/token-store.ts';
import { replaceFile } from '../../src-main/platform/replace-file.ts';
import { scopes } from '../simulated-tokens.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-22T12:00:00Z');
const wanted = { name: 'Tom', scopes: scopes('write:/desk/**'), constraints: [], expiresAt: now + day };
const storePath = (): string => join(temporaryFolder(), 'data', 'tokens.json');

describe('the token store', () => {
  it('[TK2] keeps the hash of a token and what it may do, for its owner alone, and never the token', async () => {
    const path = storePath();
    const constraints = [{ pattern: parsePattern('/desk/**'), range: [0, 1] as const, maxRate: hertz(30) }];
    const { token, record } = await createToken(path, { ...wanted, constraints }, now);
    const text = readFileSync(path, 'utf8');
    expect([text.includes(token), text.includes(token.slice(5)), statSync(path).mode & 0o777]).toEqual([
      false,
      false,
      0o600,
    ]);
    expect(record).toMatchObject({
      name: 'Tom',
      hash: hashOfToken(token),
      createdAt: now,
      revokedAt: null,
      constraints,
    });
    expect(record.id).toMatch(/^tk_[0-9A-Za-z]{12}$/);
    expect((await readTokenStore(path)).tokens).toEqual([record]);
  });

  it('[TK3] loses none of those that are made and revoked at once', async () => {
    const path = storePath();
    const first = await createToken(path, wanted, now);
    const makes = Array.from({ length: 20 }, () => createToken(path, wanted, now));
    const made = await Promise.all([...makes, revokeTokens(path, ({ id }) => id === first.record.id, now)]);
    expect(made).toHaveLength(21);
    const { tokens } = await readTokenStore(path);
    expect([tokens.length, tokens.filter(({ revokedAt }) => revokedAt !== null).length]).toEqual([21, 1]);
  });

  it.each([
    ['no JSON', '{"version":1'],
    ['an older shape', '[]'],
    ['a later version', '{"version":2,"tokens":[],"revocations":[]}'],
    ['a member that is not known', '{"version":1,"tokens":[],"revocations":[],"only":"/a"}'],
    ['a bad scope', JSON.stringify({ version: 1, tokens: [tokenEntry({ scopes: ['own:/a'] })], revocations: [] })],
    ['a bound that is not known', JSON.stringify({ version: 1, tokens: [tokenEntry({ only: 1 })], revocations: [] })],
    ['a hash cut short', JSON.stringify({ version: 1, tokens: [tokenEntry({ hash: 'ab' })], revocations: [] })],
    ['nothing', ''],
  ])('[TK4] refuses a store with %s, and leaves it as it is', async (_what, content) => {
    const path = join(temporaryFolder(), 'tokens.json');
    writeFileSync(path, content);
    for (const act of [
      () => readTokenStore(path),
      () => createToken(path, wanted, now),
      () => revokeForeign(path, 'jwt:a', now),
    ])
      await expect(act()).rejects.toMatchObject({
        code: 'bad-token-file',
        message: expect.stringMatching(/tokens\.json is damaged, or/) as string,
      });
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('[TK5] refuses more than it keeps, and lets those go that ended 90 days ago', async () => {
    const path = storePath();
    const record = (index: number): TokenRecord => ({
      ...{ id: `tk_${String(index).padStart(12, '0')}`, name: '', kind: 'cpsk', hash: hashOfToken(String(index)) },
      ...{ scopes: [], constraints: [], createdAt: now, expiresAt: null, revokedAt: null },
    });
    await createToken(path, wanted, now);
    const many = Array.from({ length: recordsMax }, (_, index) => record(index));
    await replaceFile(path, formatTokenRecords({ tokens: many, revocations: [] }));
    await expect(createToken(path, wanted, now)).rejects.toMatchObject({ code: 'too-many-items' });
    const [first, second, ...rest] = many as [TokenRecord, TokenRecord, ...TokenRecord[]];
    const ended = [
      { ...first, revokedAt: now - 91 * day },
      { ...second, expiresAt: now - 89 * day },
    ];
    await replaceFile(path, formatTokenRecords({ tokens: [...ended, ...rest], revocations: [] }));
    const { record: made } = await createToken(path, wanted, now);
    const ids = (await readTokenStore(path)).tokens.map(({ id }) => id);
    expect([ids.length, ids.includes(first.id), ids.includes(second.id), ids.includes(made.id)]).toEqual([
      recordsMax,
      false,
      true,
      true,
    ]);
  });

  it('[TK6] revokes what is meant, once, and says which', async () => {
    const path = storePath();
    const made = [await createToken(path, wanted, now), await createToken(path, { ...wanted, name: 'Ann' }, now)];
    const toms = ({ name }: TokenRecord): boolean => name === 'Tom';
    expect(await revokeTokens(path, toms, now + 1)).toEqual([made[0]?.record.id]);
    expect(await revokeTokens(path, toms, now + 2)).toEqual([made[0]?.record.id]);
    expect(await revokeTokens(path, ({ name }) => name === 'nobody', now)).toEqual([]);
    expect((await readTokenStore(path)).tokens.map(({ revokedAt }) => revokedAt)).toEqual([now + 1, null]);
  });

  it('[TK9] keeps what others made and is revoked here, once', async () => {
    const path = storePath();
    await revokeForeign(path, 'jwt:night-1', now);
    await revokeForeign(path, 'jwt:night-1', now + 1);
    expect((await readTokenStore(path)).revocations).toEqual([{ id: 'jwt:night-1', revokedAt: now }]);
  });
});

function tokenEntry(change: object): object {
  const time = new Date(now).toISOString();
  const entry = { id: 'tk_000000000000', name: '', kind: 'cpsk', hash: hashOfToken('a'), scopes: [], constraints: [] };
  return { ...entry, createdAt: time, expiresAt: null, revokedAt: null, ...change };
}
