import { describe, expect, it } from 'vitest';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { publish, RouterFixture, set, subscribe } from '../router-fixture.ts';

describe('the door', () => {
  it('[RT2] closes a connection that says no HELLO within 10 s', async () => {
    const fixture = new RouterFixture();
    const peer = fixture.connect();
    fixture.clock.advance(9_999);
    await fixture.settle();
    expect(peer.closedBecause).toBeUndefined();
    fixture.clock.advance(1);
    await fixture.settle();
    expect(peer.closedBecause).toBe('no HELLO in time');
    expect(fixture.router.stats().sessions).toBe(0);
  });

  it('[RT2] lets a greeted session be silent', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    fixture.clock.advance(3_600_000);
    await fixture.settle();
    expect(peer.closedBecause).toBeUndefined();
    expect(fixture.clock.waiting).toBe(0);
  });

  it('[RT4] refuses a session past the limit with ERROR 503, and admits one when another has left', async () => {
    const fixture = new RouterFixture({ sessionsMax: 1 });
    const first = await fixture.join();
    const second = fixture.connect();
    await fixture.settle();
    expect(second.take()).toMatchObject([{ type: messageType.error, code: 503 }]);
    expect(second.closedBecause).toBe('too many sessions');
    first.connection.close();
    await fixture.settle();
    const third = await fixture.join();
    expect(third.session).not.toBe('');
  });
});

describe('bad frames', () => {
  it('[RT5] answers an undecodable frame with ERROR and goes on', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.connection.send(new Uint8Array([0x54, 1, 0, 0]));
    peer.connection.send(new Uint8Array([0x53, 1, 0, 1, 0x99]));
    peer.send(set('/a', 1));
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.error, code: 100 },
      { type: messageType.error, code: 101 },
      { type: messageType.ack, address: '/a' },
    ]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 100: 1, 101: 1 });
  });

  it('[RT5] closes a session after 16 bad frames in a row, not after 15 and a good one', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const bad = new Uint8Array([0, 0, 0, 0]);
    for (let i = 0; i < 15; i++) peer.connection.send(bad);
    peer.send({ type: messageType.ping });
    for (let i = 0; i < 15; i++) peer.connection.send(bad);
    await fixture.settle();
    expect(peer.closedBecause).toBeUndefined();
    peer.connection.send(bad);
    await fixture.settle();
    expect(peer.closedBecause).toBe('too many bad frames');
    expect(peer.takeOnly(messageType.error)).toHaveLength(31);
  });
});

describe('messages that a router does not take', () => {
  it.each<[string, Message]>([
    ['WELCOME', { type: messageType.welcome, version: 1, features: [], time: 0n, session: 's', name: 'n' }],
    ['SNAPSHOT', { type: messageType.snapshot, params: [] }],
    ['ACK', { type: messageType.ack }],
    ['ERROR', { type: messageType.error, code: 500, message: 'x' }],
    ['RESULT', { type: messageType.result, signals: [] }],
    ['PONG', { type: messageType.pong }],
    ['an answer to SYNC', { type: messageType.sync, t1: 1n, t2: 2n, t3: 3n }],
  ])('[RT6] ignores and counts %s from a client', async (_, message) => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(message);
    await fixture.settle();
    expect(peer.take()).toEqual([]);
    expect(fixture.router.stats()).toMatchObject({ ignoredTotal: 1, refusedTotal: {} });
  });

  it.each<[string, Message]>([
    ['REPLAY', { type: messageType.replay, pattern: '/a', types: 0xff }],
    ['FEDERATION_SYNC', { type: messageType.federationSync, operation: 1, patterns: [], revisions: [] }],
  ])('[RT6] answers %s with ERROR 501', async (_, message) => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(message);
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.error, code: 501 }]);
  });
});

describe('leaving', () => {
  it('[RT7] takes subscriptions and locks of a session that left, and keeps its params', async () => {
    const fixture = new RouterFixture();
    const [leaver, stayer] = [await fixture.join(), await fixture.join()];
    leaver.send(subscribe('/**'), set('/a', 1, { lock: true }));
    await fixture.settle();
    leaver.connection.close();
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ sessions: 1, subscriptions: 0, params: 1 });
    stayer.send(set('/a', 2));
    await fixture.settle();
    expect(stayer.take()).toMatchObject([{ type: messageType.ack, address: '/a', revision: 2n }]);
  });

  it('[RT8] sends what is on its way before it closes in order, and admits nobody afterwards', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const other = await fixture.join();
    peer.send(subscribe('/e'));
    await fixture.settle();
    other.send(publish('event', '/e', 7));
    for (let i = 0; i < 20; i++) await Promise.resolve();
    fixture.router.close('the show is over');
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.publish, address: '/e' }]);
    expect(peer.closedBecause).toBe('the show is over');
    const late = fixture.connect();
    await fixture.settle();
    expect(late.closedBecause).toBe('the show is over');
    expect(fixture.router.stats()).toMatchObject({ sessions: 0, subscriptions: 0 });
  });
});
