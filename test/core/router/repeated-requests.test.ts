import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { lockDenied } from '../../../src-main/core/protocol/lock-answers.ts';
import {
  messageType,
  type AckMessage,
  type ErrorMessage,
  type Message,
} from '../../../src-main/core/protocol/messages.ts';
import { SharedRoom } from '../../../src-main/core/bounds/shared-room.ts';
import { createAnsweredRequests } from '../../../src-main/core/router/sessions/answered-requests.ts';
import type { Keeper } from '../../../src-main/core/router/keeper.ts';
import { correlationOf } from '../../../src-main/core/protocol/correlation.ts';
import { addressed, hello, publish, RouterFixture, set, subscribe, type Peer } from './router-fixture.ts';

/** A session of the client with this secret. */
async function joinAs(fixture: RouterFixture, resume: string, helloId = 1): Promise<Peer> {
  const peer = fixture.connect();
  peer.ask(helloId, { ...hello, resume });
  await fixture.settle();
  for (const message of peer.take()) if (message.type === messageType.welcome) peer.session = message.session;
  return peer;
}

function answersIn(messages: readonly Message[]): (AckMessage | ErrorMessage)[] {
  return messages.filter((each) => each.type === messageType.ack || each.type === messageType.error);
}

describe('request ids', () => {
  it('[RT110] are given back: in the header of WELCOME, SNAPSHOT and RESULT, in ACK and ERROR by their low 32 bits', async () => {
    const fixture = new RouterFixture();
    const peer = await joinAs(fixture, 'secret', 7);
    expect(peer.headers).toEqual([7n, undefined]);
    const id = 0x1_0000_0009;
    peer.ask(id, set('/a', 1));
    peer.ask(id + 1, set('no slash', 1));
    peer.ask(id + 2, { type: messageType.get, address: '/none' });
    await fixture.settle();
    expect(answersIn(peer.take()).map(({ correlationId }) => correlationId)).toEqual([9, 10, 11]);
    expect(correlationOf(BigInt(id))).toBe(9);
    peer.ask(20, { type: messageType.get, address: '/a' });
    peer.ask(21, { type: messageType.query, pattern: '/**' });
    await fixture.settle();
    expect(peer.headers.slice(-2)).toEqual([20n, 21n]);
  });

  it('[RT110] mean nothing from a client that does not say who it is: its timestamps need not differ', async () => {
    const fixture = new RouterFixture();
    const peer = fixture.connect();
    peer.ask(1, hello);
    await fixture.settle();
    expect(peer.headers).toEqual([undefined, undefined]);
    peer.take();
    peer.ask(5, set('/a', 1));
    peer.ask(5, set('/a', 2));
    peer.ask(5, publish('event', '/a', 1), 'commit');
    await fixture.settle();
    expect(peer.take()).toEqual([
      { type: messageType.ack, address: '/a', revision: 1n },
      { type: messageType.ack, address: '/a', revision: 2n },
    ]);
  });

  it('[RT111] get PUBLISH an ACK, unless it was fired', async () => {
    const fixture = new RouterFixture();
    const peer = await joinAs(fixture, 'secret');
    peer.ask(2, publish('event', '/a'), 'confirm');
    peer.ask(3, publish('event', '/b'), 'commit');
    peer.ask(4, publish('event', '/c'), 'fire');
    await fixture.settle();
    expect(answersIn(peer.take())).toMatchObject([
      { address: '/a', correlationId: 2 },
      { address: '/b', correlationId: 3 },
    ]);
  });

  it('[RT112] a HELLO that comes again under its id is welcomed again; another one is refused', async () => {
    const fixture = new RouterFixture();
    const peer = await joinAs(fixture, 'secret', 7);
    peer.ask(7, { ...hello, resume: 'secret' });
    peer.ask(8, { ...hello, resume: 'secret' });
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.welcome, session: peer.session },
      { type: messageType.error, code: 101 },
    ]);
  });
});

