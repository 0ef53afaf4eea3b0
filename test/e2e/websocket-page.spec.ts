import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, startServing, test } from './serve.ts';

/** What a page hears of what it says itself, in both formats, or the code with which it does not come in. */
async function talk(url: string): Promise<string> {
  const one = (protocol: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, protocol);
      socket.binaryType = 'arraybuffer';
      socket.onclose = ({ code }) => resolve(`closed ${code}`);
      socket.onopen = () => {
        socket.send('{"type":"subscribe","pattern":"/page/**"}');
        socket.send('{"type":"set","address":"/page/level","value":0.5}');
      };
      socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
        resolve(typeof data === 'string' ? data : `${data.byteLength} bytes`);
        socket.close();
      };
    });
  return `${await one('flyrail.json')} ${await one('flyrail.msgpack')}`;
}

test('[WJ27] a page in Chromium comes in where its origin is allowed, and nowhere else', async ({ dataDir, page }) => {
  const web = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>page</title>');
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const doors = [`http=0,origin=${origin}`, 'http=0'].flatMap((door) => ['--transport', door]);
  const serving = await startServing(['--data', dataDir, '--no-ui', ...doors]);
  try {
    const urls = serving.ready.transports
      .filter(({ name }) => name === 'http')
      .map(({ url }) => `${url.replace('http', 'ws')}/ws`);
    await page.goto(origin);
    const said = [];
    for (const url of urls) said.push(await page.evaluate(talk, url));
    expect(said[0]).toMatch(
      /^\{"type":"signal","address":"\/page\/level","value":0\.5,"kind":"param","revision":\d+\} \d+ bytes$/,
    );
    expect(said[1]).toBe('closed 1006 closed 1006');
  } finally {
    await page.close();
    web.close();
    await serving.stop();
  }
});
