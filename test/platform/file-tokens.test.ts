import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { followTokenFile } from '../../src-main/platform/file-tokens.ts';
import { keptLog, scopes } from '../simulated-tokens.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

const [tom, ann, joe] = ['tom-has-16-letters', 'ann-has-16-letters', 'joe-has-16-letters'] as const;

async function running(text: string) {
  const path = join(temporaryFolder(), 'people.txt');
  writeFileSync(path, text, { mode: 0o600 });
  const log = keptLog();
  const revoked: string[] = [];
  const onRevoked = (id: string): unknown => revoked.push(id);
  const file = await followTokenFile({ path, clock: createSystemClock(), log, onRevoked });
  onTestFinished(() => file.close());
  return { path, log, revoked, file };
}

describe('a token file while Flyrail runs', () => {
  it('[TK12] opens what it says, and is read again when it changes: gone tokens and changed scopes count as revoked', async () => {
    const { path, file, revoked, log } = await running(`${tom} read:/a\n${ann} write:/b\n${joe}`);
    const ids = [tom, ann, joe].map((token) => file.find(token)?.id);
    expect(file.find(tom)).toMatchObject({
      name: 'people.txt line 1',
      scopes: scopes('read:/a'),
      expiresAt: undefined,
    });
    expect(file.find(joe)?.scopes).toEqual(scopes('admin:/**'));
    expect(file.find('somebody-with-16-letters')).toBeUndefined();
    writeFileSync(path, `# Tom is ill\n${ann} read:/b\n${joe}\nnew-has-16-letters`);
    await until('two are revoked', () => revoked.length > 1);
    expect(revoked).toEqual(ids.slice(0, 2));
    expect([file.find(tom), file.find(ann)?.scopes, file.find(joe)?.id]).toEqual([
      undefined,
      scopes('read:/b'),
      ids[2],
    ]);
    expect(file.find('new-has-16-letters')).toBeDefined();
    expect(log.lines).toHaveLength(1);
  });

  it('[TK12] keeps the old tokens when a change has a fault or the file is gone, and logs an error', async () => {
    const { path, file, revoked, log } = await running(tom);
    writeFileSync(path, `${tom}\n${ann} own:/a`);
    await until('the fault is told', () => log.lines.length > 0);
    rmSync(path);
    await until('it is missed', () => log.lines.length > 1);
    expect(log.lines[0]).toMatch(
      /^error: token file has a fault, its old tokens still hold .*line 2: behind the token/,
    );
    expect(log.lines[1]).toMatch(/^error: .*it is not there/);
    expect([file.find(tom) !== undefined, file.find(ann), revoked]).toEqual([true, undefined, []]);
    writeFileSync(path, ann, { mode: 0o600 });
    await until('it is read again', () => revoked.length > 0);
    expect([file.find(tom), file.find(ann) !== undefined]).toEqual([undefined, true]);
  });

  it('[TK12] refuses to begin with a file that is not there or has a fault', async () => {
    await expect(running('short')).rejects.toMatchObject({ code: 'bad-token-file' });
    const options = { clock: createSystemClock(), log: keptLog(), onRevoked: () => undefined };
    const path = join(temporaryFolder(), 'none');
    await expect(followTokenFile({ path, ...options })).rejects.toMatchObject({ code: 'cannot-read-file' });
    await expect(followTokenFile({ path: temporaryFolder(), ...options })).rejects.toMatchObject({
      code: 'cannot-read-file',
    });
  });

  it('[TK13] warns when others may read it', async () => {
    const { path, log } = await running(tom);
    expect(log.lines).toEqual([]);
    chmodSync(path, 0o644);
    await until('it is said', () => log.lines.length > 1);
    expect(log.lines.at(-1)).toMatch(/^warn: others on this machine may read a file with secrets/);
  });

  it('[TK14] calls its tokens by ids that nobody can try tokens against: they differ in every process', async () => {
    const ids = [(await running(tom)).file.find(tom)?.id, (await running(tom)).file.find(tom)?.id];
    expect(ids[0]).toMatch(/^file:[0-9a-f]{12}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
