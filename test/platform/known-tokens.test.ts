import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parsePattern } from '../../src-main/contract/address.ts';
import { micros } from '../../src-main/contract/units.ts';
import { followTokenStore } from '../../src-main/platform/known-tokens.ts';
import { replaceFile } from '../../src-main/platform/replace-file.ts';
import { createToken, revokeForeign, revokeTokens } from '../../src-main/platform/token-store.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { faultOf, granted, keptLog, scopes } from '../simulated-tokens.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

const wanted = { name: 'Tom', scopes: scopes('read:/**'), constraints: [], expiresAt: null };

/** As a router does, beside commands that change the store. */
async function running() {
  const path = join(temporaryFolder(), 'tokens.json');
  const clock = new SimulatedClock();
  const now = clock.nowMicros() / 1000;
  const log = keptLog();
  const revoked: string[] = [];
  const known = await followTokenStore({ path, clock, log, onRevoked: (id) => revoked.push(id) });
  onTestFinished(() => known.close());
  return { path, clock, now, log, revoked, known };
}

describe('tokens of the store while Flyrail runs', () => {
  it('[TK6] [TK7] open what they say from the moment they are made until they end', async () => {
    const { path, clock, now, known } = await running();
    const constraints = [{ pattern: parsePattern('/a'), range: [0, 1] as const }];
    const { token, record } = await createToken(path, { ...wanted, constraints, expiresAt: now + 60_000 }, now);
    await until('it is known', () => faultOf(known.verify(token)) === 'granted');
    expect(granted(known.verify(token))).toEqual({
      ...{ id: record.id, name: 'Tom', scopes: wanted.scopes, constraints },
      expiresAt: micros((now + 60_000) * 1000),
    });
    expect(faultOf(known.verify(`${token}x`))).toBe('unknown');
    clock.jump(60_000);
    expect(known.verify(token)).toMatchObject({ because: 'expired' });
  });

  it('[TK7] tell once of each that was revoked, is gone, or was changed by hand', async () => {
    const { path, now, known, revoked } = await running();
    const names = ['revoked', 'gone', 'changed', 'stays'];
    const made = [];
    for (const name of names) made.push(await createToken(path, { ...wanted, name }, now));
    const [first, gone, changed, stays] = made as [Made, Made, Made, Made];
    await until('all are known', () => faultOf(known.verify(stays.token)) === 'granted');
    expect(revoked).toEqual([]);
    await revokeTokens(path, ({ name }) => name === 'revoked', now);
    await until('one is revoked', () => revoked.length > 0);
    expect(known.verify(first.token)).toMatchObject({ because: 'revoked' });
    const file = JSON.parse(readFileSync(path, 'utf8')) as { tokens: { name: string; scopes: string[] }[] };
    const edited = file.tokens.filter(({ name }) => name !== 'gone');
    for (const each of edited) if (each.name === 'changed') each.scopes = ['read:/only'];
    await replaceFile(path, JSON.stringify({ ...file, tokens: edited }));
    await until('three are', () => revoked.length > 2);
    expect(revoked).toEqual([first.record.id, gone.record.id, changed.record.id]);
    expect(granted(known.verify(changed.token)).scopes).toEqual(scopes('read:/only'));
    expect(faultOf(known.verify(stays.token))).toBe('granted');
    rmSync(path);
    await until('all are gone', () => revoked.length > 4);
    expect(revoked.slice(3).toSorted()).toEqual([changed.record.id, stays.record.id].toSorted());
  });

  it('[TK8] open nothing while the store is damaged, with a line in the log, and go on when it is whole again', async () => {
    const { path, now, known, log, revoked } = await running();
    const { token } = await createToken(path, wanted, now);
    await until('it is known', () => faultOf(known.verify(token)) === 'granted');
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 100));
    await until('it is seen', () => log.lines.some((line) => line.startsWith('error: token store cannot be read')));
    expect([faultOf(known.verify(token)), faultOf(known.verify('cpsk_other'))]).toEqual(['unknown', 'unknown']);
    expect(known.refuses('jwt:any')).toMatchObject({ because: 'unknown' });
    expect(revoked).toEqual([]);
    await replaceFile(path, whole);
    await until('it is known again', () => faultOf(known.verify(token)) === 'granted');
    expect([known.refuses('jwt:any'), revoked]).toEqual([undefined, []]);
  });

  it('[TK8] open nothing where the store is damaged from the start, and Flyrail runs', async () => {
    const path = join(temporaryFolder(), 'tokens.json');
    writeFileSync(path, '{');
    const log = keptLog();
    const known = await followTokenStore({ path, clock: new SimulatedClock(), log, onRevoked: () => undefined });
    onTestFinished(() => known.close());
    expect([faultOf(known.verify('cpsk_any')), known.refuses('cap:any')?.because]).toEqual(['unknown', 'unknown']);
    expect(log.lines).toHaveLength(1);
  });

  it('[TK9] refuse those of others that were revoked here, and tell of them once', async () => {
    const { path, now, known, revoked } = await running();
    await revokeForeign(path, 'jwt:night-1', now);
    await until('it is told', () => revoked.length > 0);
    expect([known.refuses('jwt:night-1')?.because, known.refuses('jwt:night-2')]).toEqual(['revoked', undefined]);
    await revokeForeign(path, 'cap:abc', now);
    await until('the next is told', () => revoked.length > 1);
    expect(revoked).toEqual(['jwt:night-1', 'cap:abc']);
  });
});

type Made = Awaited<ReturnType<typeof createToken>>;
