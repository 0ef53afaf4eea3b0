import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { fromJson } from '../../../src-main/contract/signal.ts';
import { keysMax } from '../../../src-main/core/realtime/retried-outbox.ts';
import { event, param } from '../../json-signals.ts';
import { failure, refusedConnection, textOf, type Answer } from './fake-caller.ts';
import { HttpWorld } from './http-world.ts';

const hook = { url: '/hook/{address}', payload: 'auto' };
const ok = (): Answer => ({ status: 204 });

describe('webhooks of an HTTP bridge', () => {
  it('[HB13] send what they cover, each of them, and refuse what none covers', async () => {
    const webhooks = [
      { ...hook, from: '/lamp/**' },
      { url: 'http://other/{1}', from: '/lamp/*', method: 'PUT' },
    ];
    const world = new HttpWorld({ webhooks }, ok);
    await world.start();
    world.bridge.apply([
      param('/http/lamp/1', 0.5),
      param('/http/x', 1),
      param('/httpx/lamp/1', 1),
      param('/http/', 1),
    ]);
    world.bridge.apply([{ ...event('/http/lamp/1', 1), kind: 'timeline' }]);
    await world.pass(0);
    expect(world.caller.asked.toSorted()).toEqual(['POST /hook/lamp/1', 'PUT http://other/1']);
    expect(world.bridge.status()).toMatchObject({
      ...{ state: 'connected', outTotal: 2, refusedTotal: 4 },
      reason: expect.stringMatching(/^Works: 2 webhooks\. Refused: .*a timeline plays/) as string,
    });
    await world.bridge.stop();
    world.bridge.apply([param('/http/lamp/1', 1)]);
    expect(world.bridge.status()).toMatchObject({ refusedTotal: 5, outTotal: 2 });
  });

  it('[HB21] try again until the server has it, with the same idempotency key', async () => {
    const replies: (Answer | Error)[] = [refusedConnection, failure('timeout'), { status: 503, retryAfter: 2 }];
    const world = new HttpWorld({ webhooks: [hook] }, () => replies.shift() ?? ok());
    await world.start();
    world.bridge.apply([event('/http/go', 7), event('/http/go', 8)]);
    await world.pass(0);
    expect(world.bridge.status()).toMatchObject({
      state: 'broken',
      reason: 'No server listens there (http://box/hook/{address}). Flyrail keeps trying. 2 events to be sent.',
    });
    await world.pass(1900);
    expect(world.bridge.status().reason).toMatch(/^The server answers 503: it cannot now/);
    const keys = world.caller.calls.map(({ headers }) => headers?.['idempotency-key']);
    expect(keys).toEqual(['run-1', 'run-1', 'run-1']);
    await world.pass(1000);
    expect(world.caller.bodies()).toEqual(['7', '7', '7', '7', '8']);
    expect(world.caller.calls.at(-1)?.headers?.['idempotency-key']).toBe('run-2');
    expect(world.bridge.status()).toMatchObject({ state: 'connected', outTotal: 2, refusedTotal: 0 });
    // The server is there again, and may not know how things stand.
    expect(world.host.returns).toBe(1);
    await world.bridge.stop();
  });

  it('[HB32] say what they leave out where more addresses wait than they hold, and count each', async () => {
    const world = new HttpWorld({ webhooks: [hook] }, () => refusedConnection);
    await world.start();
    world.bridge.apply([param('/http/p/0', 0)]);
    await world.pass(0);
    for (let i = 1; i < keysMax + 3; i++) world.bridge.apply([param(`/http/p/${i}`, i)]);
    const why = '10000 addresses wait for the server already, and it waited longest';
    expect(world.bridge.status()).toMatchObject({
      refusedTotal: 3,
      refused: { address: '/p/2', why },
      reason: expect.stringMatching(`10000 values to be sent\\. Refused: /p/2: ${why}\\.$`) as string,
    });
    await world.bridge.stop();
  });

  it('[HB21] deliver the newest of each param while it fails, and streams once', async () => {
    let reply: Answer | Error = refusedConnection;
    const world = new HttpWorld({ webhooks: [{ ...hook, kinds: ['param', 'stream'] }] }, () => reply);
    await world.start();
    world.bridge.apply([{ kind: 'stream', address: '/http/s' as Address, value: fromJson(1) }]);
    await world.pass(0);
    expect(world.bridge.status()).toMatchObject({ refusedTotal: 1, refused: { why: 'No server listens there' } });
    for (const value of [1, 2, 3]) world.bridge.apply([param('/http/a', value), param('/http/b', value)]);
    await world.pass(2500);
    reply = ok();
    const from = world.caller.calls.length;
    await world.pass(3000);
    expect(world.caller.calls.slice(from).map(({ body }) => textOf(body))).toEqual(['3', '3']);
    expect(world.bridge.status()).toMatchObject({ outTotal: 2, refusedTotal: 1 });
    await world.bridge.stop();
  });

  it('[HB8] give up what the server refuses, and tell it', async () => {
    const world = new HttpWorld({ webhooks: [hook] }, ({ url }) => {
      if (url.endsWith('/moved')) return failure('redirect', 'it is to be found at http://else/');
      return { status: url.endsWith('/none') ? 404 : 201 };
    });
    await world.start();
    world.bridge.apply([event('/http/none', 1)]);
    await world.pass(0);
    expect(world.bridge.status()).toMatchObject({
      ...{ state: 'connected', refusedTotal: 1 },
      refused: { address: '/none', why: 'it answers 404: there is nothing at this URL' },
    });
    world.bridge.apply([event('/http/moved', 1), event('/http/fine', 1)]);
    await world.pass(0);
    expect(world.bridge.status()).toMatchObject({
      ...{ refusedTotal: 2, outTotal: 1 },
      refused: { why: 'it is to be found at http://else/' },
    });
    expect(world.caller.calls.length).toBe(3);
    await world.bridge.stop();
  });

  it('[HB15] are signed anew in every try', async () => {
    const replies: (Answer | Error)[] = [{ status: 500 }];
    const signature = { secretName: 'key', form: 'standard' };
    const world = new HttpWorld({ webhooks: [{ ...hook, signature }] }, () => replies.shift() ?? ok());
    await world.start();
    world.bridge.apply([event('/http/go', 'x')]);
    await world.pass(1500);
    const headers = world.caller.calls.map((call) => call.headers ?? {});
    expect(headers.map((each) => each['webhook-id'])).toEqual(['run-1', 'run-1']);
    expect(new Set(headers.map((each) => each['webhook-timestamp'])).size).toBe(2);
    for (const each of headers) {
      const signed = createHmac('sha256', 'geheim').update(`run-1.${each['webhook-timestamp']}.x`).digest('base64');
      expect(each['webhook-signature']).toBe(`v1,${signed}`);
    }
    await world.bridge.stop();
    const missing = new HttpWorld({ webhooks: [{ ...hook, signature: { secretName: 'none' } }] });
    await expect(missing.bridge.start(missing.host)).rejects.toMatchObject({ code: 'unknown-id' });
    await missing.bridge.stop();
  });

  it('[HB22] bring what is answered to an address', async () => {
    const webhooks = [{ ...hook, from: '/ask/*', answerTo: '/answer/{1}', answerPath: '$.state' }];
    let body = '{"state":"on"}';
    const world = new HttpWorld({ webhooks }, () => ({ body, headers: { 'content-type': 'application/json' } }));
    await world.start();
    world.bridge.apply([event('/http/ask/lamp', null)]);
    await world.pass(0);
    expect(world.brought).toEqual([['param', '/answer/lamp', 'on']]);
    body = '{}';
    world.bridge.apply([event('/http/ask/lamp', null)]);
    await world.pass(0);
    body = 'no';
    world.bridge.apply([event('/http/ask/lamp', null)]);
    await world.pass(0);
    expect([world.brought.length, world.bridge.status().refused?.why]).toEqual([
      1,
      'its answer is of no use: it is no JSON',
    ]);
    // All of them arrived.
    expect(world.bridge.status()).toMatchObject({ outTotal: 3, refusedTotal: 2 });
    await world.bridge.stop();
  });

  it('[HB2] have a bound on requests to one host, all webhooks together, and none holds another up', async () => {
    const open: (() => void)[] = [];
    const webhooks = ['/a/*', '/b/*'].map((from) => ({ ...hook, from }));
    const world = new HttpWorld(
      { webhooks: [...webhooks, { ...hook, from: '/c/*', url: 'http://other/' }], connections: 2 },
      () => new Promise<Answer>((resolve) => open.push(() => resolve(ok()))),
    );
    await world.start();
    for (const key of [1, 2, 3]) world.bridge.apply(['a', 'b', 'c'].map((row) => param(`/http/${row}/${key}`, key)));
    await world.pass(0);
    const to = (host: string) => world.caller.calls.filter(({ url }) => url.startsWith(host)).length;
    expect([to('http://box'), to('http://other')]).toEqual([2, 2]);
    while (open.length > 0) {
      open.shift()?.();
      await world.pass(0);
    }
    expect(world.bridge.status().outTotal).toBe(9);
    await world.bridge.stop();
  });

  it('[HB21] get what stands at the start where only a server that is asked is away', async () => {
    const polls = [{ url: 'http://away/x', to: '/x', everyMs: 100 }];
    const world = new HttpWorld({ polls, webhooks: [hook] }, ({ url }) =>
      url.includes('away') ? refusedConnection : ok(),
    );
    await world.start();
    // Broken would mean that nothing is handed over until it is back.
    expect(world.bridge.status().state).toBe('trouble');
    await world.bridge.stop();
  });

  it('[HB23] that wait when it stops are counted in the log, and nothing is open', async () => {
    const world = new HttpWorld({ webhooks: [hook] }, () => refusedConnection);
    await world.start();
    world.bridge.apply([event('/http/go', 1), param('/http/a', 1)]);
    await world.pass(200);
    await world.bridge.stop();
    const { length } = world.caller.calls;
    await world.pass(60_000);
    expect([world.caller.calls.length, world.clock.waiting]).toEqual([length, 0]);
  });
});
