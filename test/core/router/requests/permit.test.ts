import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSegments, matches, parseAddress, parsePattern } from '../../../../src-main/contract/address.ts';
import type { Scope } from '../../../../src-main/contract/scope.ts';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { hertz } from '../../../../src-main/contract/units.ts';
import { cancelBundleAddress } from '../../../../src-main/core/protocol/correlation.ts';
import {
  messageType,
  type AnnounceMessage,
  type ErrorMessage,
  type Message,
} from '../../../../src-main/core/protocol/messages.ts';
import { MemoryConnection } from '../../../../src-main/transports/memory/memory-connection.ts';
import { addressed, gesture, hello, Peer, publish, RouterFixture, set, subscribe } from '../router-fixture.ts';
import { TokenDesk } from '../token-desk.ts';

async function scoped(
  scopes: string,
  more: Parameters<TokenDesk['give']>[2] = {},
): Promise<{ fixture: RouterFixture; peer: Peer }> {
  const fixture = new RouterFixture();
  const hand = fixture.router.openLocal('hand');
  for (const address of ['/a/1', '/a/2', '/b/1'])
    hand.publish([{ kind: 'param', address: parseAddress(address), value: f64(1) }]);
  const desk = new TokenDesk();
  desk.give('token', scopes, more);
  fixture.router.guard.askForTokens(desk);
  const peer = fixture.connect();
  peer.send({ ...hello, token: 'token' });
  await fixture.settle();
  return { fixture, peer };
}

const bundle = (...messages: Message[]): Message => ({ type: messageType.bundle, messages });
const errors = (peer: Peer): readonly Pick<ErrorMessage, 'code' | 'address'>[] =>
  peer.takeOnly(messageType.error).map(({ code, address }) => ({ code, ...(address !== undefined && { address }) }));

