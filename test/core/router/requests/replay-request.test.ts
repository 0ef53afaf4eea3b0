import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../../src-main/contract/errors.ts';
import {
  messageType,
  type BundleMessage,
  type Message,
  type ReplayMessage,
} from '../../../../src-main/core/protocol/messages.ts';
import { keptRouter } from '../kept-router.ts';
import { addressed, gesture, hello, publish, set, subscribe } from '../router-fixture.ts';
import { TokenDesk } from '../token-desk.ts';

function replay(more: Partial<ReplayMessage> = {}): ReplayMessage {
  return { type: messageType.replay, pattern: '/**', types: 0xff, ...more };
}

function errorsIn(messages: readonly Message[]): number[] {
  return messages.flatMap((message) => (message.type === messageType.error ? [message.code] : []));
}

describe('REPLAY', () => {
  it('[JR32] sends everything that was accepted, oldest first, as it was and when it was, to who asks alone', async () => {
    const { fixture, settle } = await keptRouter({ mode: 'full' });
    const [desk, late] = [await fixture.join(), await fixture.join()];
    const start = BigInt(fixture.clock.nowMicros());
    const stream: Message = {
      type: messageType.publish,
      kind: 'stream',
      address: '/s',
      samples: [1, 2, 3],
      rate: 50,
      timestamp: 9n,
    };
    const bundle: BundleMessage = { type: messageType.bundle, messages: [set('/b', 1), publish('event', '/b/go')] };
    const sent = [
      set('/a', 1),
      set('/a', 2),
      publish('event', '/go'),
      stream,
      gesture('start', 1, 7),
      gesture('move', 2, 7),
      bundle,
    ];
    for (const message of sent) {
      desk.send(message);
      await settle();
      fixture.clock.advance(1);
    }
    desk.send(set('/a', 3, { revision: 77n }), publish('event', 'no address'));
    await settle();
    desk.take();
    late.take();
    late.headers.length = 0;
    late.send(replay());
    await settle();
    const back = late.take();
    expect(back).toMatchObject([
      { type: messageType.set, address: '/a', revision: 1n },
      { type: messageType.set, address: '/a', revision: 2n },
      { type: messageType.publish, kind: 'event', address: '/go' },
      stream,
      { kind: 'gesture', phase: 'start', id: 7 },
      { kind: 'gesture', phase: 'move', id: 7 },
      { type: messageType.set, address: '/b', revision: 1n },
      { kind: 'event', address: '/b/go' },
    ]);
    expect(late.headers).toEqual([0, 1, 2, 3, 4, 5, 6, 6].map((ms) => start + BigInt(ms) * 1000n));
    expect(desk.take()).toEqual([]);
  });

  it('[JR32] takes pattern, kinds, times and limit into account', async () => {
    const { fixture, settle } = await keptRouter({ mode: 'full' });
    const peer = await fixture.join();
    const start = fixture.clock.nowMicros();
    for (let i = 0; i < 10; i++) {
      peer.send(set(`/a/${i}`, i), publish('event', `/b/${i}`));
      await settle();
      fixture.clock.advance(1000);
    }
    peer.take();
    const asked = async (more: Partial<ReplayMessage>) => {
      peer.send(replay(more));
      await settle();
      return addressed(peer.take()).map(([address]) => address);
    };
    expect(await asked({ pattern: '/a/*', limit: 2 })).toEqual(['/a/0', '/a/1']);
    expect(await asked({ types: 0x02, from: BigInt(start + 8_000_000) })).toEqual(['/b/8', '/b/9']);
    expect(await asked({ from: BigInt(start + 1_000_000), to: BigInt(start + 1_000_000) })).toEqual(['/a/1', '/b/1']);
    expect(await asked({ to: BigInt(start), types: 0 })).toEqual(['/a/0', '/b/0']);
    expect(await asked({ pattern: '/nothing' })).toEqual([]);
  });

  it('[JR32] ends with an ACK where the request has an id, and with nothing where it has none', async () => {
    const { fixture, settle } = await keptRouter({ mode: 'full' });
    const [old, knowing] = [await fixture.join(), await fixture.joinWithIds()];
    for (let i = 0; i < 50; i++) old.send(publish('event', '/go', i));
    await settle();
    old.take();
    knowing.ask(5, replay());
    old.send(replay());
    await settle();
    expect(old.take()).toHaveLength(50);
    const back = knowing.take();
    expect(back).toHaveLength(51);
    expect(back.at(-1)).toEqual({ type: messageType.ack, correlationId: 5, revision: 50n });
  });

  it.each([
    ['a pattern that is none', { pattern: 'a' }, 202],
    ['more ** than a pattern may have', { pattern: '/**'.repeat(9) }, 202],
    ['a range that goes back', { from: 2n, to: 1n }, 402],
    ['a limit of nothing', { limit: 0 }, 402],
    ['a limit beyond the largest', { limit: 1_000_001 }, 402],
  ])('[JR33] is refused for %s', async (_what, more, code) => {
    const { fixture, settle } = await keptRouter({ mode: 'full' });
    const peer = await fixture.join();
    peer.send(replay(more));
    await settle();
    expect(errorsIn(peer.take())).toEqual([code]);
    expect(fixture.router.stats().refusedTotal).toEqual({ [code]: 1 });
  });

  it('[JR33] is refused where not everything is kept, and where the disk fails', async () => {
    const only = await keptRouter({ mode: 'state' });
    const peer = await only.fixture.join();
    peer.send(replay());
    await only.settle();
    expect(errorsIn(peer.take())).toEqual([501]);

    const { fixture, store, settle } = await keptRouter({ mode: 'full' });
    const other = await fixture.joinWithIds();
    other.send(publish('event', '/go'));
    await settle();
    store.fault = new UnavailableError('cannot-write-file', 'the disk is gone');
    other.ask(9, replay());
    await settle();
    expect(other.take()).toMatchObject([{ type: messageType.error, code: 501, correlationId: 9 }]);
  });

  it('[JR33] is refused to a session that has four under way, and not once one of them has ended', async () => {
    const { fixture, store, settle } = await keptRouter({ mode: 'full' });
    const peer = await fixture.join();
    peer.send(publish('event', '/go'));
    await settle();
    peer.take();
    let release: () => void = () => undefined;
    const read = store.readSignals.bind(store);
    const held = new Promise<void>((resolve) => (release = resolve));
    store.readSignals = async (query) => {
      await held;
      return read(query);
    };
    for (let i = 0; i < 5; i++) peer.send(replay());
    await settle();
    expect(errorsIn(peer.take())).toEqual([429]);
    release();
    await settle();
    expect(peer.take()).toHaveLength(4);
    peer.send(replay());
    await settle();
    expect(peer.take()).toHaveLength(1);
  });

  it('[JR34] goes as fast as its reader and leaves nothing out, while live traffic passes it by', async () => {
    const { fixture, store, settle } = await keptRouter({ mode: 'full' });
    store.signalsPerCall = 50;
    const desk = await fixture.join();
    for (let i = 0; i < 500; i++) desk.send({ ...publish('stream', '/s', i) }, set('/p', i));
    await settle();
    const slow = await fixture.join({ queueBytesMax: 1000 });
    slow.connection.pauseReading();
    slow.send(replay(), subscribe('/live'));
    let pages = 0;
    const read = store.readSignals.bind(store);
    store.readSignals = (query) => {
      pages++;
      return read(query);
    };
    await settle();
    // One page waits for the peer, no other is read.
    expect(pages).toBe(1);
    desk.take();
    desk.send(publish('event', '/live'));
    await settle();
    slow.connection.resumeReading();
    await settle();
    const back = addressed(slow.take());
    expect(back.filter(([address]) => address === '/s').map(([, value]) => value)).toEqual(
      Array.from({ length: 500 }, (_, i) => i),
    );
    expect(back.filter(([address]) => address === '/p').map(([, value]) => value)).toEqual(
      Array.from({ length: 500 }, (_, i) => i),
    );
    const live = back.findIndex(([address]) => address === '/live');
    expect(live).toBeGreaterThan(0);
    expect(live).toBeLessThan(200);
  });

  it('[AC30] ends with ERROR 301 when its session has renewed to a token that does not reach it', async () => {
    const { fixture, store, settle } = await keptRouter({ mode: 'full' });
    const desk = new TokenDesk();
    desk.give('wide', 'write:/**');
    desk.give('narrow', 'write:/f/**');
    fixture.router.guard.askForTokens(desk);
    store.signalsPerCall = 50;
    const peer = await fixture.joinWithIds({ token: 'wide' });
    for (let i = 0; i < 200; i++) peer.send(publish('event', '/e', i), publish('event', '/f/e', i));
    await settle();
    peer.connection.pauseReading();
    peer.ask(2, replay());
    peer.ask(3, replay({ pattern: '/f/*' }));
    peer.ask(4, { ...hello, token: 'narrow', resume: 'secret' });
    await settle();
    peer.connection.resumeReading();
    await settle();
    const back = peer.take();
    const answers = back.filter(({ type }) => type === messageType.ack || type === messageType.error);
    expect(answers).toMatchObject([
      { type: messageType.ack, correlationId: 4 },
      { type: messageType.error, code: 301, address: '/**', correlationId: 2 },
      { type: messageType.ack, correlationId: 3, revision: 200n },
    ]);
    expect(addressed(back).filter(([address]) => address === '/e').length).toBeLessThan(100);
  });

  it('[JR34] ends with its session', async () => {
    const { fixture, store, settle } = await keptRouter({ mode: 'full' });
    store.signalsPerCall = 50;
    const desk = await fixture.join();
    for (let i = 0; i < 500; i++) desk.send(publish('event', '/e', i));
    await settle();
    let pages = 0;
    const read = store.readSignals.bind(store);
    store.readSignals = (query) => {
      pages++;
      return read(query);
    };
    const peer = await fixture.join({ queueBytesMax: 500 });
    peer.connection.pauseReading();
    peer.send(replay());
    await settle();
    peer.connection.close('gone');
    await settle();
    expect(pages).toBe(1);
    expect(fixture.router.stats().sessions).toBe(1);
  });
});
