import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { RendezvousClient, type RendezvousClientOptions } from '../../../src-main/core/discovery/rendezvous-client.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { fakeSigner, FakeServer, healthy, type Reply } from './fake-server.ts';
import type { HttpCall } from '../../../src-main/ports/http-caller.ts';

const away = new UnavailableError('no-answer', 'http://finder:7340 does not answer: gone.');
const refusal = (code: string, more: object = {}): string =>
  JSON.stringify({ error: { code, message: 'no', ...more } });

async function start(reply: (call: HttpCall) => Reply = healthy, more: Partial<RendezvousClientOptions> = {}) {
  const clock = new SimulatedClock();
  const server = new FakeServer(reply);
  const states: string[] = [];
  const client = new RendezvousClient({
    http: server,
    clock,
    random: { fraction: () => 0, uuid: () => '' },
    url: 'http://finder:7340/',
    registration: () => ({ name: 'Desk', endpoints: { ws: 'ws://10.0.0.2:7330' } }),
    onState: ({ state }) => states.push(state),
    ...more,
  });
  await clock.advanceAsync(0);
  return { clock, server, client, states };
}

describe('a client of the rendezvous server', () => {
  it('[RZ40] registers at once and refreshes every 120 s', async () => {
    const { clock, server, client } = await start();
    expect(server.calls[0]).toMatchObject({
      method: 'POST',
      url: 'http://finder:7340/api/v1/register',
      body: '{"name":"Desk","endpoints":{"ws":"ws://10.0.0.2:7330"}}',
    });
    expect(client.state()).toMatchObject({ state: 'registered', id: 'one', reason: undefined });
    await clock.advanceAsync(119_999);
    expect(server.asked).toEqual(['POST /register']);
    await clock.advanceAsync(1);
    await clock.advanceAsync(120_000);
    expect(server.asked).toEqual(['POST /register', 'POST /refresh/one', 'POST /refresh/one']);
  });

  it('[RZ40] refreshes sooner where entries live shorter', async () => {
    const { clock, server } = await start(() => ({ status: 201, body: '{"id":"a/b","timestamp":1,"ttl":10}' }));
    await clock.advanceAsync(4000);
    expect(server.asked).toEqual(['POST /register', 'POST /refresh/a%2Fb']);
  });

  it('[RZ41] registers anew, at once, where the server has forgotten it', async () => {
    let forgets = false;
    const { clock, server, client } = await start((call) =>
      forgets && call.url.includes('/refresh/') ? { status: 404 } : healthy(call),
    );
    forgets = true;
    await clock.advanceAsync(120_000);
    expect(server.asked).toEqual(['POST /register', 'POST /refresh/one', 'POST /register']);
    expect(client.state().state).toBe('registered');
  });

  it('[RZ42] tries again for ever where nobody answers, ever more seldom, and tells why', async () => {
    const { clock, server, client, states } = await start(() => away);
    expect(client.state()).toMatchObject({ state: 'failing', id: undefined, reason: away.message });
    await clock.advanceAsync(1000 + 2000 + 4000 + 8000 + 16_000 + 32_000);
    expect(server.calls).toHaveLength(7);
    await clock.advanceAsync(600_000);
    expect(server.calls).toHaveLength(17);
    server.reply = healthy;
    await clock.advanceAsync(60_000);
    expect(client.state().state).toBe('registered');
    expect(states.at(-1)).toBe('registered');
    server.reply = () => away;
    await clock.advanceAsync(120_000);
    const before = server.calls.length;
    await clock.advanceAsync(1000);
    expect(server.calls.length - before).toBe(1);
    expect(client.state()).toMatchObject({ state: 'failing', id: 'one' });
  });

  it('[RZ42] waits as long as the server asks', async () => {
    const { clock, server, client } = await start(() => ({
      status: 429,
      retryAfter: 90,
      body: refusal('too-many-items'),
    }));
    expect(client.state().reason).toBe('The rendezvous server http://finder:7340/ refuses: no');
    await clock.advanceAsync(89_999);
    expect(server.calls).toHaveLength(1);
    await clock.advanceAsync(1);
    expect(server.calls).toHaveLength(2);
    server.reply = () => ({ status: 503, retryAfter: 999_999 });
    await clock.advanceAsync(90_000);
    server.reply = healthy;
    await clock.advanceAsync(300_000);
    expect(client.state().state).toBe('registered');
  });

  it('[RZ43] signs each request with a later time', async () => {
    const { clock, server, client } = await start(healthy, { signer: fakeSigner });
    await clock.advanceAsync(120_000);
    await client.stop();
    const times = server.calls.map(({ headers }) => Number(headers?.['rendezvous-time']));
    expect(times).toEqual([times[0], times[0]! + 120e6, times[0]! + 120e6 + 1]);
    expect(server.calls[1]?.headers?.['rendezvous-signature']).toBe(
      `signed clasp-rendezvous-1\nPOST\n/api/v1/refresh/one\n${times[1]}\n`,
    );
    expect(server.calls[0]?.headers?.['rendezvous-signature']).toContain(server.calls[0]?.body);
  });

  it('[RZ43] learns the time of a server whose clock is another, and asks again at once', async () => {
    const ahead = 86_400e6;
    const ofServer: { clock?: SimulatedClock } = {};
    const judge = (call: HttpCall): Reply => {
      const serverTime = (ofServer.clock?.nowMicros() ?? 1_700_000_000_000_000) + ahead;
      const time = Number(call.headers?.['rendezvous-time']);
      return Math.abs(time - serverTime) < 1e6
        ? healthy(call)
        : { status: 401, body: refusal('stale-signature', { serverTime }) };
    };
    const { clock, server, client } = await start(judge, { signer: fakeSigner });
    ofServer.clock = clock;
    expect([client.state().state, server.calls.length]).toEqual(['registered', 2]);
    await clock.advanceAsync(240_000);
    expect(server.calls).toHaveLength(4);
    server.reply = () => ({ status: 401, body: refusal('stale-signature', { serverTime: 5 }) });
    await clock.advanceAsync(120_000);
    expect([client.state().state, server.calls.length]).toEqual(['failing', 6]);
  });

  it('[RZ44] takes itself out when it stops, and waits a second for that at most', async () => {
    const { clock, server, client } = await start();
    await client.stop();
    await client.stop();
    await clock.advanceAsync(1_000_000);
    expect(server.asked).toEqual(['POST /register', 'DELETE /unregister/one']);
    const deaf = await start();
    deaf.server.reply = () => new Promise<Partial<never>>(() => undefined);
    let isStopped = false;
    void deaf.client.stop().then(() => (isStopped = true));
    await deaf.clock.advanceAsync(999);
    expect(isStopped).toBe(false);
    await deaf.clock.advanceAsync(1);
    expect([isStopped, deaf.clock.waiting]).toEqual([true, 0]);
  });

  it('[RZ44] also takes out what was under way when it stopped, and asks for nothing where it is not known', async () => {
    let answer: (reply: Partial<never>) => void = () => undefined;
    const { clock, server, client } = await start(() => new Promise<Partial<never>>((resolve) => (answer = resolve)));
    const stopping = client.stop();
    server.reply = healthy;
    answer(healthy(server.calls[0]!) as Partial<never>);
    await stopping;
    expect(server.asked).toEqual(['POST /register', 'DELETE /unregister/one']);
    expect(clock.waiting).toBe(0);
    const unknown = await start(() => away);
    await unknown.client.stop();
    expect(unknown.server.asked).toEqual(['POST /register']);
  });

  it.each([
    ['{}', 201],
    ['<html>', 200],
    ['{"id":"","timestamp":1,"ttl":300}', 201],
    ['{"id":"a","timestamp":1,"ttl":-1}', 201],
    ['{"id":"a","timestamp":1,"ttl":1e300}', 201],
    ['gone', 500],
    ['', 302],
  ])('[RZ45] does not take %s with %i for a success', async (body, status) => {
    const { clock, server, client } = await start(() => ({ status, body }));
    expect(client.state()).toMatchObject({ state: 'failing', id: undefined });
    await clock.advanceAsync(1000);
    expect(server.calls).toHaveLength(2);
  });
});
