import { afterEach, describe, expect, it } from 'vitest';
import { openAnswersMax } from '../../../src-main/gateways/web/answers-in-turn.ts';
import { createRestService } from '../../../src-main/gateways/web/rest/rest-service.ts';
import { createWebSocketService } from '../../../src-main/gateways/web/websocket/websocket-service.ts';
import { param } from '../../json-signals.ts';
import { until } from '../../until.ts';
import { RawLine, requestLine } from './raw-line.ts';
import { ask, newRouter, openDesk, openWebDoor } from './web-rig.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(some: Partial<Parameters<typeof openWebDoor>[1]> = {}) {
  const router = newRouter();
  const services = [createRestService(), createWebSocketService()];
  const gateway = await openWebDoor(router, { services, ...some });
  ends.push(() => gateway.stop());
  const dial = (): RawLine => {
    const line = new RawLine(gateway.url);
    ends.push(() => line.socket.destroy());
    return line;
  };
  return { gateway, dial, ...openDesk(router) };
}

const chunked = 'Transfer-Encoding: chunked';
const aChunk = '1\r\n1\r\n0\r\n\r\n';
const put = (headers: readonly string[], body: string): string =>
  ['PUT /api/a HTTP/1.1', 'Host: 127.0.0.1', ...headers, '', body].join('\r\n');

