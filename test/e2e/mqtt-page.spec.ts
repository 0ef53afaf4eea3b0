import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type mqtt from 'mqtt';
import { expect, startServing, test } from './serve.ts';

const library = readFileSync(fileURLToPath(import.meta.resolve('mqtt/dist/mqtt.min')), 'utf8');

declare global {
  interface Window {
    readonly mqtt: typeof mqtt;
  }
}

/** What a page hears of what it says itself, or why it does not come in. */
async function talk(url: string): Promise<string> {
  const client = window.mqtt.connect(url, { reconnectPeriod: 0, clientId: 'page', clean: false });
  const ended = new Promise<string>((resolve) => client.once('close', () => resolve('closed')));
  const heard = new Promise<string>((resolve) =>
    client.once('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`)),
  );
  client.on('error', () => undefined);
  client.once('connect', () => {
    client.subscribe('page/#', { qos: 2 }, () => client.publish('page/level', '0.5', { qos: 2 }));
  });
  return Promise.race([ended, heard]);
}

test('[MQ33] a page in Chromium speaks MQTT over WebSocket where its origin is allowed, and nowhere else', async ({
  dataDir,
  page,
}) => {
  const web = createServer((request, response) => {
    const isScript = request.url === '/mqtt.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? library : '<!doctype html><title>page</title><script src="/mqtt.js"></script>');
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const doors = [`http=0,origin=${origin}`, 'http=0'].flatMap((door) => ['--transport', door]);
  const serving = await startServing(['--data', dataDir, '--no-ui', ...doors]);
  try {
    const urls = serving.ready.transports
      .filter(({ name }) => name === 'http')
      .map(({ url }) => `${url.replace('http', 'ws')}/mqtt`);
    await page.goto(origin);
    const said = [];
    for (const url of urls) said.push(await page.evaluate(talk, url));
    expect(said).toEqual(['page/level 0.5', 'closed']);
  } finally {
    await page.close();
    web.close();
    await serving.stop();
  }
});
