import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { addressed, publish, RouterFixture, set, subscribe } from '../router-fixture.ts';

function bundle(...messages: Message[]): Message {
  return { type: messageType.bundle, messages };
}

async function withListener(): Promise<{ fixture: RouterFixture; sender: Peer; listener: Peer }> {
  const fixture = new RouterFixture();
  const [sender, listener] = [await fixture.join(), await fixture.join()];
  listener.send(subscribe('/**'));
  await fixture.settle();
  return { fixture, sender, listener };
}
type Peer = Awaited<ReturnType<RouterFixture['join']>>;

describe('BUNDLE', () => {
  it('[RT25] is applied in its order across kinds, delivered one by one, acknowledged once with the last revision', async () => {
    const { fixture, sender, listener } = await withListener();
    sender.send(
      bundle(publish('event', '/e', 1), set('/a', 2), set('/a', 3), bundle(publish('stream', '/s', 4), set('/b', 5))),
    );
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([
      ['/e', 1],
      ['/a', 2],
      ['/a', 3],
      ['/s', 4],
      ['/b', 5],
    ]);
    const [ack, ...rest] = sender.take();
    expect(ack).toEqual({ type: messageType.ack, revision: 1n });
    expect(rest).toEqual([]);
  });

  it.each<[string, number, Message]>([
    ['a bad address', 200, publish('event', 'bad')],
    ['a lock held by another', 401, set('/locked', 9)],
    ['a wrong expected revision', 400, set('/a', 9, { revision: 5n })],
    ['a revision that the bundle itself passes', 400, set('/new', 9, { revision: 2n })],
    ['a value too large', 402, set('/t', { type: 'string', value: 'x'.repeat(65_480) })],
  ])('[RT26] is refused as a whole for %s: one ERROR, nothing applied', async (_, code, faulty) => {
    const { fixture, sender, listener } = await withListener();
    listener.send(set('/locked', 1, { lock: true }), set('/a', 1));
    await fixture.settle();
    listener.take();
    const before = fixture.router.stats();
    sender.send(bundle(set('/new', 1), publish('event', '/e', 2), ...(code === 402 ? [] : [set('/x', 1)]), faulty));
    await fixture.settle();
    expect(sender.take()).toMatchObject([{ type: messageType.error, code }]);
    expect(listener.take()).toEqual([]);
    expect(fixture.router.get(parseAddress('/new'))).toBeUndefined();
    expect(fixture.router.stats()).toEqual({
      ...before,
      // The BUNDLE could be read.
      frames: expect.any(Array) as number[],
      refusedTotal: { [code]: 1 },
    });
  });

  it('[RT25] judges each SET by what those before it in the bundle leave', async () => {
    const { fixture, sender } = await withListener();
    sender.send(bundle(set('/a', 1), set('/a', 2, { revision: 1n }), set('/a', 3, { lock: true, revision: 2n })));
    await fixture.settle();
    expect(sender.take()).toEqual([{ type: messageType.ack, revision: 3n }]);
  });

  it('[RT327] with another for a time of its own inside gets ERROR 101, now and later, and nothing of it is done', async () => {
    const { fixture, sender, listener } = await withListener();
    const at = (ms: number): bigint => BigInt(fixture.clock.nowMicros() + ms * 1000);
    const inner = (ms: number): Message => ({ type: messageType.bundle, timestamp: at(ms), messages: [set('/a', 1)] });
    const deep = bundle(bundle(inner(50)));
    const later: Message = { type: messageType.bundle, timestamp: at(100), messages: [set('/b', 1), inner(50)] };
    sender.send(bundle(set('/b', 1), inner(50)), deep, later);
    await fixture.settle();
    fixture.clock.advance(1000);
    await fixture.settle();
    expect(sender.take()).toMatchObject(Array(3).fill({ type: messageType.error, code: 101 }));
    expect(listener.take()).toEqual([]);
    expect(fixture.router.stats()).toMatchObject({ scheduled: 0, params: 0, refusedTotal: { 101: 3 } });
    // The same time again says nothing new, and none says that it goes with the outer one.
    const same: Message = { type: messageType.bundle, timestamp: at(50), messages: [inner(50), bundle(set('/b', 2))] };
    sender.send(same);
    await fixture.settle();
    fixture.clock.advance(50);
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([
      ['/a', 1],
      ['/b', 2],
    ]);
  });

  it('[RT25] releases a lock taken in a bundle when the session leaves', async () => {
    const { fixture, sender, listener } = await withListener();
    sender.send(bundle(set('/a', 1, { lock: true })));
    await fixture.settle();
    sender.connection.close();
    await fixture.settle();
    listener.take();
    listener.send(set('/a', 2));
    await fixture.settle();
    expect(listener.takeOnly(messageType.ack)).toMatchObject([{ revision: 2n }]);
  });

  it('[RT25] passes over what is neither SET nor PUBLISH, counts it, and acknowledges an empty bundle', async () => {
    const { fixture, sender } = await withListener();
    sender.send(bundle({ type: messageType.get, address: '/a' }, subscribe('/a')), bundle());
    await fixture.settle();
    expect(sender.take()).toEqual([{ type: messageType.ack }, { type: messageType.ack }]);
    expect(fixture.router.stats()).toMatchObject({ ignoredTotal: 2, subscriptions: 1 });
  });
});
