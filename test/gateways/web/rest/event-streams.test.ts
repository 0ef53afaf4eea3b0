import type { Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../../src-main/contract/address.ts';
import { f64, text } from '../../../../src-main/contract/signal.ts';
import {
  beatEvery,
  comesBackWithin,
  endsWithin,
  patternsMax,
  streamsMax,
} from '../../../../src-main/gateways/web/rest/event-streams.ts';
import { createAdmit } from '../../../../src-main/engine/foreign-clients.ts';
import { createRestService } from '../../../../src-main/gateways/web/rest/rest-service.ts';
import { sentMax } from '../../../../src-main/gateways/web/rest/sent-events.ts';
import type { WebService } from '../../../../src-main/gateways/web-service.ts';
import { createSystemRandom } from '../../../../src-main/platform/system-random.ts';
import { TokenDesk } from '../../../core/router/token-desk.ts';
import { silentLog } from '../../../silent-log.ts';
import { param } from '../../../json-signals.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { until } from '../../../until.ts';
import { newRouter } from '../web-rig.ts';
import { EventListener } from './event-listener.ts';
import { openRest, problemIn } from './rest-rig.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(...args: Parameters<typeof openRest>) {
  const rest = await openRest(...args);
  ends.push(() => rest.gateway.stop());
  const listen = (path: string, headers = {}): EventListener => {
    const listener = new EventListener(rest.gateway.url, path, headers);
    ends.push(() => listener.request.destroy());
    return listener;
  };
  return { ...rest, listen };
}
const event = (address: string) => ({ kind: 'event', address: address as Address, value: text('!') }) as const;

/** 35 MB, in slices that the router's own clients take. */
async function flood(local: Awaited<ReturnType<typeof open>>['local']): Promise<void> {
  for (let i = 0; i < 700; i++) {
    local.publish([param(`/flood/${i}`, 'x'.repeat(50_000))]);
    await setImmediate();
  }
}

