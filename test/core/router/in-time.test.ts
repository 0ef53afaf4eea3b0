import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, fromJson, nullValue } from '../../../src-main/contract/signal.ts';
import { messageType, type BundleMessage, type Message } from '../../../src-main/core/protocol/messages.ts';
import { cancelBundleAddress } from '../../../src-main/core/protocol/correlation.ts';
import { keptRouter } from './kept-router.ts';
import {
  addressed,
  gesture,
  hello,
  pattern,
  publish,
  RouterFixture,
  set,
  subscribe,
  type Peer,
} from './router-fixture.ts';

async function rig() {
  const fixture = new RouterFixture();
  const [sender, listener] = [await fixture.join(), await fixture.join()];
  listener.send(subscribe('/**'));
  await fixture.settle();
  const later = async (ms: number): Promise<void> => {
    await fixture.settle();
    fixture.clock.advance(ms);
    await fixture.settle();
  };
  return { fixture, sender, listener, later };
}

async function joinAs(fixture: RouterFixture, resume: string): Promise<Peer> {
  const peer = fixture.connect();
  peer.ask(1, { ...hello, resume });
  await fixture.settle();
  peer.take();
  return peer;
}

function bundleAt(fixture: RouterFixture, ms: number, ...messages: Message[]): BundleMessage {
  return { type: messageType.bundle, timestamp: BigInt(fixture.clock.nowMicros() + ms * 1000), messages };
}

describe('a param with a TTL', () => {
  const ttl = { seconds: 10, absolute: false };

  it('[RT131] ends with a SET of null to subscribers, is unknown then, and goes on above its old revisions', async () => {
    const { fixture, sender, listener, later } = await rig();
    const local: unknown[] = [];
    fixture.router.openLocal('bridge').subscribe(pattern('/**'), (batch) => local.push(...batch));
    sender.send(set('/a', 1, { ttl }));
    await later(9_999);
    listener.take();
    local.length = 0;
    await later(1);
    expect(listener.take()).toEqual([set('/a', nullValue, { revision: 2n })]);
    expect(local).toEqual([]);
    sender.take();
    sender.send({ type: messageType.get, address: '/a' }, set('/a', 5));
    await fixture.settle();
    expect(sender.take()).toMatchObject([{ code: 201 }, { type: messageType.ack, revision: 3n }]);
    expect(fixture.router.stats().expiredTotal).toBe(1);
  });

  it('[RT131] that came back after a restart ends in its time', async () => {
    const { fixture, sender } = await rig();
    sender.send(set('/a', 1, { ttl }));
    await fixture.settle();
    const [kept] = [...fixture.router.params.records()];
    if (!kept) throw new Error('nothing kept');
    const next = new RouterFixture();
    next.clock.advance(4000);
    next.router.params.restore({ params: [kept], floors: { forNew: 0n, forKnown: 0n } });
    next.clock.advance(5999);
    expect(next.router.params.get('/a')).toBeDefined();
    next.clock.advance(1);
    expect(next.router.params.get('/a')).toBeUndefined();
    expect(next.router.params.revisionFloors.forNew).toBe(2n);
  });

  it('[RT460] with an absolute TTL ends after a restart when it would have, also where it was set again since', async () => {
    const first = await keptRouter();
    const desk = await first.fixture.join();
    desk.send(set('/absolute', 1, { ttl: { ...ttl, absolute: true } }), set('/sliding', 1, { ttl }));
    await first.settle();
    first.fixture.clock.advance(7000);
    desk.send(set('/absolute', 2), set('/sliding', 2));
    await first.settle();
    first.fixture.clock.advance(1000);
    await first.settle();

    // Its clock begins anew, so by the times of the last run it starts at the newest write.
    const { fixture } = await keptRouter({ kept: first.store.journal });
    const known = (): string[] =>
      ['/absolute', '/sliding'].filter((text) => fixture.router.params.get(parseAddress(text)));
    fixture.clock.advance(2999);
    expect(known()).toEqual(['/absolute', '/sliding']);
    fixture.clock.advance(1);
    expect(known()).toEqual(['/sliding']);
    fixture.clock.advance(6999);
    expect(known()).toEqual(['/sliding']);
    fixture.clock.advance(1);
    expect(known()).toEqual([]);
  });

  it('[RT286] ends its lock with it, and who waited for that sets it behind the null', async () => {
    const { fixture, sender, listener, later } = await rig();
    const desk = fixture.router.openLocal('desk');
    fixture.router.params.watchUnlocks((address, isSet) => {
      if (!isSet) desk.publish([{ kind: 'param', address, value: f64(7) }]);
    });
    sender.send(set('/a', 1, { ttl, lock: true }));
    await later(9_999);
    listener.take();
    await later(1);
    expect(listener.take()).toMatchObject([
      set('/a', nullValue, { revision: 2n }),
      { address: '/a', value: { value: f64(7) }, revision: 3n },
    ]);
    sender.send(set('/b', 1, { ttl }));
    await later(10_000);
    expect(listener.take()).toHaveLength(2);
  });

  it('[RT131] leaves no timer behind when the router closes', async () => {
    const { fixture, sender } = await rig();
    sender.send(set('/a', 1, { ttl }), gesture('start', 1));
    await fixture.settle();
    expect(fixture.clock.waiting).toBeGreaterThan(0);
    fixture.router.close('over');
    expect(fixture.clock.waiting).toBe(0);
  });
});

