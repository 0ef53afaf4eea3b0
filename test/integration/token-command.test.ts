import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createTokenVerifier } from '../../src-main/platform/token-verifier.ts';
import { silentLog } from '../silent-log.ts';
import { faultOf } from '../simulated-tokens.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { runFlyrail, startServe } from './flyrail-process.ts';

interface Told {
  readonly id: string;
  readonly token: string;
}

describe('the built flyrail token', () => {
  it('[TK57] works beside flyrail serve, which holds the data folder, and many at once lose none', async () => {
    const data = temporaryFolder();
    const serve = startServe(data, ['--no-ui']);
    await serve.event('ready');
    const options = { tokenFile: undefined, jwtKeys: [], audience: undefined, trustAnchors: [] };
    const storePath = join(data, 'tokens.json');
    const verifier = await createTokenVerifier({ ...options, storePath, clock: createSystemClock(), log: silentLog });
    onTestFinished(() => verifier.close());
    const runs = Array.from({ length: 6 }, (_, index) =>
      runFlyrail(['token', 'create', '--json', '--name', `desk ${index}`, '--expires', '12h', '--data', data]),
    );
    const made = (await Promise.all(runs)).map(({ code, stdout, stderr }) => {
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as Told;
    });
    const opens = async (token: string) => faultOf(await verifier.verify(token));
    const tokens = made.map(({ token }) => token);
    const known = async () => (await Promise.all(tokens.map(opens))).every((each) => each === 'granted');
    let isKnown = false;
    await until('all are known', () => (void known().then((each) => (isKnown ||= each)), isKnown));
    const revoked: string[] = [];
    verifier.onRevoked((id) => revoked.push(id));
    const [first] = made as [Told];
    const ended = await runFlyrail(['token', 'revoke', first.id, '--data', data]);
    expect([ended.code, ended.stdout]).toEqual([0, `revoked ${first.id}\n`]);
    await until('it is told', () => revoked.length > 0);
    expect([revoked, await opens(first.token)]).toEqual([[first.id], 'revoked']);
    const unknown = await runFlyrail(['token', 'revoke', 'tk_nobody', '--data', data]);
    expect([unknown.code, unknown.stdout]).toEqual([1, '']);
    const list = await runFlyrail(['token', 'list', '--json', '--data', data]);
    expect(JSON.parse(list.stdout)).toHaveLength(6);
    expect((await serve.stop()).code).toBe(0);
    const kept = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = [...kept.map(({ name }) => readFileSync(join(data, name), 'latin1')), serve.stdout(), serve.stderr()];
    for (const { token } of made) expect(texts.some((text) => text.includes(token.slice(5)))).toBe(false);
  });
});