describe('changes as Server-Sent Events', () => {
  it('[HR11] tells what stands, says so, then tells what changes and happens under each pattern', async () => {
    const { listen, local } = await open();
    local.publish([param('/lamp/1', 1), param('/other', 1)]);
    const page = listen('/api/events?pattern=/lamp/**&pattern=/go');
    await until('what stands', () => page.named('given') !== undefined);
    expect(page.response?.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(page.said).toEqual(['standing param /lamp/1 1']);
    expect(page.named('given')?.data).toEqual({ patterns: ['/lamp/**', '/go'] });
    local.publish([param('/lamp/1', { a: [2] }), param('/other', 2), event('/go')]);
    local.publish([{ kind: 'stream', address: '/lamp/2' as Address, value: f64(0.5) }]);
    local.publish([{ kind: 'gesture', address: '/lamp/3' as Address, value: f64(1), gestureId: 7, phase: 'start' }]);
    await until('changes', () => page.said.length === 5);
    expect(page.said.slice(1)).toEqual([
      'param /lamp/1 {"a":[2]}',
      'event /go "!"',
      'stream /lamp/2 0.5',
      'gesture /lamp/3 1',
    ]);
    expect(page.events.at(-1)?.data).toMatchObject({ gesture: 7, phase: 'start' });
    expect(page.events.find(({ data }) => data['kind'] === 'param')?.data['revision']).toEqual(expect.any(Number));
    expect(new Set(page.events.map(({ id }) => id)).size).toBe(page.events.length);
  });

  it('[HR12] who comes back with the last id is told what came meanwhile, each once', async () => {
    const { listen, local, router } = await open();
    local.publish([param('/a', 1)]);
    const first = listen('/api/events?pattern=/**');
    await until('what stands', () => first.said.length === 1);
    first.request.destroy();
    local.publish([event('/go'), param('/a', 2), event('/go')]);
    const again = listen('/api/events?pattern=/**', { 'last-event-id': first.lastId });
    await until('what was missed', () => again.said.length === 3);
    expect(again.events[0]).toMatchObject({ event: 'resumed', data: { count: 3 } });
    expect(again.said).toEqual(['event /go "!"', 'param /a 2', 'event /go "!"']);
    local.publish([param('/a', 3)]);
    await until('what comes', () => again.said.length === 4);
    expect([...router.sessions()]).toHaveLength(1);
  });

  it('[HR12] a connection that hangs is cut when its client is back by another one', async () => {
    const { listen, local } = await open();
    const first = listen('/api/events?pattern=/a');
    await until('it to be open', () => first.named('given') !== undefined);
    local.publish([param('/a', 1)]);
    await until('the value', () => first.said.length === 1);
    const again = listen('/api/events?pattern=/a', { 'last-event-id': first.lastId });
    await until('both', () => first.isOver && again.named('resumed') !== undefined);
    local.publish([param('/a', 2)]);
    await until('the change', () => again.said.length === 1);
  });

  it.each<[why: string, id: (last: string) => string, path: string, many: number]>([
    ['an id of nobody', () => 'nonsense', '/api/events?pattern=/**', 0],
    ['other patterns', (last) => last, '/api/events?pattern=/a', 0],
    ['too much that came meanwhile', (last) => last, '/api/events?pattern=/**', sentMax + 1],
    ['an id that never was', (last) => last.replace(/\d+$/, '999999'), '/api/events?pattern=/**', 0],
  ])('[HR12] with %s it begins anew and is told that something may be missing', async (_why, idOf, path, many) => {
    const { listen, local } = await open();
    local.publish([param('/a', 1)]);
    const first = listen('/api/events?pattern=/**');
    await until('what stands', () => first.said.length === 1);
    first.request.destroy();
    for (let i = 0; i < many; i++) local.publish([event(`/go/${i}`)]);
    const again = listen(path, { 'last-event-id': idOf(first.lastId) });
    await until('what stands', () => again.named('given') !== undefined);
    expect(again.events[0]?.event).toBe('reset');
    expect(again.said[0]).toBe('standing param /a 1');
  });

  it('[HR12] half a minute after its client has gone a stream and its session end', async () => {
    const clock = new SimulatedClock();
    const { listen, router } = await open({ clock });
    const first = listen('/api/events?pattern=/**');
    await until('it to be open', () => first.named('given') !== undefined);
    first.request.destroy();
    await until('the door to hear of it', () => {
      clock.advance(comesBackWithin);
      return [...router.sessions()].length === 0;
    });
    const again = listen('/api/events?pattern=/**', { 'last-event-id': first.lastId || 'x' });
    await until('it to be open', () => again.named('given') !== undefined);
    expect(again.events[0]?.event).toBe('reset');
  });

  it('[HR12] when all streams are taken, one whose client has gone makes room for one that is there', async () => {
    const { listen, to, router } = await open({ limits: { connectionsMax: 2000, connectionsPerSource: 2000 } });
    const all = Array.from({ length: streamsMax }, (_, i) => listen(`/api/events?pattern=/a/${i}`));
    await until('all to be open', () => all.every((each) => each.named('given') !== undefined));
    const full = await to('/api/events?pattern=/b');
    expect([problemIn(full), full.headers['retry-after']]).toEqual(['503 queue-full', '1']);
    all[0]?.request.destroy();
    let late = listen('/api/events?pattern=/b');
    await until('room', () => {
      if (late.status === 503) late = listen('/api/events?pattern=/b');
      return late.status === 200;
    });
    expect([...router.sessions()].length).toBeLessThanOrEqual(streamsMax);
  });

  it('[HR13] is kept alive by comments, and a client that takes nothing is cut', async () => {
    const clock = new SimulatedClock();
    const { listen, local, router } = await open({ clock });
    const page = listen('/api/events?pattern=/lamp');
    const stuck = listen('/api/events?pattern=/flood/**');
    await until('both to be open', () => page.named('given') !== undefined && stuck.named('given') !== undefined);
    stuck.response?.pause();
    await flood(local);
    local.publish([param('/lamp', 1)]);
    await until('the other’s', () => page.said.length === 1);
    for (let beat = 1; beat <= 3; beat++) {
      clock.advance(beatEvery);
      await until('a comment', () => page.comments === beat);
    }
    stuck.response?.resume();
    await until('the stuck one to be cut', () => stuck.isOver);
    expect(page.isOver).toBe(false);
    // It was not the router that sent it away: it may come back.
    expect([...router.sessions()]).toHaveLength(2);
  });

  /** A client of a token that hears a flood and reads none of it. */
  async function hang() {
    const clock = new SimulatedClock();
    const router = newRouter();
    const tokens = new TokenDesk();
    tokens.give('desk', 'read:/**');
    router.guard.askForTokens(tokens);
    let server: Server | undefined;
    const probe: WebService = {
      name: 'websocket',
      attach: (host) => Promise.resolve(void (server = host.server)),
      stop: () => Promise.resolve(),
    };
    const { listen, local, gateway } = await open({ clock, services: [createRestService(), probe] }, router);
    const connections = () =>
      new Promise<number>((resolve) => void server?.getConnections((_error, count) => resolve(count)));
    const stuck = listen('/api/events?token=desk');
    await until('it to be open', () => stuck.named('given') !== undefined);
    stuck.response?.pause();
    await flood(local);
    await until('the flood to be too much', () => (gateway.refused()['slow'] ?? 0) > 0);
    return { clock, router, tokens, gateway, connections };
  }

  it('[HR13] who does not read that it has ended is cut after five seconds', async () => {
    const { clock, router, tokens, connections } = await hang();
    tokens.revoke('desk');
    await until('its session to end', () => [...router.sessions()].length === 0);
    clock.advance(endsWithin - 1);
    await setImmediate();
    expect(await connections()).toBe(1);
    clock.advance(1);
    let left = 1;
    await until('it to be cut', () => {
      void connections().then((count) => (left = count));
      return left === 0;
    });
    expect(clock.waiting).toBe(0);
  });

  it('[HR13] a door where somebody does not read ends at once', async () => {
    const { clock, gateway, connections } = await hang();
    // Its time stands still: it waits for nothing.
    await gateway.stop();
    expect([await connections(), clock.waiting]).toEqual([0, 0]);
  });

  it('[HR20] leaves nobody behind who is let in while the door shuts, and lets nobody in who asks then', async () => {
    const router = newRouter();
    const around = { clock: new SimulatedClock(), random: createSystemRandom(), log: silentLog };
    const admitted = createAdmit((connection) => router.accept(connection), around);
    const rest = createRestService();
    let [letIn, asked] = [(): void => undefined, 0];
    const waited = new Promise<void>((resolve) => (letIn = resolve));
    const { gateway, listen, to } = await open(
      {
        ...{ clock: around.clock, services: [rest] },
        admit: async (who) => {
          asked++;
          await waited;
          return admitted(who);
        },
      },
      router,
    );
    const pages = ['/api/events', '/api/events?pattern=/a'].map((path) => listen(path));
    const early = to('/api/signals/a');
    await until('them to ask', () => asked === 3);
    await rest.stop();
    const late = [to('/api/signals/a'), to('/api/events')];
    expect((await Promise.all(late)).map(problemIn)).toEqual(['503 link-closed', '503 link-closed']);
    letIn();
    await until('their answers', () => pages.every(({ isOver }) => isOver));
    expect([pages.map(({ response }) => response?.statusCode), (await early).status]).toEqual([[503, 503], 503]);
    await until('their sessions to end', () => [...router.sessions()].length === 0);
    await gateway.stop();
    expect(around.clock.waiting).toBe(0);
  });

  it('[HR14] a token may stand in the URL; its end ends the stream, and says so', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    tokens.give('desk', 'read:/lamp/**');
    router.guard.askForTokens(tokens);
    const { listen, to } = await open({}, router);
    const page = listen('/api/events?pattern=/lamp/1&token=desk');
    await until('it to be open', () => page.named('given') !== undefined);
    expect(problemIn(await to('/api/events?pattern=/x&token=desk'))).toBe('403 access-refused');
    expect(problemIn(await to('/api/events?pattern=/lamp/1&pattern=/x&token=desk'))).toBe('403 access-refused');
    expect([...router.sessions()]).toHaveLength(1);
    tokens.revoke('desk');
    await until('its end', () => page.isOver);
    expect(page.events.at(-1)?.event).toBe('ended');
    expect((await to('/api/events?token=desk')).status).toBe(401);
  });

  it('[HR14] bad patterns and too many of them are refused before anything is told', async () => {
    const { to } = await open();
    expect(problemIn(await to('/api/events?pattern=lamp'))).toBe('400 bad-pattern');
    const many = Array.from({ length: patternsMax + 1 }, (_, i) => `pattern=/${i}`).join('&');
    expect(problemIn(await to(`/api/events?${many}`))).toBe('400 bad-arguments');
  });
});