describe('scopes', () => {
  it.each<[string, Message, string]>([
    ['SET', set('/b/1', 2), '/b/1'],
    ['a SET that only locks', set('/b/1', 1, { lock: true }), '/b/1'],
    ['an event', publish('event', '/b/1'), '/b/1'],
    ['a stream', publish('stream', '/b/1'), '/b/1'],
    ['a PUBLISH of kind param', publish('param', '/b/1'), '/b/1'],
    ['a gesture', gesture('start', 1), '/touch'],
    ['a timeline', publish('timeline', '/b/1'), '/b/1'],
    ['GET', { type: messageType.get, address: '/b/1' }, '/b/1'],
    ['SUBSCRIBE', subscribe('/b/*'), '/b/*'],
    ['a wider SUBSCRIBE', subscribe('/a/**'), '/a/**'],
    ['SUBSCRIBE to everything', subscribe('/**'), '/**'],
    ['QUERY', { type: messageType.query, pattern: '/**' }, '/**'],
    ['REPLAY', { type: messageType.replay, pattern: '/b/1', types: 0 }, '/b/1'],
    [
      'ANNOUNCE',
      { type: messageType.announce, namespace: '/a', signals: [{ address: '/b/1', kind: 'param' }] },
      '/b/1',
    ],
    [
      'ANNOUNCE of a pattern',
      { type: messageType.announce, namespace: '/a', signals: [{ address: '/a/**', kind: 'param' }] },
      '/a/**',
    ],
    ['a BUNDLE', bundle(set('/a/1', 5), publish('event', '/b/1')), '/b/1'],
    ['a BUNDLE in a BUNDLE', bundle(set('/a/1', 5), bundle(bundle(set('/b/1', 2)))), '/b/1'],
    ['a BUNDLE for later', { ...bundle(set('/b/1', 2)), timestamp: 2_000_000_000_000_000n } as Message, '/b/1'],
  ])('[AC5] refuse %s with ERROR 301 that names the address, and nothing changes', async (_, message, address) => {
    const { fixture, peer } = await scoped('write:/a/*');
    peer.take();
    const before = fixture.router.stats();
    peer.send(message);
    await fixture.settle();
    const [error, ...rest] = peer.take();
    expect(error).toMatchObject({ type: messageType.error, code: 301, address });
    expect((error as ErrorMessage).message).toMatch(/^This needs (read|write):.*; the token allows write:\/a\/\*\.$/);
    expect(rest).toEqual([]);
    const after = fixture.router.stats();
    expect({ ...after, frames: [], refusedTotal: {} }).toEqual({ ...before, frames: [], refusedTotal: {} });
    expect(after.refusedTotal).toEqual({ 301: 1 });
  });

  it('[AC5] let through what they reach: write is read too', async () => {
    const { fixture, peer } = await scoped('write:/a/*');
    peer.take();
    peer.send(subscribe('/a/*'), set('/a/1', 7), publish('event', '/a/2'), bundle(set('/a/2', 8)));
    peer.send({ type: messageType.get, address: '/a/1' }, { type: messageType.query, pattern: '/a/*' });
    peer.send({ type: messageType.ping }, { type: messageType.sync, t1: 1n });
    await fixture.settle();
    const types = peer.take().map(({ type }) => type);
    expect(types).not.toContain(messageType.error);
    expect(types).toEqual(
      expect.arrayContaining([messageType.pong, messageType.sync, messageType.result, messageType.ack]),
    );
    expect(fixture.router.get(parseAddress('/a/2'))).toEqual(f64(8));
  });

  it('[HC27] an ANNOUNCE of many patterns made to be slow is refused after a bounded number of looks', async () => {
    const slow = Array.from({ length: 15 }, (_, i) => `write:${'/**/*a*'.repeat(6)}/**/b${i}`);
    const { fixture, peer } = await scoped([...slow, 'write:/**/c'].join());
    const one = { address: `${'/**/a'.repeat(3)}/**/x/c`, kind: 'param' } as const;
    const exact = Array.from({ length: 1000 }, (_, i) => ({ address: `/x/${i}/c`, kind: 'param' }) as const);
    const announce = (signals: AnnounceMessage['signals']): Message => {
      return { type: messageType.announce, namespace: '/', signals };
    };
    peer.take();
    peer.send(announce([one]), announce(exact), announce(Array.from({ length: 500 }, () => one)));
    await fixture.settle();
    expect(errors(peer)).toEqual([{ code: 301, address: one.address }]);
  });

  it('[AC5] read alone writes nothing; nothing at all reads nothing', async () => {
    for (const [scopes, refused] of [
      ['read:/**', 1],
      ['', 2],
    ] as const) {
      const { fixture, peer } = await scoped(scopes);
      peer.take();
      peer.send(subscribe('/a/1'), set('/a/1', 7));
      await fixture.settle();
      expect(errors(peer)).toHaveLength(refused);
      expect(fixture.router.get(parseAddress('/a/1'))).toEqual(f64(1));
    }
  });

  it('[AC5] what is no address is told so, not hidden behind scopes', async () => {
    const { fixture, peer } = await scoped('read:/a/*');
    peer.take();
    peer.send(set('nowhere', 1), subscribe('/a/***'), { type: messageType.get, address: '/a/*' });
    await fixture.settle();
    expect(errors(peer).map(({ code }) => code)).toEqual([200, 202, 200]);
  });

  it('[AC5] a cancel of a bundle needs none', async () => {
    const { fixture, peer } = await scoped('write:/a/*');
    peer.take();
    peer.send(publish('event', cancelBundleAddress));
    await fixture.settle();
    expect(errors(peer).map(({ code }) => code)).not.toContain(301);
  });

  it('[AC19] the SNAPSHOT behind the WELCOME has what may be read, and comes though that is nothing', async () => {
    for (const [scopes, seen] of [
      ['read:/a/*', ['/a/1', '/a/2']],
      ['read:/*/1', ['/a/1', '/b/1']],
      ['read:/**', ['/a/1', '/a/2', '/b/1']],
      ['read:/none', []],
      ['', []],
    ] as const) {
      const { peer } = await scoped(scopes);
      const [snapshot, ...more] = peer.takeOnly(messageType.snapshot);
      expect(snapshot?.params.map(({ address }) => address)).toEqual(seen);
      expect(more).toEqual([]);
    }
  });

  it('[AC19] of many params too, over several frames', async () => {
    const fixture = new RouterFixture();
    const hand = fixture.router.openLocal('hand');
    const all = Array.from({ length: 5000 }, (_, i) => parseAddress(`/${i % 2 === 0 ? 'even' : 'odd'}/${i}`));
    hand.publish(all.map((address) => ({ kind: 'param', address, value: f64(1) })));
    const desk = new TokenDesk();
    desk.give('token', 'read:/even/*');
    fixture.router.guard.askForTokens(desk);
    const peer = fixture.connect();
    peer.send({ ...hello, token: 'token' });
    await fixture.settle();
    const got = peer.takeOnly(messageType.snapshot).flatMap(({ params }) => params.map(({ address }) => address));
    expect(got.toSorted()).toEqual(all.filter((address) => address.startsWith('/even')).toSorted());
  });

  const part = fc.constantFrom('a', 'b');
  const addresses = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parseAddress(joinSegments(parts)));
  const patterns = fc
    .array(fc.constantFrom('a', 'b', '*', '**'), { minLength: 1, maxLength: 3 })
    .map((parts) => parsePattern(joinSegments(parts)));
  const scopeLists: fc.Arbitrary<Scope[]> = fc.array(
    fc.record({ action: fc.constantFrom('read', 'write', 'admin' as const), pattern: patterns }),
    { maxLength: 3 },
  );
  const reads = (scopes: readonly Scope[], address: ReturnType<typeof parseAddress>): boolean =>
    scopes.some(({ pattern }) => matches(pattern, address));
  const writes = (scopes: readonly Scope[], address: ReturnType<typeof parseAddress>): boolean =>
    scopes.some(({ action, pattern }) => action !== 'read' && matches(pattern, address));

  it('[AC25] whatever a session tries, it changes and hears what a plain model allows, and no more', async () => {
    await fc.assert(
      fc.asyncProperty(
        scopeLists,
        fc.array(patterns, { maxLength: 4 }),
        fc.array(addresses, { minLength: 1, maxLength: 8 }),
        fc.array(addresses, { minLength: 1, maxLength: 8 }),
        async (scopes, wanted, written, others) => {
          const { fixture, peer } = await scoped('');
          const desk = new TokenDesk();
          desk.give('token', scopes.map(({ action, pattern }) => `${action}:${pattern}`).join());
          fixture.router.guard.askForTokens(desk);
          const one = fixture.connect();
          one.send({ ...hello, token: 'token' });
          wanted.forEach((pattern, id) => one.send(subscribe(pattern, id)));
          await fixture.settle();
          const shown = one.take().flatMap((message) => (message.type === messageType.snapshot ? message.params : []));
          for (const { address } of shown) expect(reads(scopes, parseAddress(address))).toBe(true);
          one.send(...written.map((address) => set(address, 42)));
          await fixture.settle();
          for (const address of written)
            expect(fixture.router.get(address)?.type === 'f64' && writes(scopes, address)).toBe(
              writes(scopes, address),
            );
          for (const address of written)
            if (!writes(scopes, address)) expect(fixture.router.get(address)).not.toEqual(f64(42));
          one.take();
          fixture.router
            .openLocal('other')
            .publish(others.map((address) => ({ kind: 'event', address, value: f64(1) })));
          await fixture.settle();
          const heard = addressed(one.take()).map(([address]) => parseAddress(address));
          for (const address of heard) expect(reads(scopes, address)).toBe(true);
          const granted = wanted.filter((pattern) =>
            scopes.some((scope) => scope.pattern === pattern || scope.pattern === '/**'),
          );
          for (const address of others)
            if (granted.some((pattern) => matches(pattern, address))) expect(heard).toContain(address);
          peer.take();
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('constraints of a token', () => {
  const constraints = [{ pattern: parsePattern('/dim/**'), range: [0, 1] as const, maxRate: hertz(2) }];

  it('[AC4] refuse values out of range, in SET, PUBLISH, samples and bundles, and timelines, which go anywhere between', async () => {
    const { fixture, peer } = await scoped('write:/**', { constraints });
    peer.take();
    const samples: Message = {
      type: messageType.publish,
      kind: 'stream',
      address: '/dim/1',
      samples: [0, 3],
      rate: 10,
    };
    const tried = [set('/dim/1', 2), publish('event', '/dim/1', 2), samples, bundle(set('/dim/1', 9))];
    peer.send(...tried, publish('timeline', '/dim/1', 0.5));
    await fixture.settle();
    expect(errors(peer)).toEqual(Array.from({ length: 5 }, () => ({ code: 301, address: '/dim/1' })));
    expect(fixture.router.get(parseAddress('/dim/1'))).toBeUndefined();
    peer.send(set('/dim/1', 0.5), set('/else', 2));
    await fixture.settle();
    expect(errors(peer)).toEqual([]);
  });

  it('[AC22] and writes beyond maxRate, which another session of the same token does not use up', async () => {
    const { fixture, peer } = await scoped('write:/**', { constraints });
    const other = fixture.connect();
    other.send({ ...hello, token: 'token' });
    await fixture.settle();
    peer.send(set('/dim/1', 0.1), set('/dim/2', 0.2), set('/dim/1', 0.3), set('/free', 1));
    await fixture.settle();
    expect(errors(peer)).toEqual([{ code: 429, address: '/dim/1' }]);
    other.send(set('/dim/1', 0.4));
    await fixture.settle();
    expect(fixture.router.get(parseAddress('/dim/1'))).toEqual(f64(0.4));
    fixture.clock.advance(500);
    peer.send(set('/dim/1', 0.5), set('/dim/1', 0.6));
    await fixture.settle();
    expect(fixture.router.get(parseAddress('/dim/1'))).toEqual(f64(0.5));
  });
});

describe('rate limits', () => {
  const limited = async (
    limits: Parameters<RouterFixture['router']['guard']['limitRates']>[0],
  ): Promise<[RouterFixture, Peer]> => {
    const fixture = new RouterFixture();
    fixture.router.guard.limitRates(limits);
    return [fixture, await fixture.join()];
  };
  const rate = (perSecond: number, burst: number) => ({ rate: hertz(perSecond), burst });
  const from = async (fixture: RouterFixture, source: string): Promise<Peer> => {
    const [near, far] = MemoryConnection.pair(source);
    const peer = new Peer(near);
    fixture.router.accept(far);
    peer.send(hello);
    await fixture.settle();
    peer.take();
    return peer;
  };

  it('[AC20] beyond the burst of a session get ERROR 429, are counted, and have no effect', async () => {
    const [fixture, peer] = await limited({ session: rate(10, 3), patterns: [] });
    peer.send(...[1, 2, 3, 4, 5].map((value) => set('/a', value)));
    await fixture.settle();
    expect(peer.take().map(({ type }) => type)).toEqual([
      ...Array<number>(3).fill(messageType.ack),
      messageType.error,
      messageType.error,
    ]);
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(3));
    expect(fixture.router.stats().refusedTotal).toEqual({ 429: 2 });
    fixture.clock.advance(101);
    peer.send(set('/a', 6), set('/a', 7));
    await fixture.settle();
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(6));
  });

  it('[AC21] sessions of one source share, and another source is not starved', async () => {
    const [fixture] = await limited({ source: rate(10, 4), patterns: [] });
    const [first, second, other] = [
      await from(fixture, 'tcp x'),
      await from(fixture, 'tcp x'),
      await from(fixture, 'tcp-y'),
    ];
    for (let i = 0; i < 1000; i++) first.send(publish('event', '/flood'));
    second.send(set('/second', 1));
    other.send(set('/other', 1));
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ messages: { event: 4, param: 1 } });
    expect(fixture.router.get(parseAddress('/other'))).toEqual(f64(1));
  });

  it('[AC22] of addresses under a pattern hold for each session alone', async () => {
    const [fixture, peer] = await limited({ patterns: [{ pattern: parsePattern('/lamp/**'), ...rate(1, 2) }] });
    const other = await fixture.join();
    peer.send(set('/lamp/1', 1), set('/lamp/2', 2), set('/lamp/3', 3), set('/free', 4));
    other.send(set('/lamp/4', 4));
    await fixture.settle();
    expect(errors(peer)).toEqual([{ code: 429, address: '/lamp/3' }]);
    expect(errors(other)).toEqual([]);
    expect(fixture.router.stats().params).toBe(4);
  });

  it('[AC23] a BUNDLE counts as its parts, whole or not at all; one that can never pass is told so', async () => {
    const [fixture, peer] = await limited({ session: rate(1, 3), patterns: [] });
    peer.send(bundle(set('/a', 1), set('/b', 1)), bundle(set('/c', 1), set('/d', 1)), set('/e', 1));
    await fixture.settle();
    expect(fixture.router.stats().params).toBe(3);
    peer.take();
    peer.send(bundle(...[1, 2, 3, 4].map((n) => set('/f', n))));
    await fixture.settle();
    expect(peer.takeOnly(messageType.error)).toMatchObject([
      { message: 'At most 3 messages at once are taken, and these are 4.' },
    ]);
  });

  it('[AC26] PING, SYNC, ACK and UNSUBSCRIBE do not count', async () => {
    const [fixture, peer] = await limited({ session: rate(1, 1), patterns: [] });
    for (let i = 0; i < 50; i++)
      peer.send(
        { type: messageType.ping },
        { type: messageType.sync, t1: 1n },
        { type: messageType.unsubscribe, id: 1 },
      );
    peer.send(set('/a', 1));
    await fixture.settle();
    expect(errors(peer)).toEqual([]);
    expect(fixture.router.stats().params).toBe(1);
  });

  it('[AC27] what is limited anew holds at once for who is here', async () => {
    const [fixture, peer] = await limited({ patterns: [] });
    peer.send(set('/a', 1), set('/a', 2));
    await fixture.settle();
    fixture.router.guard.limitRates({ session: rate(1, 1), patterns: [] });
    peer.send(set('/a', 3), set('/a', 4));
    await fixture.settle();
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(3));
    fixture.router.guard.limitRates({ patterns: [] });
    peer.send(set('/a', 5), set('/a', 6));
    await fixture.settle();
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(6));
  });
});
