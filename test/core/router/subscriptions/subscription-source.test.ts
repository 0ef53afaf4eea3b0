import { describe, expect, it } from 'vitest';
import { fromJson } from '../../../../src-main/contract/signal.ts';
import { hertz } from '../../../../src-main/contract/units.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { silentLog } from '../../../silent-log.ts';
import { addressed, hello, publish, RouterFixture, set, subscribe, type Peer } from '../router-fixture.ts';

const stopped = fromJson({ keyframes: [{ time: 0, value: 0 }], autoplay: false });

async function rig(timing = {}) {
  const fixture = new RouterFixture({ snapshotParamsMax: 2 }, silentLog, timing);
  const writer = await fixture.join();
  for (const name of ['/a', '/b', '/c', '/other']) writer.send(set(name, 1));
  writer.send(publish('timeline', '/t', stopped));
  await fixture.settle();
  fixture.clock.advance(0);
  return { fixture, writer };
}

async function joinAs(fixture: RouterFixture): Promise<Peer> {
  const peer = fixture.connect();
  peer.ask(1, { ...hello, features: ['param', 'timeline'], resume: 'secret' });
  await fixture.settle();
  return peer;
}

describe('what a session gets with WELCOME', () => {
  it('[RT186] is every param for old clients, and none for one that says who it is: those come with what it subscribes to', async () => {
    const { fixture } = await rig();
    const old = fixture.connect();
    old.send(hello);
    await fixture.settle();
    expect(old.takeOnly(messageType.snapshot).flatMap(({ params }) => params)).toHaveLength(4);
    const ours = await joinAs(fixture);
    expect(ours.take()).toMatchObject([{ type: messageType.welcome }, { type: messageType.snapshot, params: [] }]);
    ours.send(subscribe('/*'));
    await fixture.settle();
    const received = ours.take();
    const params = received.flatMap((message) => (message.type === messageType.snapshot ? message.params : []));
    expect(params.map(({ address }) => address)).toEqual(['/a', '/b', '/c', '/other']);
    expect(received.filter(({ type }) => type === messageType.publish)).toHaveLength(1);
  });
});

describe('a SUBSCRIBE with an id', () => {
  it('[RT190] is acknowledged behind what there is, with how many that was; each frame bears the id', async () => {
    const { fixture } = await rig();
    const peer = await joinAs(fixture);
    peer.take();
    peer.headers.length = 0;
    peer.ask(5, subscribe('/**'), 'confirm');
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.snapshot, params: [{ address: '/a' }, { address: '/b' }] },
      { type: messageType.snapshot, params: [{ address: '/c' }, { address: '/other' }] },
      { type: messageType.publish, kind: 'timeline', address: '/t' },
      { type: messageType.ack, revision: 5n, correlationId: 5 },
    ]);
    expect(peer.headers).toEqual([5n, 5n, 5n, undefined]);
    peer.ask(6, subscribe('/none', 2), 'confirm');
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.ack, revision: 0n, correlationId: 6 }]);
  });

  it('[RT190] that comes again is not done again, and neither is an UNSUBSCRIBE; both are acknowledged again', async () => {
    const { fixture, writer } = await rig();
    const peer = await joinAs(fixture);
    peer.ask(5, subscribe('/a'), 'confirm');
    peer.ask(6, { type: messageType.unsubscribe, id: 1 }, 'confirm');
    await fixture.settle();
    peer.take();
    peer.ask(5, subscribe('/a'), 'confirm');
    peer.ask(6, { type: messageType.unsubscribe, id: 1 }, 'confirm');
    writer.send(set('/a', 2));
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.ack, revision: 1n, correlationId: 5 },
      { type: messageType.ack, correlationId: 6 },
    ]);
    expect(fixture.router.stats()).toMatchObject({ subscriptions: 0, repeatedTotal: 2 });
  });

  it('[RT190] old clients hear no ACK of either', async () => {
    const { fixture } = await rig();
    const peer = await fixture.join();
    peer.send(subscribe('/none'), { type: messageType.unsubscribe, id: 1 });
    await fixture.settle();
    expect(peer.take()).toEqual([]);
  });
});

describe('a timeline', () => {
  it('[RT191] plays at the rate that the router was given, or at its own', async () => {
    const { fixture, writer } = await rig({ timelineRate: hertz(10) });
    writer.send(subscribe('/**'));
    const keyframes = [{ time: 0, value: 0 }, { time: 1_000_000, value: 1 }]; // prettier-ignore
    writer.send(publish('timeline', '/slow', fromJson({ keyframes })));
    writer.send(publish('timeline', '/own', fromJson({ keyframes, tickRate: 100 })));
    await fixture.settle();
    writer.take();
    fixture.clock.advance(999);
    await fixture.settle();
    const counts = addressed(writer.take()).map(([address]) => address);
    expect(counts.filter((address) => address === '/slow')).toHaveLength(10);
    expect(counts.filter((address) => address === '/own')).toHaveLength(100);
    writer.send(publish('timeline', '/own', fromJson({ keyframes, tickRate: 241 })));
    await fixture.settle();
    const [refused] = writer.takeOnly(messageType.error);
    expect(refused).toMatchObject({ code: 402, message: expect.stringContaining('tickRate') as string });
  });
});
