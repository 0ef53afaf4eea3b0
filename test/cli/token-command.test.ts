import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createTokenVerifier } from '../../src-main/platform/token-verifier.ts';
import { granted, scopes } from '../simulated-tokens.ts';
import { silentLog } from '../silent-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli } from './run-cli.ts';

interface Told {
  readonly id: string;
  readonly token: string;
  readonly scopes: readonly string[];
  readonly expires: string | null;
}

const create = async (...args: readonly string[]): Promise<Told> => {
  const { code, stdout, stderr } = await runCli('token', 'create', '--json', ...args);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Told;
};

describe('flyrail token', () => {
  it('[TK50] create prints the token once, with its id, scopes and end', async () => {
    const data = join(temporaryFolder(), 'new');
    const made = await create('--scopes', 'read:/a/**, w:/b', '--name', 'Tom', '--expires', '90d', '--data', data);
    expect(Object.keys(made)).toEqual(['id', 'token', 'scopes', 'expires']);
    expect([made.token, made.id]).toEqual([
      expect.stringMatching(/^cpsk_[0-9A-Za-z]{32}$/),
      expect.stringMatching(/^tk_[0-9A-Za-z]{12}$/),
    ]);
    expect(made.scopes).toEqual(['read:/a/**', 'write:/b']);
    expect(Math.abs(Date.parse(made.expires ?? '') - Date.now() - 90 * 86_400_000)).toBeLessThan(60_000);
    expect(await create('--data', data)).toMatchObject({ scopes: ['admin:/**'], expires: null });
    const words = await runCli('token', 'create', '--data', data);
    expect(words.stdout).toMatch(
      /^cpsk_\w{32}\n\nIt is shown this once.*\nid +tk_\w+\nscopes +admin:\/\*\*\nuntil +revoked\n$/,
    );
    expect(readFileSync(join(data, 'tokens.json'), 'utf8')).not.toContain(made.token);
  });

  it('[TK50] create keeps bounds on numbers and rates', async () => {
    const data = temporaryFolder();
    await create('--range', '/a/**=-1..0.5', '--max-rate', '/a=b=30', '--range', '/c=0..1', '--data', data);
    const [listed] = JSON.parse((await runCli('token', 'list', '--json', '--data', data)).stdout) as [object];
    expect(listed).toMatchObject({
      constraints: [
        { pattern: '/a/**', range: [-1, 0.5] },
        { pattern: '/c', range: [0, 1] },
        { pattern: '/a=b', maxRate: 30 },
      ],
    });
    expect((await runCli('token', 'list', '--data', data)).stdout).toContain('/a/** -1..0.5,/c 0..1,/a=b 30 Hz');
  });

  it('[TK51] list tells what was made and revoked, and neither tokens nor their hashes', async () => {
    const data = temporaryFolder();
    expect((await runCli('token', 'list', '--data', data)).stdout).toMatch(/^There are no tokens/);
    expect((await runCli('token', 'list', '--json', '--data', data)).stdout).toBe('[]\n');
    const made = await create('--name', 'Tom\u001b[31m', '--expires', '2w', '--data', data);
    await runCli('token', 'revoke', 'jwt:night-1', '--data', data);
    const json = await runCli('token', 'list', '--json', '--data', data);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { id: made.id, name: 'Tom\u001b[31m', kind: 'cpsk', scopes: ['admin:/**'], expires: made.expires, revoked: null },
      { id: 'jwt:night-1', kind: 'jwt' },
    ]);
    const words = await runCli('token', 'list', '--data', data);
    expect(words.stdout).toContain(`${made.id}  until ${made.expires}  admin:/**  Tom\\x1b[31m\n`);
    expect(words.stdout).toMatch(/jwt:night-1 {2}revoked \d{4}-/);
    for (const { stdout } of [json, words])
      expect([/cpsk_|[0-9a-f]{64}/.test(stdout), stdout.includes('\u001b')]).toEqual([false, false]);
  });

  it('[TK52] revoke ends a token by its id or name; 1 where there is none', async () => {
    const data = temporaryFolder();
    const made = [await create('--name', 'Tom', '--data', data), await create('--name', 'Tom', '--data', data)];
    const third = await create('--data', data);
    const revoke = (...args: readonly string[]) => runCli('token', 'revoke', ...args, '--data', data);
    expect(await revoke(third.id)).toMatchObject({ code: 0, stdout: `revoked ${third.id}\n` });
    const ids = made.map(({ id }) => id);
    expect(await revoke('--name', 'Tom', '--json')).toMatchObject({ stdout: `${JSON.stringify({ revoked: ids })}\n` });
    for (const args of [['tk_000000000000'], ['--name', 'nobody'], [third.token]]) {
      const { code, stdout, stderr } = await revoke(...args);
      expect([code, stdout, stderr.split('\n').length]).toEqual([1, '', 2]);
      expect(stderr).toMatch(/^flyrail: there is no token with the (id|name) /);
    }
    expect((await revoke('cap:abc')).code).toBe(0);
    const list = JSON.parse((await runCli('token', 'list', '--json', '--data', data)).stdout) as { revoked: unknown }[];
    expect(list.map(({ revoked }) => typeof revoked)).toEqual(['string', 'string', 'string', 'string']);
  });

  it('[TK53] key makes a key once, and capability tokens are made, handed on and narrowed with it', async () => {
    const folder = temporaryFolder();
    const [hall, crew] = [join(folder, 'hall.pem'), join(folder, 'crew.pem')];
    const made = await runCli('token', 'key', '--out', hall);
    expect([made.code, statSync(hall).mode & 0o777]).toEqual([0, 0o600]);
    expect(made.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    const key = JSON.parse((await runCli('token', 'key', '--json', '--out', crew)).stdout) as { publicKey: string };
    const again = await runCli('token', 'key', '--out', hall);
    expect([again.code, again.stderr.includes('is there already')]).toEqual([2, true]);
    const parent = await create(
      ...['--kind', 'delegation', '--issuer-key', hall, '--delegate-to', key.publicKey, '--scopes', 'write:/desk/**'],
      ...['--audience', 'hall', '--expires', '1h'],
    );
    const child = ['--kind', 'capability', '--issuer-key', crew, '--parent', parent.token];
    const token = await create(...child, '--scopes', 'read:/desk/1', '--expires', '2d');
    expect(token).toMatchObject({ scopes: ['read:/desk/1'], expires: parent.expires });
    const wide = await runCli('token', 'create', ...child, '--scopes', 'read:/**');
    expect([wide.code, wide.stderr]).toEqual([2, 'flyrail: --parent: it does not allow read:/**.\n']);
    const options = { tokenFile: undefined, jwtKeys: [], audience: 'hall', clock: createSystemClock(), log: silentLog };
    const storePath = join(folder, 'tokens.json');
    const verifier = await createTokenVerifier({ ...options, storePath, trustAnchors: [made.stdout.trim()] });
    onTestFinished(() => verifier.close());
    expect(granted(await verifier.verify(token.token))).toMatchObject({ id: token.id, scopes: scopes('read:/desk/1') });
    const root = await create('--kind', 'capability', '--issuer-key', hall);
    expect(Math.abs(Date.parse(root.expires ?? '') - Date.now() - 86_400_000)).toBeLessThan(60_000);
    expect(granted(await verifier.verify(root.token)).scopes).toEqual(scopes('admin:/**'));
    expect(existsSync(storePath)).toBe(false);
  });

  it.each([
    [[], 'expected one of create, list, revoke, key, found nothing'],
    [['steal'], 'found steal'],
    [['create', 'now'], 'create takes flags only, found now'],
    [['list', 'all'], 'list takes flags only'],
    [['list', '--name', 'x'], '--name does not go with list'],
    [['create', '--out', 'x'], '--out does not go with create'],
    [['create', '--scopes', ''], '--scopes: expected a value'],
    [['create', '--scopes', 'own:/a'], 'A scope is read, write or admin'],
    [['create', '--name', 'x'.repeat(129)], '--name: at most 128 letters'],
    [['create', '--expires', 'soon'], '--expires soon: expected a span'],
    [['create', '--range', '/a'], '--range /a: expected a pattern, then ='],
    [['create', '--range', '/a=1..0'], 'expected PATTERN=MIN..MAX'],
    [['create', '--range', 'a=0..1'], 'starts with a slash'],
    [['create', '--max-rate', '/a=0'], 'expected PATTERN=HZ'],
    [['create', '--kind', 'jwt'], 'expected one of cpsk, capability, delegation'],
    [['create', '--issuer-key', 'x'], '--issuer-key does not go with --kind cpsk'],
    [['create', '--kind', 'capability', '--name', 'x'], '--name does not go with --kind capability'],
    [['create', '--kind', 'capability'], 'needs --issuer-key FILE'],
    [['create', '--kind', 'capability', '--issuer-key', '/nowhere'], 'cannot read /nowhere'],
    [['revoke'], 'revoke takes one id, or --name TEXT'],
    [['revoke', 'a', 'b'], 'revoke takes one id'],
    [['revoke', 'a', '--name', 'b'], 'revoke takes one id'],
    [['key'], 'key needs --out FILE.pem'],
  ])('[TK54] refuses %j and says what was expected', async (args, words) => {
    const data = temporaryFolder();
    const ofStore = args[0] !== 'key' && !args.includes('capability');
    const { code, stdout, stderr } = await runCli('token', ...args, ...(ofStore ? ['--data', data] : []));
    expect([code, stdout, stderr.includes(words), stderr.split('\n').length]).toEqual([2, '', true, 2]);
    expect(existsSync(join(data, 'tokens.json'))).toBe(false);
  });

  it('[TK54] --help tells all of it', async () => {
    const { code, stdout } = await runCli('token', 'create', '--help');
    expect(code).toBe(0);
    for (const flag of ['--scopes', '--expires', '--range', '--issuer-key', '--delegate-to', '--parent', '--data'])
      expect(stdout).toContain(flag);
    expect((await runCli('--help')).stdout).toContain('flyrail token');
  });
});
