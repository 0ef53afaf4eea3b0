import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { runFlyrail, startFlyrail, startServe } from './flyrail-process.ts';
import { connectClient } from './quiet-client.ts';

interface Made {
  readonly id: string;
  readonly token: string;
}

async function makeToken(data: string, scopes: string): Promise<Made> {
  const { code, stdout } = await runFlyrail(['token', 'create', '--scopes', scopes, '--json', '--data', data]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Made;
}

describe('flyrail serve --auth', () => {
  it('[AC28] asks on every way in: no token, a wrong one, one that reads, one that writes', async () => {
    const data = temporaryFolder();
    const reader = await makeToken(data, 'read:/desk/**');
    const writer = await makeToken(data, 'write:/desk/**');
    const ways = ['tcp', 'tls', 'wss', 'udp', 'quic'].flatMap((name) => ['--transport', `${name}=0`]);
    const flyrail = startServe(data, ['--no-ui', '--auth', ...ways]);
    const { transports } = await flyrail.ready();
    const authority = join(data, 'ca.pem');
    await runFlyrail(['cert', 'export-ca', '--out', authority, '--data', data]);
    for (const { name, url } of transports) {
      const to = ['--url', url, '--ca', authority];
      const pub = ['pub', `/desk/${name}`, '1', ...to];
      const refused = (code: number) => ({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(`ERROR ${code}`) as string,
      });
      expect(await runFlyrail(pub), name).toEqual(refused(300));
      expect(await runFlyrail([...pub, '--token', 'cpsk_wrong']), name).toEqual(refused(300));
      expect(await runFlyrail([...pub, '--token', reader.token]), name).toEqual(refused(301));
      expect(await runFlyrail([...pub, '--token', writer.token]), name).toMatchObject({ code: 0 });
      const get = ['get', `/desk/${name}`, ...to, '--token', reader.token];
      expect(await runFlyrail(get), name).toMatchObject({ code: 0, stdout: '1\n' });
      const beyond = ['get', '/other', ...to, '--token', writer.token];
      expect(await runFlyrail(beyond), name).toEqual(refused(301));
    }
    expect((await flyrail.stop()).code).toBe(0);
  });

  it('[AC28] the official client comes in with a token; revoking it ends who is there, at once', async () => {
    const data = temporaryFolder();
    const { id, token } = await makeToken(data, 'admin:/**');
    const flyrail = startServe(data, ['--no-ui', '--auth']);
    const { clasp } = await flyrail.ready();
    const client = await connectClient(clasp.url, { token });
    client.set('/desk/a', 5);
    const sub = startFlyrail(['sub', '/desk/**', '--url', clasp.url, '--token', token]);
    await until('the subscription', () => sub.stdout().includes('/desk/a'));
    expect(await runFlyrail(['token', 'revoke', id, '--data', data])).toMatchObject({ code: 0 });
    expect([(await sub.end).code, sub.stderr()]).toEqual([1, expect.stringContaining('ERROR 300')]);
    await flyrail.stop();
    const audit = readFileSync(join(data, 'audit.jsonl'), 'utf8');
    expect(audit).toContain('"what":"session-opened"');
    expect(audit).toContain(`"token":"${id}"`);
    expect(audit).toContain('The token was revoked.');
    expect(audit).not.toContain(token);
  });

  it('[AC28] takes token files, JWTs and capability tokens, and bounds what they write', async () => {
    const data = temporaryFolder();
    const [list, secret, key] = ['tokens.txt', 'jwt.key', 'root.pem'].map((name) => join(data, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(list, 'house-token-of-the-desk read:/**\n', { mode: 0o600 });
    const bytes = 'a secret of at least thirty-two bytes';
    writeFileSync(secret, bytes, { mode: 0o600 });
    const jwt = await new SignJWT({
      clasp: { read: ['/**'], write: ['/dim/**'], constraints: { '/dim/**': { range: [0, 1] } } },
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(Buffer.from(bytes));
    const made = await runFlyrail(['token', 'key', '--out', key, '--json']);
    const { publicKey } = JSON.parse(made.stdout) as { publicKey: string };
    const issue = [
      'token',
      'create',
      '--kind',
      'capability',
      '--issuer-key',
      key,
      '--scopes',
      'write:/cap/**',
      '--json',
    ];
    const capability = (JSON.parse((await runFlyrail(issue)).stdout) as Made).token;
    const asked = ['--token-file', list, '--jwt-key', secret, '--trust-anchor', publicKey];
    const flyrail = startServe(data, ['--no-ui', ...asked, '--transport', 'tcp=0,scope=read:/**']);
    const { clasp, transports } = await flyrail.ready();
    const pub = async (address: string, value: string, token: string, url = clasp.url) =>
      (await runFlyrail(['pub', address, value, '--url', url, '--token', token])).stderr;
    expect(await pub('/dim/1', '0.5', jwt)).toBe('');
    expect(await pub('/dim/1', '1.5', jwt)).toContain('ERROR 301');
    expect(await pub('/other', '1', jwt)).toContain('ERROR 301');
    expect(await pub('/cap/1', '1', capability)).toBe('');
    expect(await pub('/dim/1', '1', capability)).toContain('ERROR 301');
    expect(await pub('/dim/1', '1', 'house-token-of-the-desk')).toContain('ERROR 301');
    expect(await pub('/cap/1', '2', capability, transports[1]?.url)).toContain('ERROR 301');
    const get = ['get', '/dim/1', '--url', transports[1]?.url ?? '', '--token', 'house-token-of-the-desk'];
    expect(await runFlyrail(get)).toMatchObject({ code: 0, stdout: '0.5\n' });
    await flyrail.stop();
  });

  it('[AC28] a delegation that is revoked ends who came in by what was made of it', async () => {
    const data = temporaryFolder();
    const [root, crew] = [join(data, 'root.pem'), join(data, 'crew.pem')];
    const printed = async (...args: string[]) =>
      JSON.parse((await runFlyrail(['token', ...args, '--json'])).stdout) as Made & { readonly publicKey: string };
    const [{ publicKey: anchor }, { publicKey: theirs }] = [
      await printed('key', '--out', root),
      await printed('key', '--out', crew),
    ];
    const make = ['create', '--scopes', 'admin:/**', '--kind'];
    const handed = await printed(...make, 'delegation', '--issuer-key', root, '--delegate-to', theirs);
    const own = await printed(...make, 'capability', '--issuer-key', crew, '--parent', handed.token);
    const flyrail = startServe(data, ['--no-ui', '--trust-anchor', anchor]);
    const { clasp } = await flyrail.ready();
    const client = await connectClient(clasp.url, { token: own.token });
    client.set('/desk/a', 5);
    const sub = startFlyrail(['sub', '/desk/**', '--url', clasp.url, '--token', own.token]);
    await until('the subscription', () => sub.stdout().includes('/desk/a'));
    expect(await runFlyrail(['token', 'revoke', handed.id, '--data', data])).toMatchObject({ code: 0 });
    expect([(await sub.end).code, sub.stderr()]).toEqual([1, expect.stringContaining('ERROR 300')]);
    await flyrail.stop();
  });

  it('[AC28] a rate of the command line is refused with 429 beyond it, and counted', async () => {
    const flyrail = startServe(temporaryFolder(), ['--metrics', '--rate-limit', '/slow/**=0.001']);
    const { clasp, ui } = await flyrail.ready();
    const client = await connectClient(clasp.url);
    for (const value of [1, 2, 3]) client.set('/slow/a', value);
    const metrics = async (): Promise<string> => (await fetch(new URL('/metrics', ui?.url))).text();
    let text = '';
    await until('the refusals', () => {
      void metrics().then((now) => (text = now));
      return text.includes('flyrail_router_refused_total{code="429"} 2');
    });
    expect(await runFlyrail(['get', '/slow/a', '--url', clasp.url])).toMatchObject({ stdout: '1\n' });
    await flyrail.stop();
  });
});
