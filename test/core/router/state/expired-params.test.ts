import { describe, expect, it } from 'vitest';
import { toJson, type Value } from '../../../../src-main/contract/signal.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { hello, RouterFixture, set, subscribe, type Peer } from '../router-fixture.ts';

const second = { seconds: 1, absolute: true };

/** What a peer shows: the last it was told of each address. */
function shown(known: Map<string, unknown>, peer: Peer): Map<string, unknown> {
  const tell = (address: string, value: Value): void => void known.set(address, toJson(value));
  for (const message of peer.take()) {
    if (message.type === messageType.snapshot)
      for (const { address, value } of message.params) tell(address, value.value);
    if (message.type === messageType.set) tell(message.address, message.value.value);
  }
  return known;
}

describe('a param that expires before an old client has subscribed', () => {
  it('[RT270] is told as null with the subscription that covers it, and what is there as it is', async () => {
    const fixture = new RouterFixture();
    const desk = await fixture.join();
    desk.send(set('/gone/a', 1, { ttl: second }), set('/gone/back', 1, { ttl: second }), set('/stays', 1));
    desk.send(set('/elsewhere', 1, { ttl: second }));
    await fixture.settle();
    const old = fixture.connect();
    old.send(hello);
    await fixture.settle();
    const known = shown(new Map(), old);
    expect(known.get('/gone/a')).toBe(1);
    await fixture.clock.advanceAsync(1001);
    desk.send(set('/gone/back', 2));
    await fixture.settle();
    old.send(subscribe('/gone/*', 1), subscribe('/stays', 2));
    await fixture.settle();
    expect(Object.fromEntries(shown(known, old))).toEqual({
      '/gone/a': null,
      '/gone/back': 2,
      '/stays': 1,
      '/elsewhere': 1,
    });
    old.send(subscribe('/**', 3));
    await fixture.settle();
    expect(shown(known, old).get('/elsewhere')).toBeNull();
  });

  it('[RT270] is not told to who came later, nor to our own clients, whose first state is their subscription', async () => {
    const fixture = new RouterFixture();
    const desk = await fixture.join();
    const own = fixture.connect();
    own.ask(1, { ...hello, resume: 'secret' });
    desk.send(set('/a', 1, { ttl: second }));
    await fixture.settle();
    await fixture.clock.advanceAsync(1001);
    const late = await fixture.join();
    own.take();
    own.ask(2, subscribe('/**'));
    late.send(subscribe('/**'));
    await fixture.settle();
    expect(own.takeOnly(messageType.snapshot)).toEqual([]);
    expect(late.takeOnly(messageType.snapshot)).toEqual([]);
  });

  it('[RT271] is remembered with 10,000 others, the newest, and told in frames of the usual size', async () => {
    const fixture = new RouterFixture({ expiredMax: 20, snapshotParamsMax: 8, scanPerTurnMax: 5 });
    const desk = await fixture.join();
    for (let i = 0; i < 30; i++) desk.send(set(`/a/${i}`, i, { ttl: second }));
    await fixture.settle();
    const old = await fixture.join();
    await fixture.clock.advanceAsync(1001);
    old.send(subscribe('/a/*'));
    await fixture.settle();
    const frames = old.takeOnly(messageType.snapshot).map(({ params }) => params);
    expect(Math.max(...frames.map(({ length }) => length))).toBeLessThanOrEqual(8);
    expect(frames.flat().map(({ address }) => address)).toEqual(Array.from({ length: 20 }, (_, i) => `/a/${i + 10}`));
    expect(frames.flat().every(({ value }) => value.value.type === 'null')).toBe(true);
  });
});