describe('a request that comes again', () => {
  it('[RT320] is known as refused, also after a restart, when its lock was denied', () => {
    const answered = createAnsweredRequests({ answersMax: 4, room: new SharedRoom(4) });
    for (const id of [1n, 2n]) answered.begin(id);
    const denied = lockDenied(parseAddress('/a'), 'another');
    answered.answer(1n, denied);
    answered.answer(2n, { type: messageType.ack, address: '/a', locked: false });
    expect(answered.takeRefused()).toEqual([[1n, denied]]);
  });

  it('[RT112] is done once and answered alike, in the same session and in the next, also when it was refused', async () => {
    const fixture = new RouterFixture();
    const [first, listener] = [await joinAs(fixture, 'secret'), await fixture.join()];
    listener.send(subscribe('/**'));
    await fixture.settle();
    const bundle: Message = { type: messageType.bundle, messages: [set('/b', 3), publish('event', '/b', 4)] };
    const ask = (peer: Peer): void => {
      peer.ask(11, set('/a', 1));
      peer.ask(12, publish('event', '/e', 2), 'confirm');
      peer.ask(13, bundle);
      peer.ask(14, set('/a', 1, { revision: 9n }));
    };
    ask(first);
    ask(first);
    await fixture.settle();
    const answers = answersIn(first.take());
    expect(answers.slice(0, 4)).toEqual(answers.slice(4));
    first.connection.close('gone');
    const second = await joinAs(fixture, 'secret', 50);
    ask(second);
    await fixture.settle();
    expect(answersIn(second.take())).toEqual(answers.slice(0, 4));
    expect(addressed(listener.take())).toEqual([
      ['/a', 1],
      ['/e', 2],
      ['/b', 3],
      ['/b', 4],
    ]);
    expect(fixture.router.stats().repeatedTotal).toBe(8);
  });

  it('[RT300] is done again in the next session where what it did ended with its own: SUBSCRIBE, UNSUBSCRIBE, ANNOUNCE', async () => {
    const fixture = new RouterFixture();
    const first = await joinAs(fixture, 'secret');
    const announce: Message = {
      type: messageType.announce,
      namespace: '/a',
      signals: [{ address: '/a', kind: 'event' }],
    };
    const ask = (peer: Peer): void => {
      peer.ask(11, subscribe('/a'), 'confirm');
      peer.ask(12, announce);
      peer.ask(13, { type: messageType.unsubscribe, id: 9 }, 'confirm');
    };
    ask(first);
    ask(first);
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ subscriptions: 1, repeatedTotal: 3 });
    first.connection.close('gone');
    const second = await joinAs(fixture, 'secret', 50);
    ask(second);
    await fixture.settle();
    expect(answersIn(second.take()).map(({ correlationId }) => correlationId)).toEqual([11, 12, 13]);
    expect(fixture.router.stats()).toMatchObject({ subscriptions: 1, repeatedTotal: 3 });
    ask(second);
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ subscriptions: 1, repeatedTotal: 6 });
    fixture.router.openLocal('local').publish([{ kind: 'event', address: parseAddress('/a'), value: f64(5) }]);
    await fixture.settle();
    expect(addressed(second.take())).toEqual([['/a', 5]]);
  });

  it('[RT112] is another one when another client gives the same id', async () => {
    const fixture = new RouterFixture();
    const [one, other] = [await joinAs(fixture, 'one'), await joinAs(fixture, 'other')];
    one.ask(11, set('/a', 1));
    other.ask(11, set('/a', 2));
    await fixture.settle();
    expect(answersIn(other.take())).toMatchObject([{ revision: 2n }]);
  });

  it('[RT114] is known for 5 minutes after the session, for so many clients and requests', async () => {
    const fixture = new RouterFixture({ resumableMax: 2, answersMax: 2 });
    const again = async (secret: string): Promise<bigint | undefined> => {
      const peer = await joinAs(fixture, secret);
      peer.ask(11, set(`/${secret}`, 1));
      await fixture.settle();
      const [answer] = answersIn(peer.take());
      peer.connection.close('gone');
      await fixture.settle();
      return answer?.type === messageType.ack ? answer.revision : undefined;
    };
    await again('a');
    fixture.clock.advance(299_000);
    expect(await again('a')).toBe(1n);
    fixture.clock.advance(301_000);
    expect(await again('a')).toBe(2n);
    await again('b');
    await again('c');
    expect(await again('a')).toBe(3n);
    fixture.router.close('over');
    expect(fixture.clock.waiting).toBe(0);

    const answered = createAnsweredRequests({ answersMax: 2, room: new SharedRoom(100) });
    for (const id of [5n, 7n, 6n]) expect(answered.begin(id)).toBe('new');
    expect(answered.answer(5n, { type: messageType.ack })).toBe(false);
    expect(() => answered.begin(5n)).toThrow('older than all that are remembered');
    expect(answered.begin(7n)).toBe('pending');
  });
});