describe('a gesture whose sender leaves', () => {
  it('[GE1] is cancelled for everyone else, after the last position', async () => {
    const { fixture, sender, listener } = await rig();
    sender.send(
      gesture('start', 1, 7),
      gesture('move', 2, 7),
      gesture('move', 3, 7),
      gesture('start', 9, 8),
      gesture('end', 9, 8),
    );
    await fixture.settle();
    listener.take();
    sender.connection.close('gone');
    await fixture.settle();
    expect(listener.take()).toMatchObject([
      { phase: 'move', id: 7 },
      { phase: 'cancel', id: 7, address: '/touch' },
    ]);
  });

  it('[GE2] is cancelled too when it goes silent, and its sender hears that', async () => {
    const { sender, listener, later } = await rig();
    sender.send(subscribe('/touch', 5), gesture('start', 1, 7));
    await later(29_999);
    listener.take();
    await later(1);
    for (const peer of [listener, sender]) expect(peer.take().at(-1)).toMatchObject({ phase: 'cancel', id: 7 });
  });
});

describe('a BUNDLE for later', () => {
  it('[RT132] is done at its time, whole, with what stands there by then, and acknowledged under commit when it is done', async () => {
    const { fixture, sender, listener, later } = await rig();
    sender.send(bundleAt(fixture, 500, set('/a', 1), publish('event', '/b', fromJson('go')), set('/a', 2)));
    await later(499);
    expect([sender.take(), listener.take()]).toEqual([[], []]);
    sender.send(set('/a', 7));
    await later(1);
    expect(addressed(listener.take())).toEqual([
      ['/a', 7],
      ['/a', 1],
      ['/b', 'go'],
      ['/a', 2],
    ]);
    expect(sender.take()).toMatchObject([{ revision: 1n }, { type: messageType.ack, revision: 3n }]);
    expect(fixture.clock.waiting).toBe(0);
  });

  it('[RT132] is acknowledged under confirm when it waits; what cannot be done in its time is told then', async () => {
    const { fixture, listener, later } = await rig();
    const peer = await joinAs(fixture, 'secret');
    peer.ask(2, bundleAt(fixture, 100, set('/a', 1)), 'confirm');
    peer.ask(3, bundleAt(fixture, 100, set('/b', 1), set('/a', 1, { revision: 9n })), 'confirm');
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ correlationId: 2 }, { correlationId: 3 }]);
    await later(100);
    expect(peer.take()).toMatchObject([{ type: messageType.error, code: 400, correlationId: 3 }]);
    expect(addressed(listener.take())).toEqual([['/a', 1]]);
    expect(fixture.router.stats().missedBundlesTotal).toBe(1);
  });

  it('[RT132] that cannot be, or is for a day later, is refused at once', async () => {
    const { fixture, sender, later } = await rig();
    sender.send(bundleAt(fixture, 100, set('no slash', 1)), bundleAt(fixture, 86_400_001, set('/a', 1)));
    await fixture.settle();
    expect(sender.take()).toMatchObject([{ code: 200 }, { code: 402 }]);
    await later(200);
    expect(fixture.router.params.get('/a')).toBeUndefined();
  });

  it('[RT132] goes on when its sender has left, but takes no lock for it', async () => {
    const { fixture, sender, later } = await rig();
    sender.send(bundleAt(fixture, 100, set('/a', 1)), bundleAt(fixture, 100, set('/b', 1, { lock: true })));
    await fixture.settle();
    sender.connection.close('gone');
    await later(100);
    expect([fixture.router.stats().params, fixture.router.params.get('/a')?.revision]).toEqual([1, 1n]);
  });

  it('[RT133] is cancelled by its client, also from its next session, and by nobody else', async () => {
    const { fixture, listener, later } = await rig();
    const [first, stranger] = [await joinAs(fixture, 'secret'), await joinAs(fixture, 'stranger')];
    first.ask(5, bundleAt(fixture, 1000, set('/a', 1)), 'confirm');
    first.ask(6, bundleAt(fixture, 1000, set('/b', 1)), 'confirm');
    await fixture.settle();
    first.connection.close('gone');
    const second = await joinAs(fixture, 'secret');
    const cancel = (peer: Peer, id: number, value: unknown = 5): void =>
      peer.ask(id, publish('event', cancelBundleAddress, fromJson(value)), 'confirm');
    cancel(stranger, 9);
    cancel(second, 10);
    cancel(second, 11);
    cancel(second, 12, 'five');
    await fixture.settle();
    expect(stranger.take()).toMatchObject([{ code: 201 }]);
    expect(second.take()).toMatchObject([{ type: messageType.ack, correlationId: 10 }, { code: 201 }, { code: 402 }]);
    await later(1000);
    expect(addressed(listener.take())).toEqual([['/b', 1]]);
  });

  it('[RT292] is done by the session that its client has by then: its locks are no hindrance, and it hears nothing of its own', async () => {
    const { fixture, listener, later } = await rig();
    const before = await joinAs(fixture, 'secret');
    const still = publish('timeline', '/a', fromJson({ keyframes: [{ time: 0, value: 5 }] }));
    const steps = [set('/a', 5), set('/b', 6, { lock: true }), publish('event', '/e')];
    before.ask(2, bundleAt(fixture, 100, ...steps, still), 'confirm');
    await fixture.settle();
    const after = fixture.connect();
    after.ask(3, { ...hello, resume: 'secret' });
    await fixture.settle();
    after.ask(4, set('/a', 1, { lock: true }));
    after.ask(5, subscribe('/e'));
    await fixture.settle();
    after.take();
    listener.take();
    await later(100);
    expect(addressed(listener.take()).slice(0, 3)).toEqual([
      ['/a', 5],
      ['/b', 6],
      ['/e', 1],
    ]);
    expect(after.take()).toEqual([]);
    after.connection.close('gone');
    await fixture.settle();
    const other = await fixture.join();
    other.send(set('/a', 7), set('/b', 8));
    await fixture.settle();
    expect(other.take()).toMatchObject([{ type: messageType.ack }, { type: messageType.ack }]);
  });

  it('[RT284] counts with its samples', async () => {
    const fixture = new RouterFixture({ scheduledBytesMax: 1000 });
    const sender = await fixture.join();
    const samples = Array.from({ length: 110 }, (_, i) => i);
    const batch: Message = { type: messageType.publish, kind: 'stream', address: '/wave', samples, rate: 10 };
    sender.send(bundleAt(fixture, 100, batch), bundleAt(fixture, 100, batch));
    await fixture.settle();
    expect(sender.take()).toMatchObject([{ code: 429 }]);
  });

  it('[RT134] is refused beyond the bound with ERROR 429, and leaves nothing behind when the router closes', async () => {
    const fixture = new RouterFixture({ scheduledMax: 1 });
    const sender = await fixture.join();
    sender.send(bundleAt(fixture, 100, set('/a', 1)), bundleAt(fixture, 100, set('/b', 1)));
    await fixture.settle();
    expect(sender.take()).toMatchObject([{ code: 429 }]);
    fixture.router.close('over');
    expect(fixture.clock.waiting).toBe(0);
  });
});
