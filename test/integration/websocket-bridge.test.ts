import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { bridgeSchema, emptyShow } from '../../src-main/contract/show.ts';
import { makeAuthority, makeServerCertificate } from '../../src-main/platform/certificate-maker.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { freePort } from '../free-port.ts';
import { runFlyrail, startServe } from './flyrail-process.ts';
import { hasWebsockets, noWebsockets, PythonServer } from './python-websockets.ts';
import { writeShow } from './serve-shows.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** `flyrail serve` with a show of one WebSocket bridge. */
async function serveBridge(settings: Record<string, unknown>) {
  const folder = temporaryFolder();
  const bridge = bridgeSchema.parse({ id: 'far', number: 1, name: 'Far', kind: 'websocket', settings });
  const show = writeShow(folder, { ...emptyShow('gala', 'Gala'), bridges: [bridge] });
  const serving = startServe(join(folder, 'data'), ['--show', show]);
  const { clasp } = await serving.ready();
  const pub = (address: string, value: string, ...more: string[]) =>
    runFlyrail(['pub', address, value, '--url', clasp.url, ...more]);
  const get = async (address: string): Promise<string> =>
    (await runFlyrail(['get', address, '--url', clasp.url])).stdout;
  const stands = async (address: string, value: string): Promise<void> => {
    for (let tries = 0; tries < 20; tries++) if ((await get(address)).includes(value)) return;
    throw new Error(`${address} never was ${value}: ${await get(address)}`);
  };
  return { serving, pub, stands };
}

describe('the WebSocket bridge of flyrail serve', () => {
  it('[WJ29] speaks with a Python server, and again after that was killed', async ({ skip }) => {
    skip(!hasWebsockets, noWebsockets);
    let server = new PythonServer(0);
    ends.push(() => server.kill());
    const port = await server.port();
    const hello = ['{"login":1}'];
    const { pub, stands, serving } = await serveBridge({ url: `ws://127.0.0.1:${port}`, hello });
    await until('it to say hello', () => server.lines.includes('{"login":1}'));
    server.say('{"address":"/lamp/1","value":0.5}');
    await stands('/ws/lamp/1', '0.5');
    await pub('/ws/lamp/2', '0.25');
    await until('the value', () => server.lines.includes('{"address":"/lamp/2","value":0.25}'));
    await server.kill();
    await serving.event('bridge-status', ({ status }) => status === 'broken');
    await pub('/ws/lamp/2', '0.75');
    await pub('/ws/go', '1', '--signal', 'event');
    server = new PythonServer(port);
    await server.port();
    const from = performance.now();
    await until('what waited', () => server.lines.length >= 4);
    console.log(`back ${Math.round(performance.now() - from)} ms after the server listened`);
    expect(server.lines[0]).toBe('{"login":1}');
    expect(server.lines.slice(1).toSorted()).toEqual([
      '{"address":"/go","value":1}',
      '{"address":"/lamp/1","value":0.5}',
      '{"address":"/lamp/2","value":0.75}',
    ]);
    server.say('{"address":"/lamp/3","value":"back"}');
    await stands('/ws/lamp/3', 'back');
    expect((await serving.stop()).code).toBe(0);
  });

  it('[WJ29] joins one Flyrail to the web door of another, both ways', async () => {
    const port = await freePort();
    const far = startServe(temporaryFolder(), ['--transport', `http=${port}`]);
    const { clasp } = await far.ready();
    const hello = ['{"type":"subscribe","pattern":"/far/**"}'];
    const gives = [{ kind: 'event', body: '{"type":"emit","address":"{address}","value":{value}}' }, {}];
    const url = `ws://127.0.0.1:${port}/ws`;
    const { pub, stands } = await serveBridge({ url, prefix: '/link', hello, gives, messages: 'event' });
    await runFlyrail(['pub', '/far/a', '0.5', '--url', clasp.url]);
    await stands('/link/far/a', '0.5');
    await pub('/link/near/b', '0.25');
    let there = '';
    for (let tries = 0; tries < 20 && !there.includes('0.25'); tries++)
      there = (await runFlyrail(['get', '/near/b', '--url', clasp.url])).stdout;
    expect(there).toContain('0.25');
  });

  it('[WJ29] trusts the authority that it is told, and no other', async () => {
    const authority = await makeAuthority('Rig', Date.now());
    const { cert, key } = await makeServerCertificate(authority, ['127.0.0.1', 'localhost'], Date.now());
    const https = createServer({ cert, key });
    const server = new WebSocketServer({ server: https });
    const heard: string[] = [];
    server.on('connection', (client) => client.on('message', (data: Buffer) => heard.push(data.toString())));
    https.listen(0, '127.0.0.1');
    await once(https, 'listening');
    ends.push(() => {
      for (const client of server.clients) client.terminate();
      https.close();
    });
    const caFile = join(temporaryFolder(), 'ca.pem');
    writeFileSync(caFile, authority.cert);
    const url = `wss://127.0.0.1:${(https.address() as AddressInfo).port}`;
    await serveBridge({ url, caFile, hello: ['trusted'] });
    await until('the one that trusts it', () => heard.includes('trusted'));
    const { serving } = await serveBridge({ url, hello: ['not trusted'] });
    await serving.event('bridge-status', ({ status }) => status === 'broken');
    expect(heard).toEqual(['trusted']);
  });
});
