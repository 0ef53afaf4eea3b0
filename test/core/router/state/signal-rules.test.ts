import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import type { SignalSettings } from '../../../../src-main/contract/show.ts';
import { f64, fromJson, nullValue, text, toJson, type ConflictStrategy } from '../../../../src-main/contract/signal.ts';
import { messageType, type AnnouncedSignal, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { AnnouncedSignals } from '../../../../src-main/core/router/state/announced-signals.ts';
import { routerLimits } from '../../../../src-main/core/router/limits.ts';
import { SignalRules } from '../../../../src-main/core/router/state/signal-rules.ts';
import { addressed, publish, RouterFixture, set, subscribe, type Peer } from '../router-fixture.ts';

type Meta = NonNullable<AnnouncedSignal['meta']>;

function announce(address: string, meta: Meta, datatype?: string): Message {
  const signal = { address, kind: 'param' as const, meta, ...(datatype !== undefined && { datatype }) };
  return { type: messageType.announce, namespace: '/n', signals: [signal] };
}

function apply(fixture: RouterFixture, ...rules: SignalSettings['rules']): void {
  fixture.router.applyRules({ rules, enforceRanges: false, enforceTypes: false });
}

/** What the router answers to each, as ACK's revision or ERROR's code. */
async function answers(
  fixture: RouterFixture,
  peer: Peer,
  ...messages: Message[]
): Promise<(bigint | number | undefined)[]> {
  await fixture.settle();
  peer.take();
  peer.send(...messages);
  await fixture.settle();
  return peer.take().flatMap((message): (bigint | number | undefined)[] => {
    if (message.type === messageType.ack) return [message.revision];
    return message.type === messageType.error ? [message.code] : [];
  });
}

describe('which rule holds', () => {
  function strategies(announced: ConflictStrategy | undefined, ...rules: [string, ConflictStrategy][]) {
    const signals = new AnnouncedSignals(routerLimits);
    if (announced) signals.announce('s', [{ address: '/desk/main/1', kind: 'param', meta: { strategy: announced } }]);
    const held = new SignalRules({ announced: signals, cachedMax: 2 });
    held.load({
      rules: rules.map(([pattern, strategy]) => ({ pattern, strategy })),
      enforceRanges: false,
      enforceTypes: false,
    });
    return ['/desk/main/1', '/desk/main/2', '/other'].map((address) => held.of(parseAddress(address)).strategy);
  }

  it('[RT140] is the last write without any, then what was announced, then the most specific pattern of the show', () => {
    expect(strategies(undefined)).toEqual(['lww', 'lww', 'lww']);
    expect(strategies('max')).toEqual(['max', 'lww', 'lww']);
    expect(strategies('max', ['/**', 'min'])).toEqual(['min', 'min', 'min']);
    expect(strategies('max', ['/**', 'min'], ['/desk/main/*', 'lock'], ['/desk/**', 'merge'])).toEqual([
      ...['lock', 'lock', 'min'],
    ]);
    expect(strategies('max', ['/desk/main/*', 'max'], ['/desk/main/1', 'lww'])).toEqual(['lww', 'max', 'lww']);
  });

  it('[RT140] is another one as soon as somebody announces anew, or the show changes', () => {
    const signals = new AnnouncedSignals(routerLimits);
    const rules = new SignalRules({ announced: signals, cachedMax: 10 });
    const at = parseAddress('/a');
    const seen = [rules.of(at).strategy];
    const now = (strategy: ConflictStrategy) => {
      signals.announce('s', [{ address: '/a', kind: 'param', meta: { strategy } }]);
      seen.push(rules.of(at).strategy);
    };
    now('max');
    now('merge');
    rules.load({ rules: [{ pattern: '/*', strategy: 'lww' }], enforceRanges: false, enforceTypes: false });
    seen.push(rules.of(at).strategy);
    expect(seen).toEqual(['lww', 'max', 'merge', 'lww']);
  });
});

describe('a write that meets another', () => {
  it('[RT142] is lost with ERROR 400, counted, without any effect; what wins goes on as ever', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/meter', strategy: 'max' });
    const [one, other] = [await fixture.join(), await fixture.join()];
    other.send(subscribe('/meter'));
    expect(await answers(fixture, one, set('/meter', 5), set('/meter', 3), set('/meter', 5), set('/meter', 6))).toEqual(
      [...[1n, 400, 2n, 3n]],
    );
    expect(addressed(other.take())).toEqual([
      ['/meter', 5],
      ['/meter', 5],
      ['/meter', 6],
    ]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 400: 1 });
    expect(await answers(fixture, other, set('/meter', nullValue), set('/meter', 1))).toEqual([4n, 5n]);
  });

  it('[RT142] is judged by lock and expected revision first', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/meter', strategy: 'min' });
    const [one, other] = [await fixture.join(), await fixture.join()];
    await answers(fixture, one, set('/meter', 5, { lock: true }));
    expect(await answers(fixture, other, set('/meter', 9))).toEqual([401]);
    const stale = set('/meter', 1, { revision: 7n });
    expect(await answers(fixture, one, stale, set('/meter', 6, { revision: 1n }), set('/meter', 1))).toEqual([
      ...[400, 400, 2n],
    ]);
  });

  it('[RT142] is lost for participants in the process too, and timelines go on unheard', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/meter', strategy: 'max' });
    const hand = fixture.router.openLocal('hand');
    const signal = (value: number) => ({ kind: 'param', address: parseAddress('/meter'), value: f64(value) }) as const;
    expect(hand.publish([signal(5), signal(3), signal(8)])).toMatchObject({ code: 400 });
    expect(fixture.router.get(parseAddress('/meter'))).toEqual(f64(8));
  });

  it('[RT144] is merged where that was announced, and goes as a whole to everyone', async () => {
    const fixture = new RouterFixture();
    const [one, other] = [await fixture.join(), await fixture.join()];
    one.send(announce('/head', { strategy: 'merge' }), subscribe('/head'));
    await answers(fixture, one, set('/head', fromJson({ pan: 1, colour: { r: 1, g: 1 } })));
    expect(await answers(fixture, other, set('/head', fromJson({ tilt: 2, colour: { g: 0 } })))).toEqual([2n]);
    const [told] = one.takeOnly(messageType.set);
    expect(told && toJson(told.value.value)).toEqual({ pan: 1, colour: { r: 1, g: 0 }, tilt: 2 });
    expect(await answers(fixture, other, set('/head', 7))).toEqual([3n]);
    expect(fixture.router.get(parseAddress('/head'))).toEqual(f64(7));
  });

  it('[RT144] is refused when no frame could carry what was merged', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/**', strategy: 'merge' });
    const peer = await fixture.join();
    const half = (key: string) => set('/big', fromJson({ [key]: 'x'.repeat(40_000) }));
    expect(await answers(fixture, peer, half('a'), half('b'), half('a'))).toEqual([1n, 402, 2n]);
  });
});

describe('the strategy lock', () => {
  it('[RT143] gives the lock to the first writer, tells it and everyone, and takes it back when the writer leaves', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/fader/*', strategy: 'lock' });
    const [one, other, ears] = [await fixture.join(), await fixture.join(), await fixture.join()];
    ears.send(subscribe('/fader/*'));
    one.send(set('/fader/1', 1), set('/fader/1', 2));
    await fixture.settle();
    expect(one.takeOnly(messageType.ack)).toMatchObject([
      { revision: 1n, locked: true, holder: one.session },
      { revision: 2n },
    ]);
    expect(ears.takeOnly(messageType.set).map(({ lock }) => lock)).toEqual([true, undefined]);
    expect(await answers(fixture, other, set('/fader/1', 3), set('/fader/2', 3))).toEqual([401, 1n]);
    one.connection.close('gone');
    await fixture.settle();
    expect(await answers(fixture, other, set('/fader/1', 4))).toEqual([3n]);
  });

  it('[RT326] gives a lock back also with a value that is lost: the one that stands stays, and everyone hears of it', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/meter', strategy: 'max' });
    const [one, other, ears] = [await fixture.join(), await fixture.join(), await fixture.join()];
    ears.send(subscribe('/meter'));
    expect(await answers(fixture, other, set('/meter', 5))).toEqual([1n]);
    expect(await answers(fixture, one, set('/meter', 7, { lock: true }))).toEqual([2n]);
    const before = fixture.router.params.get('/meter');
    ears.take();
    one.send(set('/meter', 1, { unlock: true }));
    await fixture.settle();
    expect(one.take()).toEqual([{ type: messageType.ack, address: '/meter', revision: 3n, locked: false }]);
    expect(ears.take()).toMatchObject([
      { type: messageType.set, revision: 3n, unlock: true, value: { value: f64(7) } },
    ]);
    expect(fixture.router.params.get('/meter')).toMatchObject({
      ...{ writer: one.session, holder: undefined, movedAt: before?.movedAt, sizeBytes: before?.sizeBytes },
    });
    expect(await answers(fixture, other, set('/meter', 8))).toEqual([4n]);
  });

  it('[RT326] refuses the value as ever where there is no lock to give back, and in a lock that is asked for', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/meter', strategy: 'min' }, { pattern: '/meter', range: { min: 0, max: 10 } });
    const [one, other] = [await fixture.join(), await fixture.join()];
    expect(await answers(fixture, one, set('/meter', 5))).toEqual([1n]);
    expect(await answers(fixture, one, set('/meter', 6, { unlock: true }), set('/meter', 6, { lock: true }))).toEqual([
      400, 400,
    ]);
    expect(await answers(fixture, one, set('/meter', 5, { lock: true }))).toEqual([2n]);
    expect(await answers(fixture, one, set('/meter', text('x'), { unlock: true }))).toEqual([402]);
    expect(await answers(fixture, one, set('/meter', -1, { unlock: true }))).toEqual([402]);
    expect(await answers(fixture, other, set('/meter', 6, { unlock: true }))).toEqual([401]);
    const step: Message = {
      type: messageType.bundle,
      messages: [set('/meter', 9, { unlock: true }), set('/meter', 4)],
    };
    expect(await answers(fixture, one, step)).toEqual([4n]);
    expect(fixture.router.params.get('/meter')).toMatchObject({ holder: undefined, value: { value: f64(4) } });
  });

  it('[RT143] ends by unlock, and the next writer has it', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/fader', strategy: 'lock' });
    const [one, other] = [await fixture.join(), await fixture.join()];
    await answers(fixture, one, set('/fader', 1), set('/fader', 1, { unlock: true }));
    expect(await answers(fixture, other, set('/fader', 2))).toEqual([3n]);
    expect(await answers(fixture, one, set('/fader', 3))).toEqual([401]);
  });

  it('[RT143] ends with its rule; a lock that was asked for stays', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/fader/*', strategy: 'lock' });
    const [one, other] = [await fixture.join(), await fixture.join()];
    await answers(fixture, one, set('/fader/1', 1), set('/fader/2', 1), set('/fader/2', 1, { lock: true }));
    apply(fixture, { pattern: '/fader/*', strategy: 'max' });
    expect(await answers(fixture, other, set('/fader/1', 2), set('/fader/2', 2))).toEqual([2n, 401]);
    one.send(announce('/key', { strategy: 'lock' }));
    await answers(fixture, one, set('/key', 1));
    expect(await answers(fixture, other, set('/key', 2))).toEqual([401]);
    await answers(fixture, one, announce('/key', {}));
    expect(await answers(fixture, other, set('/key', 2))).toEqual([2n]);
  });

  it('[RT143] is not for those who never leave, or have left', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/fader', strategy: 'lock' });
    const [one, other] = [await fixture.join(), await fixture.join()];
    const at = BigInt(fixture.clock.nowMicros() + 5000);
    one.send({ type: messageType.bundle, timestamp: at, messages: [set('/fader', 1)] });
    one.send(publish('timeline', '/fader', fromJson({ keyframes: [{ time: 0, value: 2 }] })));
    await fixture.settle();
    one.connection.close('gone');
    fixture.clock.advance(10);
    await fixture.settle();
    expect(fixture.router.params.get('/fader')).toMatchObject({ revision: 2n, holder: undefined });
    expect(await answers(fixture, other, set('/fader', 3))).toEqual([3n]);
  });
});

describe('a BUNDLE under rules', () => {
  it('[RT145] is refused whole when one of its writes is lost, each judged by those before it', async () => {
    const fixture = new RouterFixture();
    apply(fixture, { pattern: '/meter', strategy: 'max' });
    const peer = await fixture.join();
    const bundle = (...values: number[]): Message => ({
      type: messageType.bundle,
      messages: [set('/other', 1), ...values.map((value) => set('/meter', value))],
    });
    expect(await answers(fixture, peer, bundle(1, 2, 3), bundle(4, 3))).toEqual([3n, 400]);
    expect(fixture.router.get(parseAddress('/meter'))).toEqual(f64(3));
    expect(fixture.router.params.get('/other')?.revision).toBe(1n);
  });
});

describe('what was announced', () => {
  function enforce(fixture: RouterFixture): void {
    fixture.router.applyRules({ rules: [], enforceRanges: true, enforceTypes: true });
  }

  it('[RT146] bounds nothing until the show says so', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(announce('/dim', { range: [0, 1] }, 'f32'));
    expect(await answers(fixture, peer, set('/dim', 2), set('/dim', text('x')))).toEqual([1n, 2n]);
    enforce(fixture);
    expect(await answers(fixture, peer, set('/dim', 2), set('/dim', text('x')), set('/dim', 1))).toEqual([
      402,
      402,
      3n,
    ]);
    fixture.router.applyRules({ rules: [], enforceRanges: false, enforceTypes: false });
    expect(await answers(fixture, peer, set('/dim', 2))).toEqual([4n]);
  });

  it('[RT146] bounds what is published too, samples one by one, and bundles now and later', async () => {
    const fixture = new RouterFixture();
    enforce(fixture);
    const [peer, ears] = [await fixture.join(), await fixture.join()];
    peer.send(announce('/dim', { range: [0, 1] }));
    ears.send(subscribe('/**'));
    const samples: Message = {
      type: messageType.publish,
      kind: 'stream',
      address: '/dim',
      samples: [0.5, 2, 0.5],
      rate: 10,
    };
    const bundle: Message = { type: messageType.bundle, messages: [set('/free', 1), publish('event', '/dim', 3)] };
    const later = { ...bundle, timestamp: BigInt(fixture.clock.nowMicros() + 5000) };
    expect(await answers(fixture, peer, publish('event', '/dim', 2), samples, bundle, later)).toEqual(
      Array(4).fill(402),
    );
    const fits = { ...later, messages: [set('/dim', 0.9)] };
    const alsoFits = { ...later, messages: [publish('event', '/dim', 0.9)] };
    peer.send(fits, alsoFits, announce('/dim', { range: [0, 0.5] }));
    await fixture.settle();
    peer.take();
    fixture.clock.advance(10);
    await fixture.settle();
    expect(peer.take()).toMatchObject(Array(2).fill({ code: 402, address: '/dim' }));
    expect(ears.take()).toEqual([]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 402: 6 });
  });

  it('[RT146] bounds what a merge comes to', async () => {
    const fixture = new RouterFixture();
    fixture.router.applyRules({
      rules: [{ pattern: '/**', strategy: 'merge' }],
      enforceRanges: true,
      enforceTypes: false,
    });
    const peer = await fixture.join();
    await answers(fixture, peer, set('/head', fromJson({ old: 5 })), announce('/head', { range: [0, 1] }));
    expect(
      await answers(fixture, peer, set('/head', fromJson({ pan: 1 })), set('/head', fromJson({ old: 1 }))),
    ).toEqual([...[402, 2n]]);
  });

  it('[RT148] refuses a timeline with a keyframe beyond it, and draws in what lies between keyframes', async () => {
    const fixture = new RouterFixture();
    enforce(fixture);
    const [peer, ears] = [await fixture.join(), await fixture.join()];
    peer.send(announce('/dim', { range: [0, 1] }));
    ears.send(subscribe('/dim', 1, 0x01));
    const timeline = (peak: number, y = 3) =>
      publish(
        'timeline',
        '/dim',
        fromJson({
          keyframes: [
            { time: 0, value: 0, easing: 'cubic-bezier', bezier: [0.3, y, 0.7, y] },
            { time: 500_000, value: peak },
          ],
        }),
      );
    await fixture.settle();
    peer.take();
    peer.send(timeline(1.5));
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { code: 402, message: expect.stringContaining('keyframes[1].value') as string },
    ]);
    peer.send(timeline(1));
    await fixture.settle();
    for (let i = 0; i < 60; i++) {
      fixture.clock.advance(10);
      await fixture.settle();
    }
    const seen = addressed(ears.take()).map(([, value]) => value as number);
    expect(seen.length).toBeGreaterThan(20);
    expect([Math.max(...seen), Math.min(...seen), seen.at(-1)]).toEqual([1, 0, 1]);
    expect(seen.filter((value) => value === 1).length).toBeGreaterThan(5);
    expect(fixture.router.stats().refusedTotal).toEqual({ 402: 1 });
  });
});

describe('what the show says itself', () => {
  const ruled = (...rules: SignalSettings['rules']) => ({ rules, enforceRanges: false, enforceTypes: false });

  it('[RT263] holds for strategy, datatype and range each by the most specific rule that says it', async () => {
    const fixture = new RouterFixture();
    fixture.router.applyRules(
      ruled(
        { pattern: '/lamp/**', range: { min: 0, max: 1 }, datatype: 'number' },
        { pattern: '/lamp/*', strategy: 'max', datatype: null },
        { pattern: '/lamp/wide', range: { min: -1, max: 2 } },
      ),
    );
    const peer = await fixture.join();
    expect(
      await answers(
        ...([fixture, peer] as const),
        ...[set('/lamp/1', 2), set('/lamp/1', text('x')), set('/lamp/1', 0.5), set('/lamp/1', 0.25)],
        ...[set('/lamp/wide', 2), set('/lamp/wide', 3), set('/lamp/a/b', 1), set('/lamp/a/b', 0), set('/other', 9)],
      ),
    ).toEqual([402, 402, 1n, 400, 1n, 402, 1n, 2n, 1n]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 400: 1, 402: 3 });
    peer.send(set('/lamp/1', 5));
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ code: 402, message: 'Only numbers from 0 to 1 are taken here.' }]);
  });

  it('[RT263] goes before what was announced, and says where that holds', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    for (const name of ['a', 'b', 'c']) peer.send(announce(`/${name}/1`, { range: [0, 1], strategy: 'max' }, 'i32'));
    fixture.router.applyRules(
      ruled({ pattern: '/a/*', enforce: true }, { pattern: '/b/*', strategy: 'lww', range: { min: 0, max: 5 } }),
    );
    const writes = (name: string) => [set(`/${name}/1`, 4), set(`/${name}/1`, 0.5), set(`/${name}/1`, 1)];
    expect(await answers(fixture, peer, ...writes('a'))).toEqual([402, 402, 1n]);
    expect(await answers(fixture, peer, ...writes('b'))).toEqual([1n, 2n, 3n]);
    expect(await answers(fixture, peer, ...writes('c'))).toEqual([1n, 400, 400]);
    fixture.router.applyRules({
      rules: [{ pattern: '/c/*', enforce: false }],
      enforceRanges: true,
      enforceTypes: true,
    });
    expect(await answers(fixture, peer, ...writes('a'))).toEqual([402, 400, 2n]);
    expect(await answers(fixture, peer, set('/c/1', 7.5))).toEqual([2n]);
  });
});

describe('what was announced by a pattern', () => {
  it('[RT260] holds for all it covers, each part by the most specific announcement that says it', async () => {
    const fixture = new RouterFixture();
    fixture.router.applyRules({ rules: [], enforceRanges: true, enforceTypes: true });
    const [owner, other] = [await fixture.join(), await fixture.join()];
    owner.send(
      announce('/desk/**', { strategy: 'max', range: [0, 1] }),
      announce('/desk/wide/*', { range: [0, 9] }, 'i32'),
      announce('/desk/wide/1', { strategy: 'lww' }),
    );
    expect(
      await answers(
        ...([fixture, other] as const),
        ...[set('/desk/1', 0.5), set('/desk/1', 0.25), set('/desk/1', 2), set('/desk/wide/2', 5)],
        ...[set('/desk/wide/2', 4), set('/desk/wide/1', 5), set('/desk/wide/1', 4), set('/desk/wide/1', 0.5)],
      ),
    ).toEqual([1n, 400, 402, 1n, 400, 1n, 2n, 402]);
    owner.send(announce('/desk/**', { range: [0, 1] }));
    expect(await answers(fixture, other, set('/desk/1', 0.25))).toEqual([2n]);
  });

  it('[RT260] ends the locks that it gave when it is announced otherwise', async () => {
    const fixture = new RouterFixture();
    const [one, other] = [await fixture.join(), await fixture.join()];
    one.send(announce('/key/*', { strategy: 'lock' }));
    await answers(fixture, one, set('/key/1', 1), set('/key/2', 1), set('/key/2', 1, { lock: true }));
    expect(await answers(fixture, other, set('/key/1', 2), set('/key/3', 2))).toEqual([401, 1n]);
    await answers(fixture, one, announce('/key/*', {}));
    expect(await answers(fixture, other, set('/key/1', 2), set('/key/2', 2))).toEqual([2n, 401]);
  });

  it('[RT261] is refused with ERROR 202 where it is no pattern, or has more than 8 **; nothing of it is kept', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const deep = '/**/a'.repeat(9);
    expect(
      await answers(fixture, peer, announce('/a/x**', {}), announce('a/*', {}), announce(deep, {}), announce('a', {})),
    ).toEqual([202, 202, 202, 200]);
    const many = Array.from({ length: routerLimits.announcedPatternsMax + 1 }, (_, i) => `/${i}/*`);
    const signals = many.map((address) => ({ address, kind: 'param' as const }));
    expect(await answers(fixture, peer, { type: messageType.announce, namespace: '/n', signals })).toEqual([429]);
    peer.send({ type: messageType.query, pattern: '/**' });
    await fixture.settle();
    expect(peer.takeOnly(messageType.result).flatMap((result) => result.signals)).toEqual([]);
  });

  it('[RT262] is listed by QUERY under its text, and for an address that it covers', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(announce('/desk/*/level', {}, 'f32'), announce('/desk/1/level', {}), set('/desk/2/level', 1));
    await fixture.settle();
    peer.take();
    const found = async (pattern: string) => {
      peer.send({ type: messageType.query, pattern });
      await fixture.settle();
      return peer.takeOnly(messageType.result).flatMap(({ signals }) => signals.map(({ address }) => address));
    };
    expect(await found('/desk/**')).toEqual(['/desk/*/level', '/desk/1/level', '/desk/2/level']);
    expect(await found('/desk/*/level')).toEqual(['/desk/*/level', '/desk/1/level', '/desk/2/level']);
    expect(await found('/desk/2/level')).toEqual(['/desk/*/level', '/desk/2/level']);
    expect(await found('/desk/2')).toEqual([]);
  });
});
