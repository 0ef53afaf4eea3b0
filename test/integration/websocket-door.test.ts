import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { JsonClient } from '../gateways/web/websocket/json-client.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { repository, runFlyrail, startServe } from './flyrail-process.ts';
import { debianPython, hasWebsockets, noWebsockets } from './python-websockets.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** One of the examples of the page, at this door. */
function example(language: string, url: string): string {
  const page = readFileSync(join(repository, 'docs/websocket-door.md'), 'utf8');
  const found = new RegExp(`<!-- test:${language} -->\n\`\`\`\\w+\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
  expect(found).toContain('ws://127.0.0.1:8080');
  return found.replace('ws://127.0.0.1:8080', url.replace(/^http/, 'ws'));
}

/** What a program prints, until it is killed. */
function run(program: string, args: readonly string[]): { readonly text: () => string } {
  const child = spawn(program, args);
  ends.push(() => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  return { text: () => text };
}

async function serve(kind: 'http' | 'https', more: readonly string[] = [], data = temporaryFolder()) {
  const serving = startServe(data, ['--transport', `${kind}=0`, ...more]);
  const { clasp, transports } = await serving.ready();
  const { url = '' } = transports.find(({ name }) => name === kind) ?? {};
  return { serving, clasp, url, data };
}

describe('WebSocket clients at flyrail serve', () => {
  it('[WJ27] are written in ten lines: JavaScript as the page says', async () => {
    const { url, clasp, serving } = await serve('http');
    const script = run(process.execPath, ['--input-type=module', '-e', example('js', url)]);
    await until('its own value', () => script.text().includes('/lamp/1 0.5\n'));
    await runFlyrail(['pub', '/lamp/2', '0.25', '--url', clasp.url]);
    await until('the other one', () => script.text().includes('/lamp/2 0.25\n'));
    expect((await runFlyrail(['get', '/lamp/1', '--url', clasp.url])).stdout).toContain('0.5');
    expect((await serving.stop()).code).toBe(0);
  });

  it('[WJ27] are written in ten lines: Python as the page says', async ({ skip }) => {
    skip(!hasWebsockets, noWebsockets);
    const { url, clasp } = await serve('http');
    const script = run(debianPython, ['-c', example('python', url)]);
    await until('its own value', () => script.text().includes('/lamp/1 0.5\n'));
    await runFlyrail(['pub', '/lamp/2', '0.25', '--url', clasp.url]);
    await until('the other one', () => script.text().includes('/lamp/2 0.25\n'));
  });

  it('[WJ27] come in over TLS with the right token only, and with its scopes', async () => {
    const folder = temporaryFolder();
    const tokens = join(folder, 'tokens');
    const token = 'lampenwart-0123456789';
    writeFileSync(tokens, `${token} write:/lamp/**,read:/lamp/**\n`, { mode: 0o600 });
    const { url, data } = await serve('https', ['--token-file', tokens], join(folder, 'data'));
    const ca = (await runFlyrail(['cert', 'export-ca', '--data', data])).stdout;
    const open = async (query: string): Promise<JsonClient> => {
      const client = await JsonClient.open(`${url.replace(/^http/, 'ws')}/ws${query}`, [], { ca });
      ends.push(() => client.socket.terminate());
      return client;
    };
    expect((await (await open('?token=falsch')).end()).code).toBe(4401);
    const client = await open(`?token=${token}`);
    expect(await client.ask({ type: 'set', address: '/lamp/1', value: 1 })).toMatchObject({ type: 'ack' });
    expect(await client.ask({ type: 'set', address: '/other', value: 1 })).toMatchObject({ code: 'access-refused' });
    const bare = await open('');
    expect(await bare.ask({ type: 'hello', token })).toMatchObject({ type: 'welcome' });
  });

  it('[WJ28] are a thousand at once, all told of each change', { timeout: 120_000 }, async () => {
    const { url, serving } = await serve('http');
    const clients: JsonClient[] = [];
    ends.push(() => clients.forEach(({ socket }) => socket.terminate()));
    for (let i = 0; i < 1000; i++) {
      // One host may have 256 of them.
      clients.push(await JsonClient.open(url, [], { localAddress: `127.0.0.${1 + Math.floor(i / 250)}` }));
    }
    for (const client of clients) client.say({ type: 'subscribe', id: 1, pattern: '/lamp/**' });
    await until('all to be in', () => clients.every(({ heard }) => heard.some(({ type }) => type === 'ack')), 60_000);
    const [first] = clients;
    const from = performance.now();
    for (let i = 0; i < 10; i++) first?.say({ type: 'set', address: `/lamp/${i}`, value: i });
    await until('all to be told', () => clients.every((client) => client.signals().length === 10), 60_000);
    console.log(`1000 WebSocket clients: 10 changes reached all in ${Math.round(performance.now() - from)} ms`);
    for (const client of clients)
      expect(client.signals().map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await serving.stop()).code).toBe(0);
    await until('all to be told the end', () => clients.every(({ closed }) => closed?.code === 1001));
  });
});
