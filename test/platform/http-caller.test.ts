import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { createHttpCaller } from '../../src-main/platform/http-caller.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('asking a web server', () => {
  it('[RZ48] sends a body as JSON, and gives status, body and when to try again', async () => {
    const url = await serve((request, response) => {
      response.writeHead(429, { 'retry-after': '7' });
      request.pipe(response);
    });
    const caller = createHttpCaller();
    const headers = { 'rendezvous-key': 'x' };
    expect(await caller.call({ method: 'POST', url, headers, body: '{"ü":1}' })).toEqual({
      status: 429,
      retryAfter: 7,
      body: '{"ü":1}',
    });
  });

  it('[RZ48] waits so long for an answer of so many bytes, and follows nobody elsewhere', async () => {
    const caller = createHttpCaller({ timeoutMs: 150, answerBytesMax: 1000 });
    const call = (url: string) => caller.call({ method: 'GET', url });
    const silent = await serve(() => undefined);
    await expect(call(silent)).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining('too long') as unknown,
    });
    const endless = await serve((_request, response) => {
      response.writeHead(200);
      const more = (): void => void response.write('x'.repeat(500), () => !response.destroyed && setImmediate(more));
      more();
    });
    await expect(call(endless)).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining('1000') as unknown,
    });
    const elsewhere = await serve((_request, response) => {
      response.writeHead(302, { location: silent });
      response.end();
    });
    await expect(call(elsewhere)).rejects.toMatchObject({ code: 'no-answer' });
    await expect(call(`http://127.0.0.1:${await freePort()}`)).rejects.toMatchObject({
      message: expect.stringContaining('ECONNREFUSED') as unknown,
    });
  });
});
