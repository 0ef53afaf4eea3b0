import { describe, expect, it } from 'vitest';
import { f64, fromJson } from '../../../src-main/contract/signal.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import type { RouterLimits } from '../../../src-main/core/router/limits.ts';
import { gesture, publish, RouterFixture, set, subscribe } from './router-fixture.ts';

const announce = (address: string): Message => ({
  ...{ type: messageType.announce, namespace: '/n', signals: [{ address, kind: 'param' }] },
});
const timeline = (address: string): Message =>
  publish('timeline', address, fromJson({ keyframes: [{ time: 0, value: 1 }], autoplay: false }));
const later = (ms: number): Message => ({
  ...{ type: messageType.bundle, timestamp: BigInt(1_700_000_000_000_000 + ms * 1000), messages: [set('/later', 1)] },
});
const long = (size: number) => ({ type: 'string', value: 'x'.repeat(size) }) as const;

describe('bounds of the router', () => {
  it.each<[bound: string, limits: Partial<RouterLimits>, code: number, fits: Message[], tooMuch: Message]>([
    ['params', { paramsMax: 2 }, 429, [set('/a', 1), set('/b', 1), set('/a', 2)], set('/c', 1)],
    ['bytes of params', { paramBytesMax: 600 }, 429, [set('/a', long(300))], set('/b', long(300))],
    ['bytes of one param', {}, 402, [set('/a', long(65_000))], set('/a', long(65_480))],
    ['subscriptions of a session', { subscriptionsPerSessionMax: 1 }, 429, [subscribe('/a', 1)], subscribe('/b', 2)],
    ['subscriptions', { subscriptionsMax: 1 }, 429, [subscribe('/a', 1), subscribe('/b', 1)], subscribe('/b', 2)],
    ['`**` in a pattern', { deepWildcardsMax: 1 }, 202, [subscribe('/a/**')], subscribe('/**/a/**', 2)],
    ['announced signals', { announcedMax: 1 }, 429, [announce('/a'), announce('/a')], announce('/b')],
    ['bytes of announced signals', { announcedBytesMax: 40 }, 429, [announce('/a')], announce('/b')],
    ['announced patterns', { announcedPatternsMax: 1 }, 429, [announce('/a/*'), announce('/a')], announce('/b/*')],
    ['`**` in an announced pattern', { deepWildcardsMax: 1 }, 202, [announce('/a/**')], announce('/**/a/**')],
    ['timelines', { timelinesMax: 1 }, 429, [timeline('/a'), timeline('/a')], timeline('/b')],
    ['bytes of timelines', { timelinesBytesMax: 100 }, 429, [timeline('/a')], timeline('/b')],
    [
      'gestures under way',
      {},
      429,
      Array.from({ length: 256 }, (_, id) => gesture('start', 1, id)),
      gesture('start', 1, 999),
    ],
    ['bundles that wait', { scheduledMax: 1 }, 429, [later(1e6)], later(1e6)],
    ['bytes of bundles that wait', { scheduledBytesMax: 150 }, 429, [later(1e6)], later(1e6)],
  ])('[RT167] %s', async (_bound, limits, code, fits, tooMuch) => {
    const fixture = new RouterFixture(limits);
    const peer = await fixture.join();
    for (const message of fits) peer.send(message);
    await fixture.settle();
    expect(peer.takeOnly(messageType.error)).toEqual([]);
    const before = fixture.router.stats();
    peer.send(tooMuch);
    await fixture.settle();
    expect(peer.takeOnly(messageType.error)).toMatchObject([{ code }]);
    const { messagesTotal, params, subscriptions, refusedTotal } = fixture.router.stats();
    expect({ messagesTotal, params, subscriptions }).toEqual({
      ...{ messagesTotal: before.messagesTotal, params: before.params, subscriptions: before.subscriptions },
    });
    expect(refusedTotal).toEqual({ [code]: 1 });
  });

  it('[RT167] params for mappings and bridges go beyond those for clients, up to the reserve', async () => {
    const fixture = new RouterFixture({ paramsMax: 1, paramsReserved: 1 });
    const peer = await fixture.join();
    peer.send(set('/client', 1), set('/client/more', 1));
    await fixture.settle();
    const own = fixture.router.openLocal('mappings');
    const param = (address: string) => ({ kind: 'param', address: address as never, value: f64(1) }) as const;
    expect(own.publish([param('/lamp/1')])).toBeUndefined();
    expect(own.publish([param('/lamp/2')])).toMatchObject({ code: 429 });
    expect(fixture.router.stats().refusedTotal).toEqual({ 429: 2 });
  });
});
