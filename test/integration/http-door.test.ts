import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { runFlyrail, startServe } from './flyrail-process.ts';

const run = promisify(execFile);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What curl prints, and the status behind it. */
async function curl(...args: readonly string[]): Promise<{ status: number; text: string }> {
  const { stdout } = await run('curl', ['-sS', '-w', '\n%{http_code}', ...args]);
  const at = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
}

/** `curl -N`, until the test is over. */
function listen(...args: readonly string[]): { text: string } {
  const child = spawn('curl', ['-sSN', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  ends.push(() => child.kill('SIGKILL'));
  const heard = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.text += text));
  return heard;
}

async function serve(flag: string, more: readonly string[] = [], folder = temporaryFolder()) {
  const serving = startServe(join(folder, 'data'), ['--transport', flag, ...more]);
  const { clasp, transports } = await serving.ready();
  const [kind = ''] = flag.split('=');
  const { url = '' } = transports.find(({ name }) => name === kind) ?? {};
  return { serving, clasp, url, folder };
}

describe('curl at flyrail serve', () => {
  skipUnless(hasProgram('curl'), notInstalled('curl', 'curl'));

  it('[HR17] sets, reads, clears and has happen; PUT and GET agree for every type, and CLASP clients hear it', async () => {
    const { serving, clasp, url } = await serve('http=0');
    const at = `${url}/api/signals/stage/lamp`;
    for (const json of [
      '0.5',
      'true',
      '"word"',
      '9007199254740993',
      '[1,"x",[null]]',
      '{"a":{"b":1}}',
      '{"$bytes":"AAE="}',
    ]) {
      expect(await curl('-X', 'PUT', '-d', json, at)).toEqual({ status: 204, text: '' });
      expect(await curl(at)).toEqual({ status: 200, text: json });
    }
    await curl('-X', 'PUT', '-H', 'content-type: text/plain', '--data-binary', 'plain words', at);
    expect(await curl('-H', 'accept: text/plain', at)).toEqual({ status: 200, text: 'plain words' });
    expect((await runFlyrail(['get', '/stage/lamp', '--url', clasp.url])).stdout).toContain('plain words');
    await runFlyrail(['pub', '/stage/lamp', '7', '--url', clasp.url]);
    expect((await curl(`${url}/api/stage/lamp`)).text).toBe('7');
    const { text: head } = await curl('-I', at);
    const etag = /^etag: (.*)\r$/im.exec(head)?.[1] ?? '';
    expect(etag).toMatch(/^"\d+"$/);
    expect(await curl('-H', `if-none-match: ${etag}`, at)).toEqual({ status: 304, text: '' });
    expect((await curl('-X', 'PUT', '-H', 'if-match: "0"', '-d', '1', at)).status).toBe(412);
    expect(JSON.parse((await curl(`${url}/api/signals?pattern=/stage/**`)).text)).toMatchObject({
      signals: [{ address: '/stage/lamp', value: 7 }],
      next: null,
    });
    const sub = listen(`${url}/api/events?pattern=/stage/**`);
    await until('what stands', () => sub.text.includes('event: given'));
    expect((await curl('-X', 'POST', '-d', '{"value":[1]}', `${url}/api/stage/go`)).status).toBe(204);
    expect((await curl('-X', 'DELETE', at)).status).toBe(204);
    expect((await curl(at)).status).toBe(404);
    await until('the event and the end', () => sub.text.includes('"value":null'));
    expect(sub.text).toContain('data: {"address":"/stage/go","kind":"event","value":[1]}');
    expect((await serving.stop()).code).toBe(0);
  });

  it('[HR17] comes in over TLS with the right token only and its scopes, and comes back to its events', async () => {
    const folder = temporaryFolder();
    const token = 'lampenwart-0123456789';
    const tokens = join(folder, 'tokens');
    writeFileSync(tokens, `${token} write:/lamp/**,read:/lamp/**\n`, { mode: 0o600 });
    const { serving, url } = await serve('https=0', ['--token-file', tokens], folder);
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, (await runFlyrail(['cert', 'export-ca', '--data', join(folder, 'data')])).stdout);
    const tls = ['--cacert', ca];
    const right = [...tls, '-H', `authorization: Bearer ${token}`];
    const wrong = [...tls, '-H', 'authorization: Bearer falsch'];
    expect((await curl(...tls, `${url}/api/lamp/1`)).status).toBe(401);
    expect((await curl(...wrong, `${url}/api/lamp/1`)).status).toBe(401);
    expect((await curl(...right, '-X', 'PUT', '-d', '1', `${url}/api/lamp/1`)).status).toBe(204);
    expect((await curl(...right, '-X', 'PUT', '-d', '1', `${url}/api/secret`)).status).toBe(403);
    const sub = listen(...tls, `${url}/api/events?pattern=/lamp/**&token=${token}`);
    await until('what stands', () => sub.text.includes('event: given'));
    const id = /^id: (.*)$/m.exec(sub.text)?.[1] ?? '';
    await curl(...right, '-X', 'POST', '-d', '2', `${url}/api/lamp/go`);
    const again = listen(...tls, '-H', `last-event-id: ${id}`, `${url}/api/events?pattern=/lamp/**&token=${token}`);
    await until('what came meanwhile', () => again.text.includes('/lamp/go'));
    expect(again.text).toContain('event: resumed');
    const log = await runFlyrail(['audit', '--data', join(folder, 'data')]);
    expect([log.stdout.includes(token), serving.stderr().includes(token)]).toEqual([false, false]);
    expect((await serving.stop()).code).toBe(0);
  });

  it('[HR18] pages are let in by the list alone: preflight, answers and refusals', async () => {
    const { serving, url } = await serve('http=0,origin=https://show.example');
    const asking = ['-X', 'OPTIONS', '-H', 'access-control-request-method: PUT', '-i', `${url}/api/signals/a`];
    const good = await curl('-H', 'origin: https://show.example', ...asking);
    expect([good.status, good.text]).toEqual([
      204,
      expect.stringMatching(/access-control-allow-origin: https:\/\/show\.example\r/i),
    ]);
    const bad = await curl('-H', 'origin: https://evil.example', ...asking);
    expect([bad.status, /access-control/i.test(bad.text)]).toEqual([403, false]);
    expect((await curl('-H', 'origin: https://evil.example', '-X', 'PUT', '-d', '1', `${url}/api/a`)).status).toBe(403);
    expect((await curl('-H', 'host: evil.example', '-X', 'PUT', '-d', '1', `${url}/api/a`)).status).toBe(403);
    expect((await curl(`${url}/api/a`)).status).toBe(404);
    expect((await serving.stop()).code).toBe(0);
  });
});
