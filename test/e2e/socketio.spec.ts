import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { expect, startServing, test } from './serve.ts';

declare global {
  interface Window {
    /** of the script that the door serves */
    readonly io: typeof io;
  }
}

/** What the page says and hears; it runs in the browser. */
async function speak(url: string): Promise<unknown> {
  const heard: unknown[] = [];
  const socket = window.io(`${url}/stage`, { auth: { name: 'Page' } });
  const done = new Promise<void>((resolve) => {
    socket.on('signal', (address: string, value: unknown, meta: { readonly kind: string }) => {
      heard.push([address, value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value, meta.kind]);
      if (heard.length === 3) resolve();
    });
  });
  const answers = [
    await socket.emitWithAck('set', '/level', 0.5),
    await socket.emitWithAck('subscribe', '/**'),
    await socket.emitWithAck('raw', new Uint8Array([1, 255])),
    await socket.emitWithAck('emit', '/go', { by: 'page' }),
    await socket.emitWithAck('get', '/none'),
  ] as unknown[];
  await done;
  const way = socket.io.engine.transport.name;
  socket.disconnect();
  return { heard, answers, way };
}

test('[SO23] a page of an allowed origin loads the script from the door, sets, hears and is heard', async ({
  dataDir,
  page,
}) => {
  const web = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>page</title>');
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const serving = await startServing(['--data', dataDir, '--no-ui', '--transport', `http=0,origin=${origin}`]);
  const { transports } = serving.ready as unknown as { transports: readonly { name: string; url: string }[] };
  const url = transports.find(({ name }) => name === 'http')?.url ?? '';
  try {
    await page.goto(origin);
    await page.addScriptTag({ url: `${url}/socket.io/socket.io.js` });
    const desk = io(`${url}/stage`, { transports: ['websocket'], auth: { plain: true } });
    // What the page has happen reaches others; it answers with an event of its own.
    desk.on('go', () => desk.emit('emit', '/beat', 1));
    await desk.emitWithAck('subscribe', '/go');
    const report = await page.evaluate(speak, url);
    desk.disconnect();
    expect(report).toEqual({
      heard: [
        ['/level', 0.5, 'param'],
        ['/raw', [1, 255], 'param'],
        ['/beat', 1, 'event'],
      ],
      answers: [
        { ok: true, revision: 1 },
        { ok: true },
        { ok: true },
        { ok: true },
        { ok: false, code: 'unknown-address', message: 'There is nothing at /none.' },
      ],
      way: 'websocket',
    });
    await page.goto(`${origin.replace('127.0.0.1', 'localhost')}`);
    await page.addScriptTag({ url: `${url}/socket.io/socket.io.js` });
    const refused = await page.evaluate(async (door) => {
      const socket = window.io(door, { reconnection: false });
      return new Promise((resolve) => {
        socket.on('connect', () => resolve('let in'));
        socket.on('connect_error', () => resolve('refused'));
      });
    }, url);
    expect(refused).toBe('refused');
  } finally {
    web.close();
    await serving.stop();
  }
});
