import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../../src-main/contract/address.ts';
import { parseScopes } from '../../../../src-main/contract/scope.ts';
import { f64, toJson, type Signal } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import type { Delivery } from '../../../../src-main/core/router/delivery/delivery.ts';
import type { Log } from '../../../../src-main/ports/log.ts';
import { silentLog } from '../../../silent-log.ts';
import { addressed, pattern, publish, RouterFixture, set, subscribe } from '../router-fixture.ts';

const param = (address: string, value: number): Signal => ({
  kind: 'param',
  address: parseAddress(address),
  value: f64(value),
});
const event = (address: string, value: number): Signal => ({
  kind: 'event',
  address: parseAddress(address),
  value: f64(value),
});
const shorten = (deliveries: readonly Delivery[]): string[] =>
  deliveries.map(({ signal, from }) => `${from} ${signal.kind} ${signal.address} ${String(toJson(signal.value))}`);

describe('participants in the process', () => {
  it('[RT68] may ask for what stands', () => {
    const { router } = new RouterFixture();
    const [desk, hand] = [router.openLocal('desk'), router.openLocal('hand')];
    desk.publish([param('/a', 1), param('/b', 1)]);
    hand.publish([param('/b', 2), param('/c', 2)]);
    desk.publish([param('/c', 3)]);
    expect(router.current(pattern('/**'))).toEqual([param('/a', 1), param('/b', 2), param('/c', 3)]);
  });

  it('[RT60] hear each other and remote sessions, and are heard by them, as params and events', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(subscribe('/**'));
    await fixture.settle();
    const heard: string[] = [];
    fixture.router.openLocal('ear').subscribe(pattern('/**'), (deliveries) => heard.push(...shorten(deliveries)));
    fixture.router.openLocal('mouth').publish([param('/a', 1), event('/e', 2)]);
    peer.send(set('/b', 3), publish('stream', '/s', 4));
    await fixture.settle();
    expect(heard).toEqual([
      'mouth param /a 1',
      'mouth event /e 2',
      `${peer.session} param /b 3`,
      `${peer.session} stream /s 4`,
    ]);
    expect(addressed(peer.take())).toEqual([
      ['/a', 1],
      ['/e', 2],
      ['/b', 3],
    ]);
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(1));
  });

  it('[RT60] get one delivery for each of their subscriptions, before publish returns', () => {
    const { router } = new RouterFixture();
    const heard: string[] = [];
    const ear = router.openLocal('ear');
    ear.subscribe(pattern('/a/*'), () => heard.push('one'));
    const cancel = ear.subscribe(pattern('/a/b'), () => heard.push('two'));
    const mouth = router.openLocal('mouth');
    mouth.publish([event('/a/b', 1)]);
    expect(heard.sort()).toEqual(['one', 'two']);
    cancel();
    mouth.publish([event('/a/b', 1)]);
    ear.close();
    mouth.publish([event('/a/b', 1)]);
    expect(heard).toHaveLength(3);
    expect(router.stats().subscriptions).toBe(0);
  });

  it('[RT61] do not get back what they published, unless they asked for it', () => {
    const { router } = new RouterFixture();
    const heard: string[] = [];
    for (const [name, echo] of [
      ['quiet', false],
      ['echoing', true],
    ] as const) {
      const local = router.openLocal(name, { echo });
      local.subscribe(pattern('/**'), (deliveries) => heard.push(`${name}: ${shorten(deliveries).join()}`));
      local.publish([param('/a', 1)]);
    }
    expect(heard).toEqual(['quiet: echoing param /a 1', 'echoing: echoing param /a 1']);
  });

  it('[RT62] may publish from inside a delivery: order is kept and nothing runs inside another', () => {
    const { router } = new RouterFixture();
    const log: string[] = [];
    let depth = 0;
    const relay = router.openLocal('relay');
    relay.subscribe(pattern('/in/*'), (deliveries) => {
      expect(++depth).toBe(1);
      for (const { signal } of deliveries) {
        relay.publish([{ ...signal, address: parseAddress(signal.address.replace('/in', '/out')) }]);
        log.push(`relayed ${signal.address}`);
      }
      depth--;
    });
    router.openLocal('ear').subscribe(pattern('/out/*'), (deliveries) => {
      expect(++depth).toBe(1);
      log.push(...deliveries.map(({ signal }) => `heard ${signal.address}`));
      depth--;
    });
    router.openLocal('mouth').publish([event('/in/1', 1), event('/in/2', 2)]);
    expect(log).toEqual(['relayed /in/1', 'relayed /in/2', 'heard /out/1', 'heard /out/2']);
  });

  it('[RT62] who feed each other without end leave the turn after a bounded number of deliveries', async () => {
    const fixture = new RouterFixture({ localDeliveriesPerTurnMax: 100 });
    const peer = await fixture.join();
    let laps = 0;
    for (const [from, to] of [
      ['/ping', '/pong'],
      ['/pong', '/ping'],
    ] as const) {
      const player = fixture.router.openLocal(from);
      player.subscribe(pattern(from), () => {
        laps++;
        player.publish([event(to, 1)]);
      });
    }
    fixture.router.openLocal('umpire').publish([event('/ping', 1)]);
    expect(laps).toBe(100);
    fixture.turn();
    expect(laps).toBe(200);
    peer.send({ type: messageType.ping });
    for (let i = 0; i < 20; i++) await Promise.resolve();
    fixture.turn();
    for (let i = 0; i < 20; i++) await Promise.resolve();
    expect(peer.take()).toMatchObject([{ type: messageType.pong }]);
  });

  it('[RT62] whose queue is full lose further deliveries, which are counted', () => {
    const fixture = new RouterFixture({ localDeliveriesPerTurnMax: 10, localPendingMax: 20 });
    const doubler = fixture.router.openLocal('doubler', { echo: true });
    doubler.subscribe(pattern('/x'), (deliveries) =>
      doubler.publish(deliveries.flatMap(({ signal }) => [signal, signal])),
    );
    doubler.publish([event('/x', 1)]);
    for (let i = 0; i < 10; i++) fixture.turn();
    expect(fixture.router.stats().droppedTotal).toBeGreaterThan(0);
  });

  it('[RT63] that fail are logged, and the others still get theirs', () => {
    const errors: unknown[] = [];
    const log: Log = { ...silentLog, error: (_, fields) => errors.push(fields?.['subscriber']) };
    const { router } = new RouterFixture({}, log);
    const heard: string[] = [];
    router.openLocal('broken').subscribe(pattern('/**'), () => {
      throw new Error('bug');
    });
    router.openLocal('ear').subscribe(pattern('/**'), (deliveries) => heard.push(...shorten(deliveries)));
    router.openLocal('mouth').publish([event('/a', 1)]);
    expect([errors, heard]).toEqual([['broken'], ['mouth event /a 1']]);
  });

  it('[RT64] are refused like sessions, counted, and the rest of what they publish goes on', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(set('/locked', 1, { lock: true }));
    await fixture.settle();
    fixture.router
      .openLocal('mouth')
      .publish([
        param('/locked', 2),
        { kind: 'event', address: parseAddress('/big'), value: { type: 'string', value: 'x'.repeat(70_000) } },
        { kind: 'param', address: parseAddress('/i8'), value: { type: 'i8', value: 1000 } },
        param('/free', 3),
      ]);
    expect(fixture.router.get(parseAddress('/locked'))).toEqual(f64(1));
    expect(fixture.router.get(parseAddress('/free'))).toEqual(f64(3));
    expect(fixture.router.stats()).toMatchObject({ refusedTotal: { 401: 1, 402: 2 }, params: 2 });
  });

  it('[RT65] pass on the cause of a signal, and the time it was accepted', () => {
    const fixture = new RouterFixture();
    const causes: unknown[] = [];
    fixture.router
      .openLocal('ear')
      .subscribe(pattern('/**'), (all) => all.forEach(({ cause, at }) => causes.push(cause, at)));
    const cause = { because: 'mapping 1', hops: 1, arrivedAt: micros(5), mappingId: 'm1' };
    fixture.router.openLocal('mouth').publish([event('/a', 1)], cause);
    expect(causes).toEqual([cause, fixture.clock.nowMicros()]);
  });

  it('[RT66] taps see everything accepted, from anyone, and nothing that was refused', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const tapped: string[] = [];
    const cancel = fixture.router.tap((delivery) => tapped.push(...shorten([delivery]), String(delivery.fromLocal)));
    peer.send(set('/a', 1), set('bad', 1), publish('event', '/e', 2));
    await fixture.settle();
    fixture.router.openLocal('mouth').publish([param('/b', 3)]);
    cancel();
    fixture.router.openLocal('mouth').publish([param('/b', 4)]);
    const from = peer.session;
    expect(tapped).toEqual([`${from} param /a 1`, 'false', `${from} event /e 2`, 'false', 'mouth param /b 3', 'true']);
  });

  it('[RT67] get gestures and sample batches as signals', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const heard: Signal[] = [];
    fixture.router.openLocal('ear').subscribe(pattern('/**'), (all) => heard.push(...all.map(({ signal }) => signal)));
    peer.send(
      { ...publish('event', '/g', 1), kind: 'gesture', phase: 'end', id: 3, timestamp: 2n ** 64n - 1n },
      { type: messageType.publish, kind: 'stream', address: '/s', samples: [1, 2], rate: 100, timestamp: 9n },
      { type: messageType.publish, kind: 'event', address: '/none' },
    );
    await fixture.settle();
    expect(heard).toEqual([
      { kind: 'gesture', address: '/g', value: f64(1), gestureId: 3, phase: 'end' },
      { kind: 'stream', address: '/s', value: f64(2), samples: [1, 2], rate: 100, timestamp: 9 },
      { kind: 'event', address: '/none', value: { type: 'null' } },
    ]);
    const echo = await fixture.join();
    echo.send(subscribe('/**'));
    await fixture.settle();
    fixture.router.openLocal('mouth').publish(heard);
    await fixture.settle();
    expect(echo.take()).toMatchObject([
      { kind: 'gesture', phase: 'end', id: 3 },
      { kind: 'stream', samples: [1, 2], rate: 100, timestamp: 9n },
      { kind: 'event' },
    ]);
  });

  it('[AC16] a participant with scopes writes and hears only within all of them', async () => {
    const fixture = new RouterFixture();
    const scopes = [parseScopes('admin:/osc/**'), parseScopes('read:/**,write:/osc/in/**')];
    const bridge = fixture.router.openLocal('bridge', { scopes });
    const heard: string[] = [];
    bridge.subscribe(parsePattern('/**'), (deliveries) =>
      heard.push(...deliveries.map(({ signal }) => signal.address)),
    );
    expect(bridge.publish([event('/osc/in/1', 1)])).toBeUndefined();
    expect(bridge.publish([event('/osc/out', 1)])).toMatchObject({ code: 301, address: '/osc/out' });
    expect(bridge.publish([event('/else', 1)])).toMatchObject({ code: 301, address: '/else' });
    fixture.router.openLocal('hand').publish([event('/osc/out', 1), event('/else', 1), event('/osc', 1)]);
    await fixture.settle();
    expect(heard).toEqual(['/osc/out', '/osc']);
    expect(fixture.router.stats()).toMatchObject({ refusedTotal: { 301: 2 } });
  });
});
