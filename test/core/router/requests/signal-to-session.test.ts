import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { fromJson, f64, text, type Value } from '../../../../src-main/contract/signal.ts';
import { messageType, type BundleMessage } from '../../../../src-main/core/protocol/messages.ts';
import { p2pAnnounceAddress, routerSignalId, signalAddress } from '../../../../src-main/core/protocol/p2p.ts';
import { isForSession } from '../../../../src-main/core/router/requests/signal-to-session.ts';
import { publish, RouterFixture, subscribe } from '../router-fixture.ts';

const offer = { type: 'offer', correlation_id: 'c1', sdp: 'v=0' };
const valueOf = (message: { readonly value?: { readonly value: Value } } | undefined) => message?.value?.value;

async function three(limits = {}) {
  const fixture = new RouterFixture(limits);
  const [desk, lamp, spy] = [await fixture.join(), await fixture.join(), await fixture.join()];
  spy.send(subscribe('/**'));
  await fixture.settle();
  spy.take();
  const taped: string[] = [];
  fixture.router.tap(({ signal }) => taped.push(signal.address));
  return { fixture, desk, lamp, spy, taped };
}

describe('a peer-to-peer signal', () => {
  it('[RT470] goes to the session that it is for, which has not subscribed, and to nobody else', async () => {
    const { fixture, desk, lamp, spy, taped } = await three();
    lamp.send(subscribe(signalAddress(lamp.session)));
    desk.send(publish('event', signalAddress(lamp.session), fromJson({ ...offer, from: desk.session })));
    await fixture.settle();
    const [got, ...more] = lamp.takeOnly(messageType.publish);
    expect(more).toEqual([]);
    expect(got).toMatchObject({ kind: 'event', address: signalAddress(lamp.session) });
    expect(valueOf(got)).toEqual(fromJson({ ...offer, from: desk.session }));
    expect([desk.take(), spy.take(), taped]).toEqual([[], [], []]);
    const late = await fixture.join();
    late.send({ type: messageType.subscribe, id: 1, pattern: '/**', types: 0xff, options: { history: 10 } });
    await fixture.settle();
    expect(late.takeOnly(messageType.publish)).toEqual([]);
  });

  it.each(['nobody', 'router', 'a/b'])('[RT471] for %s gets ERROR 404 where there is no such session', async (id) => {
    const { fixture, desk } = await three();
    desk.send(publish('event', signalAddress(id), fromJson(offer)));
    await fixture.settle();
    expect(desk.take()).toMatchObject([{ type: messageType.error, code: 404, address: signalAddress(id) }]);
  });

  it('[RT471] for a session that has left, or not said HELLO, gets ERROR 404', async () => {
    const { fixture, desk, lamp } = await three();
    lamp.connection.close();
    await fixture.settle();
    desk.send(publish('event', signalAddress(lamp.session), fromJson(offer)));
    await fixture.settle();
    expect(desk.take()).toMatchObject([{ code: 404 }]);
  });

  it('[RT472] says from whom it is: the router adds what is missing and refuses what is not so', async () => {
    const { fixture, desk, lamp } = await three();
    desk.send(publish('event', signalAddress(lamp.session), fromJson(offer)));
    desk.send(publish('event', signalAddress(lamp.session), fromJson({ ...offer, from: lamp.session })));
    desk.send(publish('event', signalAddress(lamp.session), fromJson({ ...offer, from: 7 })));
    desk.send(
      publish('event', signalAddress(lamp.session), {
        type: 'map',
        value: [
          ['from', text(desk.session)],
          ['from', text(lamp.session)],
        ],
      }),
    );
    await fixture.settle();
    expect(lamp.take().map((message) => 'value' in message && valueOf(message as never))).toEqual([
      fromJson({ ...offer, from: desk.session }),
    ]);
    expect(desk.take()).toMatchObject([{ code: 403 }, { code: 403 }, { code: 403 }]);
  });

  it('[RT472] an announcement names its sender and goes to subscribers', async () => {
    const { fixture, desk, lamp, spy } = await three();
    desk.send(publish('event', p2pAnnounceAddress, fromJson({ session_id: lamp.session, p2p_capable: true })));
    desk.send(publish('event', p2pAnnounceAddress, fromJson({ session_id: desk.session, p2p_capable: true })));
    desk.send(publish('event', p2pAnnounceAddress, f64(1)));
    await fixture.settle();
    expect(desk.take()).toMatchObject([{ code: 403, address: p2pAnnounceAddress }]);
    expect(spy.takeOnly(messageType.publish).map(valueOf)).toEqual([
      fromJson({ session_id: desk.session, p2p_capable: true }),
      f64(1),
    ]);
  });

  it.each<[string, Value]>([
    ['no map', text('offer')],
    ['too large', fromJson({ sdp: 'x'.repeat(200) })],
  ])('[RT473] that is %s gets ERROR 402 with what was expected', async (_, value) => {
    const { fixture, desk, lamp } = await three({ signalBytesMax: 200 });
    desk.send(publish('event', signalAddress(lamp.session), value));
    await fixture.settle();
    expect(desk.take()).toMatchObject([{ code: 402, message: expect.stringContaining('200 bytes') as string }]);
    expect(lamp.take()).toEqual([]);
  });

  it('[RT474] is one of so many at once, and so many a second; more get ERROR 429', async () => {
    const { fixture, desk, lamp } = await three({ signalsBurstMax: 3, signalsPerSecondMax: 2 });
    const signal = publish('event', signalAddress(lamp.session), fromJson(offer));
    desk.send(signal, signal, signal, signal);
    await fixture.settle();
    expect([lamp.take().length, desk.take()]).toMatchObject([3, [{ code: 429 }]]);
    fixture.clock.advance(500);
    desk.send(signal, signal);
    await fixture.settle();
    expect([lamp.take().length, desk.take().length]).toEqual([1, 1]);
  });

  it('[RT475] stands alone: in a bundle it is refused with the whole bundle, and a mapping cannot send one', async () => {
    const { fixture, desk, lamp, spy } = await three();
    const signal = publish('event', signalAddress(lamp.session), fromJson(offer));
    const bundle: BundleMessage = { type: messageType.bundle, messages: [publish('event', '/cue/go'), signal] };
    desk.send(bundle);
    await fixture.settle();
    expect(desk.take()).toMatchObject([{ type: messageType.error, code: 403 }]);
    const local = fixture.router.openLocal('mapping');
    const address = parseAddress(signalAddress(lamp.session));
    expect(local.publish([{ kind: 'event', address, value: fromJson(offer) }])).toMatchObject({ code: 403 });
    expect([lamp.take(), spy.take()]).toEqual([[], []]);
  });

  it('[RT476] of a client that gives its requests ids is acknowledged', async () => {
    const { fixture, lamp } = await three();
    const desk = await fixture.joinWithIds();
    desk.ask(7, publish('event', signalAddress(lamp.session), fromJson(offer)));
    await fixture.settle();
    expect(desk.take()).toMatchObject([
      { type: messageType.ack, address: signalAddress(lamp.session), correlationId: 7 },
    ]);
  });

  it('[RT477] reaches a participant in the process, which answers and is announced to all', async () => {
    const { fixture, desk, spy } = await three();
    const heard: unknown[] = [];
    let announced = 0;
    const line = fixture.router.signalling.open(routerSignalId, (from, value) => heard.push([from, value]));
    line.onAnnounce(() => announced++);
    expect(() => fixture.router.signalling.open(routerSignalId, () => undefined)).toThrow(/already/);
    desk.send(publish('event', signalAddress(routerSignalId), fromJson(offer)));
    desk.send(publish('event', p2pAnnounceAddress, fromJson({ session_id: desk.session })));
    await fixture.settle();
    expect([heard, announced]).toEqual([[[desk.session, fromJson({ ...offer, from: desk.session })]], 1]);
    spy.take();
    line.announce(fromJson({ session_id: routerSignalId }));
    const there = [line.send(desk.session, fromJson({ type: 'answer' })), line.send('nobody', f64(1))];
    await fixture.settle();
    expect([there, announced]).toEqual([[true, false], 1]);
    expect(desk.take().map((message) => 'address' in message && message.address)).toEqual([
      signalAddress(desk.session),
    ]);
    expect(spy.take()).toMatchObject([{ address: p2pAnnounceAddress }]);
    line.close();
    desk.send(publish('event', signalAddress(routerSignalId), fromJson(offer)));
    await fixture.settle();
    expect(desk.take()).toMatchObject([{ code: 404 }]);
  });

  it('[RT470] is told from what is for subscribers by its address', () => {
    const places = ['/clasp/p2p/signal/a', '/clasp/p2p/signal', '/clasp/p2p/announce', '/x/clasp/p2p/signal/a'];
    expect(places.map((each) => isForSession(parseAddress(each)))).toEqual([true, false, false, false]);
  });
});
