import { describe, expect, it } from 'vitest';
import { pagesMax } from '../../../src-main/bridges/http/poll-pages.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { param } from '../../json-signals.ts';
import { HttpWorld } from './http-world.ts';
import { failure, refusedConnection, type Answer } from './fake-caller.ts';

const json = (value: unknown, more: Answer = {}): Answer => ({
  body: JSON.stringify(value),
  ...more,
  headers: { 'content-type': 'application/json', ...more.headers },
});
const poll = { url: '/state', to: '/state', everyMs: 1000 };

describe('polls of an HTTP bridge', () => {
  it('[HB11] bring what changed, and every answer where the row says so', async () => {
    let value = 1;
    const rows = [poll, { ...poll, to: '/all', publish: 'always' }, { ...poll, to: '/tick', kind: 'event' }];
    const world = new HttpWorld({ polls: rows }, () => json(value));
    await world.start(2000);
    value = 2;
    await world.pass(1000);
    expect(world.brought.filter(([, address]) => address === '/state')).toEqual([
      ['param', '/state', 1],
      ['param', '/state', 2],
    ]);
    // What stood there before is no event.
    expect(world.brought.filter(([kind]) => kind === 'event')).toEqual([['event', '/tick', 2]]);
    expect(world.brought.filter(([, address]) => address === '/all').length).toBe(3);
    expect(world.bridge.status()).toMatchObject({ state: 'connected', reason: 'Works: 3 polls.', url: 'http://box' });
    await world.bridge.stop();
    expect([world.clock.waiting, world.caller.isClosed]).toEqual([0, true]);
  });

  it('[HB18] say what they know already, and bring nothing of 304', async () => {
    const world = new HttpWorld({ polls: [poll] }, ({ headers }) =>
      headers?.['if-none-match'] === '"a"'
        ? { status: 304 }
        : json(1, { headers: { etag: '"a"', 'last-modified': 'Mon, 23 Nov 2026 06:00:00 GMT' } }),
    );
    await world.start(3000);
    expect(world.caller.calls.map(({ headers }) => headers)).toEqual([
      {},
      { 'if-none-match': '"a"', 'if-modified-since': 'Mon, 23 Nov 2026 06:00:00 GMT' },
      { 'if-none-match': '"a"', 'if-modified-since': 'Mon, 23 Nov 2026 06:00:00 GMT' },
    ]);
    expect(world.brought).toEqual([['param', '/state', 1]]);
    expect(world.bridge.status().seenAt).toBeGreaterThan(0);
    // Somebody sets it: what the server says has to come whole, or nobody would hear that it disagrees.
    world.bridge.apply([param('/http/state', 5)]);
    await world.pass(1000);
    expect(world.caller.calls.at(-1)?.headers).toEqual({});
    expect(world.brought).toEqual([
      ['param', '/state', 1],
      ['param', '/state', 1],
    ]);
    await world.bridge.stop();
  });

  it('[HB12] leave aside what was asked for before the address was set, and send nothing back that the server said', async () => {
    let answer = (_: Answer): void => undefined;
    const settings = { polls: [poll], webhooks: [{ url: '/set', from: '/state', payload: 'auto' }] };
    const world = new HttpWorld(settings, ({ method }) => {
      if (method === 'POST') return {};
      return new Promise((resolve) => (answer = resolve));
    });
    await world.start(1500);
    world.bridge.apply([param('/http/state', 7)]);
    answer(json(1, { headers: { etag: '"old"' } }));
    await world.pass(1000);
    expect([world.brought, world.caller.bodies()]).toEqual([[], ['7']]);
    expect(world.caller.calls.at(-1)?.headers).toEqual({});
    answer(json(7));
    await world.pass(10);
    expect(world.brought).toEqual([['param', '/state', 7]]);
    // It comes back to whoever was away: what he said himself is left out.
    world.bridge.apply([param('/http/state', 7)]);
    await world.pass(10);
    expect(world.caller.bodies()).toEqual(['7']);
    await world.bridge.stop();
  });

  it('[HB19] wait longer while they fail, say why, and find a server again within 2 s', async () => {
    let reply: Answer | Error = refusedConnection;
    const world = new HttpWorld({ polls: [poll] }, () => reply);
    await world.start();
    expect(world.bridge.status()).toMatchObject({
      state: 'broken',
      reason: 'No server listens there (http://box/state). Flyrail keeps trying.',
    });
    await world.pass(10_000);
    const before = world.caller.calls.length;
    await world.pass(10_000);
    expect(world.caller.calls.length - before).toBeLessThan(13);
    reply = { status: 503, retryAfter: 20 };
    await world.pass(1000);
    expect(world.bridge.status()).toMatchObject({
      state: 'trouble',
      reason: 'It answers 503: it cannot now (http://box/state). Flyrail keeps trying.',
    });
    const asked = world.caller.calls.length;
    await world.pass(19_000);
    expect(world.caller.calls.length).toBe(asked);
    reply = json(1);
    await world.pass(1500);
    expect(world.bridge.status().state).toBe('connected');
    expect(world.brought).toEqual([['param', '/state', 1]]);
    // A poll brings nothing to a server: nobody is told that one is back.
    expect(world.host.returns).toBe(0);
    reply = failure('too-long', 'its answer is longer than 9 bytes');
    await world.pass(1000);
    expect(world.bridge.status()).toMatchObject({
      ...{ state: 'trouble', reason: expect.stringMatching(/^Its answer is longer than 9 bytes \(http/) as string },
    });
    reply = { body: 'x', headers: { 'content-type': 'application/json' } };
    await world.pass(4000);
    expect(world.bridge.status()).toMatchObject({
      ...{
        state: 'trouble',
        reason: 'Its answer is of no use: it is no JSON (http://box/state). Flyrail keeps trying.',
      },
    });
    await world.bridge.stop();
  });

  it('[HB19] that fail leave the others alone', async () => {
    const polls = [poll, { ...poll, url: 'http://other/x', to: '/x' }];
    const world = new HttpWorld({ polls }, ({ url }) => (url.includes('other') ? refusedConnection : json(1)));
    await world.start();
    expect(world.bridge.status()).toMatchObject({
      state: 'trouble',
      reason: 'No server listens there (http://other/x). Flyrail keeps trying.',
    });
    expect(world.brought).toEqual([['param', '/state', 1]]);
    await world.bridge.stop();
  });

  it('[HB33] that fail are counted beside the first one', async () => {
    const polls = [poll, { ...poll, url: '/b', to: '/b' }, { ...poll, url: 'http://other/x', to: '/x' }];
    const world = new HttpWorld({ polls }, ({ url }) => (url.includes('other') ? json(1) : refusedConnection));
    await world.start();
    expect(world.bridge.status().reason).toBe(
      'No server listens there (http://box/state). Of 3 polls 2 fail. Flyrail keeps trying.',
    );
    await world.bridge.stop();
  });

  it('[HB20] do not fall together, and ask one host only so often at once', async () => {
    let [open, most] = [0, 0];
    const polls = Array.from({ length: 20 }, (_, i) => ({ ...poll, url: `/${i}`, to: `/${i}` }));
    let turn = 0;
    const reply = async (): Promise<Answer> => {
      most = Math.max(most, ++open);
      await new Promise<void>((resolve) => world.clock.after(millis(20), resolve));
      open--;
      return json(1);
    };
    // Each its own part of the time.
    const world = new HttpWorld({ polls, connections: 3 }, reply, () => (turn++ % 20) / 20);
    await world.start(2500);
    expect(most).toBeLessThanOrEqual(3);
    const counts = polls.map(({ url }) => world.caller.asked.filter((asked) => asked === `GET ${url}`).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    expect(new Set(world.askedAt).size).toBeGreaterThan(20);
    await world.bridge.stop();
  });

  it('[HB16] carry headers of the bridge to its own server alone, and those of the row', async () => {
    const header = (name: string, value: string, secretName: string | null = null) => ({ name, value, secretName });
    const polls = [
      { ...poll, headers: [header('X-Row', 'row')] },
      { ...poll, url: 'http://other/x' },
    ];
    const world = new HttpWorld({ polls, headers: [header('Authorization', 'Bearer {secret}', 'key')] }, () => json(1));
    await world.start();
    const byUrl = new Map(world.caller.calls.map(({ url, headers }) => [url, headers]));
    expect(byUrl.get('http://box/state')).toEqual({ authorization: 'Bearer geheim', 'x-row': 'row' });
    expect(byUrl.get('http://other/x')).toEqual({});
    await world.bridge.stop();
  });

  it('[HB10] take all pages of a list, of the same server alone', async () => {
    const page = (address: string, next?: string): Answer =>
      json(
        { signals: [{ address, value: 1 }] },
        { headers: next === undefined ? {} : { link: `<${next}>; rel="next"`, etag: '"l"' } },
      );
    let last: Answer = page('/c', 'http://evil/api/signals?3');
    const world = new HttpWorld(
      { polls: [{ url: '/api/signals', read: 'signals', everyMs: 1000 }] },
      ({ url, headers }) => {
        if (headers?.['if-none-match'] !== undefined) return { status: 304 };
        if (url.endsWith('?2')) return last;
        return url.endsWith('?1') ? page('/b', '?2') : page('/a', '/api/signals?1');
      },
    );
    await world.start(900);
    expect(world.brought.map(([, address]) => address)).toEqual(['/a', '/b', '/c']);
    expect(world.caller.asked).toEqual(['GET /api/signals', 'GET /api/signals?1', 'GET /api/signals?2']);
    await world.pass(1000);
    expect(world.caller.calls.length).toBe(4);
    world.bridge.apply([param('/http/a', 5)]);
    last = { status: 500 };
    await world.pass(1000);
    expect(world.bridge.status().reason).toMatch(/^It answers 500 /);
    await world.bridge.stop();
  });

  it('[HB10] take so many pages and no more', async () => {
    let count = 0;
    const world = new HttpWorld({ polls: [{ url: '/api/signals', read: 'signals', everyMs: 60_000 }] }, () => ({
      ...json([{ address: `/${++count}`, value: 1 }], { headers: { link: `</api/signals?${count}>; rel=next` } }),
    }));
    await world.start();
    for (let i = 0; i < 50; i++) await world.pass(1);
    expect(world.brought.length).toBe(pagesMax);
    await world.bridge.stop();
  });
});