describe('what comes to the port of a web door', () => {
  it.each<[why: string, words: string]>([
    ['a length and chunks', put(['Content-Length: 6', chunked], `${aChunk}GET`)],
    ['chunks and a length', put([chunked, 'Content-Length: 6'], `${aChunk}GET`)],
    ['two lengths', put(['Content-Length: 1', 'Content-Length: 2'], '12')],
    ['two lengths that agree', put(['Content-Length: 1', 'Content-Length: 1'], '1')],
    ['a list of lengths', put(['Content-Length: 1, 1'], '1')],
    ['a length with a sign', put(['Content-Length: +1'], '1')],
    ['chunks that are not last', put(['Transfer-Encoding: chunked, identity'], aChunk)],
    ['a coding that is nearly chunks', put(['Transfer-Encoding: xchunked'], aChunk)],
    ['a space before the colon', put(['Transfer-Encoding : chunked'], aChunk)],
    ['a header on two lines', put(['X-A: a\r\n b', 'Content-Length: 1'], '1')],
    ['lines without a return', 'GET /api/a HTTP/1.1\nHost: 127.0.0.1\n\n'],
    ['a return within a header', put(['X-A: a\rb'], '')],
    ['a zero in a header', put(['X-A: a\0b'], '')],
    ['a chunk that is larger than numbers', put([chunked], 'ffffffffffffffff1\r\n1')],
    ['headers after the chunks without end', put([chunked], `1\r\n1\r\n0\r\n${'X: b\r\n'.repeat(5000)}\r\n`)],
    [
      'ten thousand headers',
      put(
        Array.from({ length: 10_000 }, () => 'a: b'),
        '',
      ),
    ],
    ['an address as long as a book', `GET /api/${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`],
    ['an address in plain UTF-8', Buffer.from('GET /api/bühne HTTP/1.1\r\nHost: a\r\n\r\n').toString('latin1')],
    ['no Host', 'GET /api/a HTTP/1.1\r\n\r\n'],
    ['HTTP of another age', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a method that nobody knows', 'FOO /api/a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ])('[WB11] is refused, once, and its connection ends: %s', async (_why, words) => {
    const { gateway, dial, heard } = await open();
    const line = dial();
    line.say(Buffer.from(words, 'latin1'));
    await line.end();
    expect(line.statuses).toEqual([expect.any(Number)]);
    expect([400, 431, 501]).toContain(line.statuses[0]);
    expect((await ask(gateway.url, '/api/health')).status).toBe(200);
    expect(heard).toEqual([]);
  });

  it('[WB11] what no service understands is refused whatever its path, and so is a plain request for a WebSocket', async () => {
    const { gateway, heard } = await open();
    const zipped = await ask(gateway.url, '/api/a', {
      ...{ method: 'PUT', body: '1' },
      headers: { 'transfer-encoding': 'gzip, chunked' },
    });
    expect([zipped.status, zipped.headers.connection]).toEqual([501, 'close']);
    expect((await ask(gateway.url, '/api/a', { method: 'PROPFIND' })).status).toBe(501);
    const plain = await ask(gateway.url, '/ws');
    expect([plain.status, plain.headers.upgrade]).toEqual([426, 'websocket']);
    expect(heard).toEqual([]);
    expect(gateway.refused()).toEqual({ 'unknown-command': 1, 'bad-message': 2 });
  });

  it('[WB11] a whole URL stands for its path, and for the Host that it names', async () => {
    const { gateway, dial } = await open();
    const own = dial();
    own.say(requestLine('PUT http://localhost:1/api/a', [], '5'));
    expect(await own.answers(1)).toEqual([204]);
    expect((await ask(gateway.url, '/api/a')).text).toBe('5');
    const evil = dial();
    evil.say(requestLine('PUT http://evil.example/api/a', [], '6'));
    await evil.end();
    expect(evil.statuses).toEqual([403]);
    expect(gateway.refused()).toEqual({ host: 1 });
  });

  it('[WB12] answers come in the order of the requests, so many at a time', async () => {
    const { dial, gateway } = await open();
    const line = dial();
    line.say(requestLine('PUT /api/a', [], '0.25') + requestLine('GET /api/a') + requestLine('GET /api/none'));
    expect(await line.answers(3)).toEqual([204, 200, 404]);
    const many = dial();
    many.say(requestLine('GET /api/a').repeat(openAnswersMax + 1));
    await many.end();
    expect(many.statuses).toEqual([...Array.from({ length: openAnswersMax }, () => 200), 503]);
    expect(gateway.refused()).toEqual({ 'queue-full': 1 });
  });

  it('[WB12] nothing comes between an answer that is on its way and its end', async () => {
    const { dial, gateway } = await open();
    const upgrade = requestLine('GET /ws', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']);
    for (const words of ['\0nonsense\r\n\r\n', upgrade]) {
      const line = dial();
      line.say(requestLine('GET /api/events?pattern=/a'));
      await until('it to be open', () => line.heard.includes('event: given'));
      line.say(words);
      await line.end();
      expect(line.statuses).toEqual([200]);
    }
    expect(gateway.refused()).toEqual({ broken: 2 });
  });

  it('[WB13] who asks before it sends its body is told to where the body would be read', async () => {
    const { gateway, dial, heard } = await open({ limits: { bodyBytesMax: 100 } });
    const expecting = 'Expect: 100-continue';
    const line = dial();
    line.say(put([expecting, 'Content-Length: 1'], ''));
    expect(await line.answers(1)).toEqual([100]);
    line.say('7');
    expect(await line.answers(2)).toEqual([100, 204]);
    expect((await ask(gateway.url, '/api/a')).text).toBe('7');
    const long = dial();
    long.say(put([expecting, 'Content-Length: 101'], ''));
    expect(await long.answers(1)).toEqual([413]);
    const page = dial();
    page.say(put([expecting, 'Content-Length: 1', 'Origin: http://evil.example'], ''));
    expect(await page.answers(1)).toEqual([403]);
    expect(heard).toHaveLength(1);
  });

  it('[WB10] answers that nobody reads count with all that waits, and while that is short large ones are refused', async () => {
    const { gateway, dial, local } = await open({ limits: { keptBytesMax: 256 * 1024 } });
    for (let i = 0; i < 40; i++) local.publish([param(`/big/${i}`, 'x'.repeat(50_000))]);
    const ofAll = '/api/signals?pattern=/big/**';
    const stuck = dial();
    stuck.socket.pause();
    stuck.say(requestLine(`GET ${ofAll}`).repeat(20));
    while ((await ask(gateway.url, ofAll)).status === 200);
    expect((await ask(gateway.url, ofAll)).status).toBe(503);
    expect((await ask(gateway.url, '/api/big/1')).status).toBe(200);
    stuck.socket.destroy();
    while ((await ask(gateway.url, ofAll)).status === 503);
    expect((await ask(gateway.url, ofAll)).status).toBe(200);
  });
});
