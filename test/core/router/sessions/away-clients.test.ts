import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { millis } from '../../../../src-main/contract/units.ts';
import { arrivalsAddress, tryNeverArrived } from '../../../../src-main/core/protocol/arrivals.ts';
import { encodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType, type AckMessage, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { bytesOfFrame } from '../../../../src-main/ports/placed-frame.ts';
import {
  addressed,
  gesture,
  hello,
  publish,
  RouterFixture,
  set,
  subscribe,
  subscribeWith,
  type Peer,
} from '../router-fixture.ts';

let requests = 100;

const arrived = (count: number, holder?: string): AckMessage => ({
  type: messageType.ack,
  address: arrivalsAddress,
  revision: BigInt(count),
  ...(holder !== undefined && { holder }),
});

interface Counting {
  readonly peer: Peer;
  readonly reply: AckMessage | undefined;
  /** behind the reply */
  readonly got: readonly Message[];
}

/** A session of a client that counts what arrives. */
async function joinCounting(fixture: RouterFixture, holder = '', count = 0, resume = 'secret'): Promise<Counting> {
  const peer = fixture.connect();
  peer.ask(requests++, { ...hello, resume });
  peer.send(arrived(count, holder));
  await fixture.settle();
  const [, , reply, ...got] = peer.take();
  return { peer, reply: reply?.type === messageType.ack ? reply : undefined, got };
}

async function send(fixture: RouterFixture, ...values: readonly number[]): Promise<void> {
  const local = fixture.router.openLocal('sender');
  for (const value of values) local.publish([{ kind: 'event', address: parseAddress('/e'), value: f64(value) }]);
  await fixture.settle();
}

const values = (messages: readonly Message[]): unknown[] => addressed(messages).map(([, value]) => value);

describe('a client that counts what arrives', () => {
  it('[RT301] gets over a reconnect what was under way, in order, each once, before all that is newer', async () => {
    const fixture = new RouterFixture();
    const { peer, reply } = await joinCounting(fixture);
    expect([reply?.revision, typeof reply?.holder]).toEqual([0n, 'string']);
    peer.ask(requests++, subscribe('/e'));
    await fixture.settle();
    await send(fixture, 1, 2, 3, 4);
    expect(values(peer.take())).toEqual([1, 2, 3, 4]);
    peer.connection.close('cut');
    await send(fixture, 5, 6);
    // The last two were still under way.
    const back = await joinCounting(fixture, reply?.holder, 2);
    expect(back.reply).toEqual({ ...reply, revision: 2n });
    expect(values(back.got)).toEqual([3, 4, 5, 6]);
    await send(fixture, 7);
    expect(values(back.peer.take())).toEqual([7]);
  });

  it('[RT301] takes over from a session whose end nobody has seen, and loses nothing between', async () => {
    const fixture = new RouterFixture();
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/e'));
    await fixture.settle();
    await send(fixture, 1);
    const next = fixture.connect();
    next.ask(requests++, { ...hello, resume: 'secret' });
    await fixture.settle();
    await send(fixture, 2);
    next.send(arrived(0, reply?.holder));
    await fixture.settle();
    expect([peer.closedBecause, values(next.take())]).toEqual(['its client has come back', [1, 2]]);
  });

  it('[RT301] gets gestures without their moves, timelines and events, also under commit and behind maxRate', async () => {
    const fixture = new RouterFixture();
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribeWith({ maxRate: 1 }, '/**'));
    await fixture.settle();
    peer.connection.close('cut');
    const sender = await fixture.joinWithIds({ resume: 'other' });
    sender.ask(requests++, gesture('start', 1), 'confirm');
    sender.ask(requests++, gesture('move', 2), 'fire');
    sender.ask(requests++, gesture('end', 3), 'confirm');
    sender.ask(requests++, publish('event', '/e', 4), 'commit');
    sender.ask(requests++, set('/p', 5), 'commit');
    sender.send(publish('stream', '/s', 6));
    await fixture.settle();
    expect(fixture.clock.waiting).toBeLessThan(4);
    expect(values((await joinCounting(fixture, reply?.holder)).got)).toEqual([1, 3, 4]);
  });

  it('[RT301] is not sent back what it sent itself, nor the cancel of its own gesture', async () => {
    const fixture = new RouterFixture();
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/**'));
    peer.send(gesture('start', 1));
    await fixture.settle();
    peer.connection.close('cut');
    await fixture.settle();
    const back = await joinCounting(fixture, reply?.holder);
    back.peer.ask(requests++, publish('event', '/e', 5), 'confirm');
    await fixture.settle();
    expect([back.got, addressed(back.peer.take())]).toEqual([[], []]);
  });

  it('[RT302] keeps its subscriptions until it has subscribed anew; those that it does not want any more end then', async () => {
    const fixture = new RouterFixture();
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/e', 1));
    peer.ask(requests++, subscribe('/other', 2));
    peer.ask(requests++, subscribe('/p', 3, 1));
    await fixture.settle();
    peer.connection.close('cut');
    await fixture.settle();
    // The one for params alone has nothing to wait for.
    expect(fixture.router.stats()).toMatchObject({ subscriptions: 2, sessions: 0 });
    const back = await joinCounting(fixture, reply?.holder);
    await send(fixture, 1);
    expect(values(back.peer.take())).toEqual([1]);
    back.peer.ask(requests++, subscribe('/e', 1));
    back.peer.send(arrived(1));
    await fixture.settle();
    expect(fixture.router.stats().subscriptions).toBe(1);
    await send(fixture, 2);
    expect(values(back.peer.take())).toEqual([2]);
  });

  it('[RT360] may come back with as many others, and hold no more than it may when it has said what it wants', async () => {
    const fixture = new RouterFixture({ subscriptionsPerSessionMax: 2 });
    const { peer, reply } = await joinCounting(fixture);
    for (const id of [1, 2]) peer.ask(requests++, subscribe('/e', id));
    await fixture.settle();
    peer.connection.close('cut');
    const { peer: back } = await joinCounting(fixture, reply?.holder);
    const refused = async (...ids: readonly number[]): Promise<unknown[]> => {
      for (const id of ids) back.ask(requests++, subscribe(`/new/${id}`, id));
      await fixture.settle();
      return back.take().filter(({ type }) => type === messageType.error);
    };
    expect(await refused(3, 4)).toEqual([]);
    expect(await refused(5)).toMatchObject([{ code: 429 }]);
    back.send(arrived(0));
    expect(await refused(6)).toMatchObject([{ code: 429 }]);
    expect(fixture.router.stats().subscriptions).toBe(2);
  });

  it('[RT360] gets no place by coming back again and again without saying what it wants', async () => {
    const fixture = new RouterFixture({ subscriptionsPerSessionMax: 2 });
    let holder = '';
    for (let id = 1; id < 20; id++) {
      const { peer, reply } = await joinCounting(fixture, holder);
      holder = reply?.holder ?? '';
      peer.ask(requests++, subscribe(`/e/${id}`, id));
      await fixture.settle();
      peer.connection.close('cut');
      await fixture.settle();
    }
    expect(fixture.router.stats().subscriptions).toBe(4);
  });

  it('[RT302] is kept it for so long, and told that it was too long', async () => {
    const fixture = new RouterFixture({ awayMs: millis(5000) });
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/e'));
    await fixture.settle();
    peer.connection.close('cut');
    await send(fixture, 1, 2);
    fixture.clock.advance(5000);
    expect(fixture.router.stats()).toMatchObject({ subscriptions: 0, dropped: { away: 2 } });
    const back = await joinCounting(fixture, reply?.holder);
    expect(back.reply?.holder).not.toBe(reply?.holder);
    expect(back.got).toMatchObject([{ type: messageType.error, code: 503 }]);
    const [error] = back.got;
    expect(tryNeverArrived(error?.type === messageType.error ? error.message : '')).toEqual({ count: undefined });
    back.peer.connection.close('gone');
    fixture.clock.advance(400_000);
    expect(fixture.clock.waiting).toBe(0);
  });

  it('[RT410] is kept it for so long after its last session, also one that ended before it said how far it came', async () => {
    const fixture = new RouterFixture({ awayMs: millis(5000) });
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/e'));
    await fixture.settle();
    peer.connection.close('cut');
    await send(fixture, 1);
    const comeBack = async (): Promise<Peer> => {
      const back = fixture.connect();
      back.ask(requests++, { ...hello, resume: 'secret' });
      await fixture.settle();
      return back;
    };
    fixture.clock.advance(4000);
    const back = await comeBack();
    fixture.clock.advance(4000);
    back.connection.close('cut');
    await send(fixture, 2);
    fixture.clock.advance(4000);
    await comeBack();
    // The end of this session nobody sees.
    fixture.clock.advance(4000);
    expect(values((await joinCounting(fixture, reply?.holder)).got)).toEqual([1, 2]);
  });

  it('[RT410] is not kept it by a session that never says how far it came', async () => {
    const fixture = new RouterFixture({ awayMs: millis(5000) });
    const { peer } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/e'));
    await fixture.settle();
    fixture.connect().ask(requests++, { ...hello, resume: 'secret' });
    await fixture.settle();
    expect([peer.closedBecause, fixture.router.stats().subscriptions]).toEqual(['its client has come back', 1]);
    fixture.clock.advance(5000);
    expect(fixture.router.stats().subscriptions).toBe(0);
  });

  it('[RT302] of all that are away, those that left longest ago go when they hold too many subscriptions', async () => {
    const fixture = new RouterFixture({ awaySubscriptionsMax: 2 });
    for (const resume of ['one', 'two', 'three']) {
      const { peer } = await joinCounting(fixture, '', 0, resume);
      peer.ask(requests++, subscribe('/e'));
      await fixture.settle();
      peer.connection.close('cut');
      await fixture.settle();
      fixture.clock.advance(10);
    }
    expect(fixture.router.stats().subscriptions).toBe(2);
    fixture.router.close('the end');
    expect(fixture.router.stats().subscriptions).toBe(0);
    expect(fixture.clock.waiting).toBe(0);
  });

  it('[RT303] is told how many are missing of more than are kept, before what comes', async () => {
    const fixture = new RouterFixture({ owedMax: 2 });
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/e'));
    await fixture.settle();
    peer.connection.close('cut');
    await send(fixture, 1, 2, 3, 4, 5);
    const back = await joinCounting(fixture, reply?.holder);
    expect(back.reply).toMatchObject({ holder: reply?.holder, revision: 3n });
    const [error, ...rest] = back.got;
    expect(tryNeverArrived(error?.type === messageType.error ? error.message : '')).toEqual({ count: 3 });
    expect(values(rest)).toEqual([4, 5]);
    expect(fixture.router.stats()).toMatchObject({ dropped: { away: 3 }, refusedTotal: { 503: 1 } });
  });

  it('[RT303] is owed nothing that it acknowledged', async () => {
    const fixture = new RouterFixture({ owedMax: 2 });
    const { peer, reply } = await joinCounting(fixture);
    peer.ask(requests++, subscribe('/e'));
    await fixture.settle();
    for (const count of [1, 2, 3]) {
      await send(fixture, count);
      peer.send(arrived(count));
    }
    await fixture.settle();
    peer.connection.close('cut');
    await send(fixture, 4);
    expect(values((await joinCounting(fixture, reply?.holder, 3)).got)).toEqual([4]);
  });

  it('[RT304] says what cannot be: more than were sent is refused, an unknown count begins anew and is told', async () => {
    const fixture = new RouterFixture();
    const { peer, reply } = await joinCounting(fixture);
    peer.send(arrived(1));
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.error, code: 101 }]);
    for (const [holder, count] of [
      ['another', 0],
      [reply?.holder ?? '', 1],
    ] as const) {
      const back = await joinCounting(fixture, holder, count);
      expect(back.reply?.revision).toBe(0n);
      expect(back.reply?.holder).not.toBe(reply?.holder);
      expect(back.got).toMatchObject([{ type: messageType.error, code: 503 }]);
    }
  });

  it('[RT304] counts once in a session, and not without a resume secret; other ACKs are passed over', async () => {
    const fixture = new RouterFixture();
    const { peer } = await joinCounting(fixture);
    const old = await fixture.join();
    for (const each of [peer, old]) each.send(arrived(0, ''), { type: messageType.ack, revision: 0n });
    old.send(arrived(0));
    await fixture.settle();
    expect([peer.take(), old.take()]).toEqual([[], []]);
    expect(fixture.router.stats().ignoredTotal).toBe(5);
  });
});

describe('a client that does not count', () => {
  it('[RT305] gets the same as ever, and nothing is kept for it, whether it names a resume secret or not', async () => {
    const fixture = new RouterFixture();
    const [resumable, old] = [await fixture.joinWithIds(), await fixture.join()];
    for (const peer of [resumable, old]) peer.send(subscribe('/e'));
    await fixture.settle();
    for (const peer of [resumable, old]) peer.take();
    await send(fixture, 1);
    expect(values(resumable.take())).toEqual([1]);
    expect(values(old.take())).toEqual([1]);
    for (const peer of [resumable, old]) peer.connection.close('cut');
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ subscriptions: 0, sessions: 0 });
    await send(fixture, 2);
    const back = await fixture.joinWithIds();
    expect(back.take()).toEqual([]);
  });

  it('[RT305] gets each frame byte for byte as it was without those that count', async () => {
    const fixture = new RouterFixture();
    const old = await fixture.join();
    const { peer } = await joinCounting(fixture);
    for (const each of [old, peer]) each.ask(requests++, subscribe('/**'));
    await fixture.settle();
    const frames: Uint8Array[] = [];
    old.connection.onFrame((frame) => frames.push(bytesOfFrame(frame).slice()));
    const sender = await fixture.join();
    const messages = [publish('event', '/e', 1), gesture('start', 2), gesture('end', 3)];
    sender.send(...messages, set('/p', 5));
    await fixture.settle();
    const expected = [...messages, set('/p', 5, { revision: 1n })].map((message) => encodeFrame(message).slice());
    expect(frames).toEqual(expected);
  });
});
