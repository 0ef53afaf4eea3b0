import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { createHttpCaller } from '../../src-main/platform/http-caller.ts';
import { until } from '../until.ts';
import { FakeCards } from './fake-cards.ts';

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
    const answer = await caller.call({ method: 'POST', url, headers, body: '{"ü":1}' });
    expect(answer).toMatchObject({ status: 429, retryAfter: 7, body: Buffer.from('{"ü":1}') });
    expect(answer.headers).toMatchObject({ 'retry-after': '7' });
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

  it('[HB4] sends any method with headers and bytes, over a connection that is kept', async () => {
    const asked: unknown[] = [];
    const ports = new Set<unknown>();
    const url = await serve((request, response) => {
      const { method, headers } = request;
      ports.add(request.socket.remotePort);
      asked.push([method, headers['x-a'], headers['content-type'], headers['content-length']]);
      request.pipe(response);
    });
    const caller = createHttpCaller();
    closers.push(() => caller.close());
    const body = Uint8Array.of(0, 255);
    const headers = { 'x-a': 'b', 'content-type': 'image/png' };
    for (const method of ['PUT', 'PATCH', 'POST', 'DELETE'] as const)
      expect((await caller.call({ method, url, headers, body })).body).toEqual(Buffer.from(body));
    await caller.call({ method: 'POST', url });
    expect(asked).toEqual([
      ...['PUT', 'PATCH', 'POST', 'DELETE'].map((method) => [method, 'b', 'image/png', '2']),
      ['POST', undefined, undefined, '0'],
    ]);
    expect(ports.size).toBe(1);
  });

  it('[HB4] asks again over a new connection where the server had just ended the kept one', async () => {
    const sockets: Socket[] = [];
    let asked = 0;
    const url = await serve((request, response) => {
      // The second call comes over a connection that ends under it.
      if (++asked === 2) return void request.socket.destroy();
      sockets.push(request.socket);
      return void response.end('yes');
    });
    const caller = createHttpCaller();
    closers.push(() => caller.close());
    for (let i = 0; i < 2; i++) expect((await caller.call({ method: 'GET', url })).status).toBe(200);
    expect([asked, new Set(sockets).size]).toEqual([3, 2]);
    asked = 1;
    expect((await caller.call({ method: 'POST', url, isRepeatable: true })).status).toBe(200);
    asked = 1;
    await expect(caller.call({ method: 'POST', url })).rejects.toMatchObject({ details: { why: 'network' } });
  });

  it('[HB26] keeps no connection for another address of the card, nor for when the card is missing', async () => {
    const seen: string[] = [];
    const url = await serve(({ socket }, response) => {
      seen.push(`${socket.remoteAddress} ${socket.remotePort}`);
      response.end();
    });
    const cards = new FakeCards().put('show', '127.0.0.2');
    const caller = createHttpCaller({ card: { networkCard: 'show', networkCards: cards.list } });
    closers.push(() => caller.close());
    const call = () => caller.call({ method: 'GET', url });
    await call();
    await call();
    expect(new Set(seen).size).toBe(1);
    cards.put('show', '127.0.0.3');
    await call();
    cards.put('show');
    await expect(call()).rejects.toMatchObject({ code: 'no-answer', cause: { code: 'no-network-card' } });
    expect(seen.map((line) => line.split(' ')[0])).toEqual(['127.0.0.2', '127.0.0.2', '127.0.0.3']);
  });

  it('[HB26] ends a question that waits for its answer when the card loses the address', async () => {
    let asked = 0;
    const url = await serve(() => asked++);
    const cards = new FakeCards().put('show', '127.0.0.2');
    const caller = createHttpCaller({ card: { networkCard: 'show', networkCards: cards.list }, timeoutMs: 60_000 });
    closers.push(() => caller.close());
    const answer = caller.call({ method: 'POST', url });
    answer.catch(() => undefined);
    await until('the question', () => asked === 1);
    cards.put('show');
    await expect(answer).rejects.toMatchObject({ code: 'no-answer', cause: { code: 'no-network-card' } });
  });

  it('[HB5] takes a status for the answer where that is enough, whatever becomes of the body', async () => {
    const caller = createHttpCaller({ timeoutMs: 150, answerBytesMax: 1000 });
    closers.push(() => caller.close());
    const slow = await serve((_request, response) => void response.writeHead(202, { 'content-length': 9 }).write('x'));
    const long = await serve((_request, response) => response.end('x'.repeat(5000)));
    const cut = await serve((request, response) => {
      response.writeHead(503, { 'content-length': 9, 'retry-after': '3' }).write('x', () => request.socket.destroy());
    });
    const post = (url: string) => caller.call({ method: 'POST', url, isStatusEnough: true });
    const answers = [await post(slow), await post(long), await post(cut)];
    expect(answers.map(({ status, retryAfter, body }) => [status, retryAfter, body.length])).toEqual([
      [202, undefined, 0],
      [200, undefined, 0],
      [503, 3, 0],
    ]);
  });

  it('[HB5] follows so many redirects to the same host, and none to another', async () => {
    const seen: unknown[] = [];
    const other = await serve((_request, response) => response.end('other'));
    const url = await serve((request, response) => {
      seen.push(request.headers['authorization']);
      const to = { '/a': '/b', '/b': 'c', '/away': other, '/round': '/round' }[request.url ?? ''];
      if (to === undefined) return void response.end('here');
      return void response.writeHead(302, { location: to }).end();
    });
    const caller = createHttpCaller();
    closers.push(() => caller.close());
    const headers = { authorization: 'secret' };
    const get = (path: string) => caller.call({ method: 'GET', url: url + path, headers, redirectsMax: 2 });
    expect(Buffer.from((await get('/a')).body).toString()).toBe('here');
    expect(seen).toEqual(['secret', 'secret', 'secret']);
    for (const path of ['/away', '/round'])
      await expect(get(path)).rejects.toMatchObject({ details: { why: 'redirect' } });
    await expect(caller.call({ method: 'POST', url: `${url}/a`, redirectsMax: 2 })).rejects.toThrow('to be found at');
  });

  it('[HB5] reads how long to wait from a date, by the clock of the server', async () => {
    let headers: Record<string, string> = {};
    const url = await serve((_request, response) => response.writeHead(503, headers).end());
    const caller = createHttpCaller();
    closers.push(() => caller.close());
    const wait = async (some: Record<string, string>): Promise<number | undefined> => {
      headers = some;
      return (await caller.call({ method: 'GET', url })).retryAfter;
    };
    const date = 'Mon, 23 Nov 2015 06:00:00 GMT';
    expect(await wait({ date, 'retry-after': 'Mon, 23 Nov 2015 06:01:30 GMT' })).toBe(90);
    expect(await wait({ date, 'retry-after': 'Mon, 23 Nov 2015 05:00:00 GMT' })).toBe(0);
    expect(await wait({ date, 'retry-after': 'soon' })).toBeUndefined();
  });

  it('[HB5] takes nothing compressed that it did not ask for, and ends what is under way', async () => {
    const packed = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(request.headers['accept-encoding']);
    });
    const caller = createHttpCaller();
    await expect(caller.call({ method: 'GET', url: packed })).rejects.toMatchObject({ details: { why: 'compressed' } });
    const silent = await serve(() => undefined);
    const waiting = expect(caller.call({ method: 'GET', url: silent })).rejects.toMatchObject({
      details: { why: 'closed' },
    });
    caller.close();
    await waiting;
    await expect(caller.call({ method: 'GET', url: silent })).rejects.toMatchObject({ details: { why: 'closed' } });
  });
});
