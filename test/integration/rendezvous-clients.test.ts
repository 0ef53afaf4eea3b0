import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { startFlyrail } from './flyrail-process.ts';
import { plainEnv } from './repository/fixture-repository.ts';
import { runProgram } from './repository/run-program.ts';

async function startFinder(...flags: readonly string[]): Promise<string> {
  const finder = startFlyrail(['rendezvous', '--json', '--port', '0', ...flags]);
  return `${String((await finder.event('ready'))['url'])}/api/v1`;
}

const folder = temporaryFolder();
const run = (...command: readonly string[]) => runProgram([...command], { cwd: folder, env: plainEnv() });

/** @returns status, then body */
async function curl(...args: readonly string[]): Promise<[status: number, body: string]> {
  const { stdout } = await run('curl', '-s', '-m', '10', '-w', '\n%{http_code}', ...args);
  const at = stdout.lastIndexOf('\n');
  return [Number(stdout.slice(at + 1)), stdout.slice(0, at)];
}

describe('curl and openssl', () => {
  skipUnless(hasProgram('curl'), notInstalled('curl', 'curl'));
  skipUnless(hasProgram('openssl'), notInstalled('openssl', 'openssl'));

  it('[RZ54] register, find, refresh and unregister as an existing client does', async () => {
    const api = await startFinder();
    const body = '{"name":"Lamp","endpoints":{"ws":"ws://10.0.0.7:7330"},"features":["param"],"tags":["hall"]}';
    const [status, made] = await curl('-H', 'content-type: application/json', '-d', body, `${api}/register`);
    const { id, ttl } = JSON.parse(made) as { id: string; ttl: number };
    expect([status, ttl]).toEqual([201, 300]);
    const [, found] = await curl(`${api}/discover?tag=hall`);
    expect(JSON.parse(found)).toMatchObject([{ id, name: 'Lamp', signed: false }]);
    expect(await curl('-X', 'POST', `${api}/refresh/${id}`)).toEqual([200, '']);
    // With -d and nothing in it curl names a type for a body that is not there.
    expect(await curl('-d', '', `${api}/refresh/${id}`)).toEqual([200, '']);
    expect(await curl('-X', 'DELETE', `${api}/unregister/${id}`)).toEqual([204, '']);
    expect(await curl(`${api}/health`)).toEqual([200, 'OK']);
  });

  it('[RZ54] [RZ22] sign with a key of openssl, and change what that key owns', async () => {
    const api = await startFinder('--require-signed');
    const key = join(folder, 'owner.pem');
    await run('openssl', 'genpkey', '-algorithm', 'ed25519', '-out', key);
    await run('openssl', 'pkey', '-in', key, '-pubout', '-outform', 'DER', '-out', join(folder, 'owner.der'));
    const { stdout: publicKey } = await run('sh', '-c', `tail -c 32 owner.der | ${base64url}`);
    const headers = async (method: string, target: string, body = ''): Promise<string[]> => {
      const time = String(Date.now() * 1000);
      writeFileSync(join(folder, 'signed'), `clasp-rendezvous-1\n${method}\n${target}\n${time}\n${body}`);
      const { stdout } = await run(
        'sh',
        '-c',
        `openssl pkeyutl -sign -rawin -inkey owner.pem -in signed | ${base64url}`,
      );
      const lines = [`Rendezvous-Key: ${publicKey}`, `Rendezvous-Time: ${time}`, `Rendezvous-Signature: ${stdout}`];
      return lines.flatMap((line) => ['-H', line]);
    };
    const body = '{"name":"Lamp","endpoints":{"ws":"ws://10.0.0.7:7330"}}';
    const signed = await headers('POST', '/api/v1/register', body);
    const [status, made] = await curl(...signed, '-d', body, `${api}/register`);
    expect([status, made]).toEqual([201, expect.stringContaining('"id"')]);
    const { id } = JSON.parse(made) as { id: string };
    const [again] = await curl(...signed, '-d', body, `${api}/register`);
    expect(again).toBe(401);
    const [, found] = await curl(`${api}/discover`);
    expect(JSON.parse(found)).toMatchObject([{ signed: true, verified: publicKey }]);
    const target = `/api/v1/unregister/${id}`;
    expect((await curl('-X', 'DELETE', `${api}/unregister/${id}`))[0]).toBe(401);
    const others = foreignHeaders(target);
    expect((await curl('-X', 'DELETE', ...others, `${api}/unregister/${id}`))[0]).toBe(403);
    const own = await headers('DELETE', target);
    expect(await curl('-X', 'DELETE', ...own, `${api}/unregister/${id}`)).toEqual([204, '']);
  });
});

const base64url = "base64 -w0 | tr '+/' '-_' | tr -d '='";

function foreignHeaders(target: string): string[] {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const time = Date.now() * 1000;
  const bytes = Buffer.from(`clasp-rendezvous-1\nDELETE\n${target}\n${time}\n`);
  return [
    `Rendezvous-Key: ${publicKey.export({ format: 'jwk' }).x}`,
    `Rendezvous-Time: ${time}`,
    `Rendezvous-Signature: ${sign(null, bytes, privateKey).toString('base64url')}`,
  ].flatMap((line) => ['-H', line]);
}

/** As somebody would write it with Python's own library alone. */
const python = `
import json, sys, urllib.request, urllib.error
api = sys.argv[1]
def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(api + path, data, {'Content-Type': 'application/json'}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
status, text = call('POST', '/register', {'name': 'Bühne', 'endpoints': {'ws': 'ws://10.0.0.7:7330'}, 'tags': ['hall']})
id = json.loads(text)['id']
found = json.loads(call('GET', '/discover?tag=hall&limit=5')[1])
refreshed = call('POST', '/refresh/' + id)[0]
empty = call('POST', '/refresh/' + id, {})[0]
gone = [call('DELETE', '/unregister/' + id)[0], call('DELETE', '/unregister/' + id)[0]]
bad = json.loads(call('POST', '/register', {'name': 'x'})[1])['error']['code']
print(json.dumps([status, found[0]['name'], found[0]['id'] == id, refreshed, empty, gone, bad]))
`;

describe('Python', () => {
  skipUnless(hasProgram('python3'), notInstalled('python3', 'python3'));

  it('[RZ54] registers, finds, refreshes and unregisters with its own library', async () => {
    const { stdout } = await run('python3', '-c', python, await startFinder());
    expect(JSON.parse(stdout)).toEqual([201, 'Bühne', true, 200, 200, [204, 404], 'bad-arguments']);
  });
});