describe('a client that comes back', () => {
  it('[RT115] ends its older session, whose locks and subscriptions go with it', async () => {
    const fixture = new RouterFixture();
    const first = await joinAs(fixture, 'secret');
    first.ask(2, set('/a', 1, { lock: true }));
    await fixture.settle();
    const second = await joinAs(fixture, 'secret', 3);
    expect(first.closedBecause).toContain('come back');
    second.ask(4, set('/a', 2));
    await fixture.settle();
    expect(answersIn(second.take())).toMatchObject([{ revision: 2n }]);
    expect(fixture.router.stats().sessions).toBe(1);
  });
});

describe('commit', () => {
  function rig() {
    const fixture = new RouterFixture();
    const waiting: Parameters<Keeper['whenKept']>[0][] = [];
    fixture.router.keepWith({ whenKept: (run) => void waiting.push(run) });
    return { fixture, keep: (failure?: string) => waiting.splice(0).forEach((run) => run(failure)) };
  }

  it('[RT113] is acknowledged when it is on disk, others at once', async () => {
    const { fixture, keep } = rig();
    const peer = await joinAs(fixture, 'secret');
    peer.ask(2, set('/a', 1), 'commit');
    peer.ask(3, set('/a', 2), 'confirm');
    peer.ask(2, set('/a', 1), 'commit');
    await fixture.settle();
    expect(answersIn(peer.take())).toMatchObject([{ correlationId: 3, revision: 2n }]);
    keep();
    await fixture.settle();
    expect(answersIn(peer.take())).toMatchObject([{ correlationId: 2, revision: 1n }]);
  });

  it('[RT113] says so when the disk did not take it, also if that comes again', async () => {
    const { fixture, keep } = rig();
    const peer = await joinAs(fixture, 'secret');
    peer.ask(2, set('/a', 1), 'commit');
    await fixture.settle();
    keep('the disk is full');
    peer.ask(2, set('/a', 1), 'commit');
    await fixture.settle();
    const refusal = { code: 501, address: '/a', message: 'It was done, but could not be kept: the disk is full' };
    expect(answersIn(peer.take())).toMatchObject([refusal, refusal]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 501: 1 });
  });

  it('[RT113] of a session that ended is acknowledged in the next one', async () => {
    const { fixture, keep } = rig();
    const first = await joinAs(fixture, 'secret');
    first.ask(2, set('/a', 1), 'commit');
    await fixture.settle();
    first.connection.close('gone');
    await fixture.settle();
    const second = await joinAs(fixture, 'secret', 5);
    second.ask(2, set('/a', 1), 'commit');
    await fixture.settle();
    expect(answersIn(second.take())).toEqual([]);
    keep();
    await fixture.settle();
    expect(answersIn(second.take())).toMatchObject([{ correlationId: 2, revision: 1n }]);
  });

  it('[RT113] of old clients too: their bundles wait for the disk', async () => {
    const { fixture, keep } = rig();
    const peer = await fixture.join();
    peer.send({ type: messageType.bundle, messages: [set('/a', 1)] });
    await fixture.settle();
    expect(answersIn(peer.take())).toEqual([]);
    keep();
    await fixture.settle();
    expect(peer.take()).toEqual([{ type: messageType.ack, revision: 1n }]);
  });
});
