import { beforeEach, describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { cancelBundleAddress } from '../../../src-main/core/protocol/correlation.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { publish, RouterFixture, set, subscribe, type Peer } from './router-fixture.ts';

const locked = '/desk/level';

describe('what passes a lock', () => {
  let fixture: RouterFixture;
  let [holder, other, watcher]: Peer[] = [];
  const heard = (): number => watcher!.takeOnly(messageType.publish).length;
  const codes = (peer: Peer): number[] => peer.takeOnly(messageType.error).map(({ code }) => code);

  beforeEach(async () => {
    fixture = new RouterFixture();
    [holder, other, watcher] = [await fixture.join(), await fixture.join(), await fixture.join()];
    watcher.send(subscribe('/**'));
    holder.send(set(locked, 1, { lock: true }));
    await fixture.settle();
    for (const peer of [holder, other, watcher]) peer.take();
  });

  it("[RT430] is no PUBLISH of kind param but the holder's", async () => {
    other!.send(publish('param', locked, 2));
    await fixture.settle();
    expect([codes(other!), heard()]).toEqual([[401], 0]);
    holder!.send(publish('param', locked, 3));
    other!.send(publish('param', '/free', 4), publish('event', locked, 5));
    await fixture.settle();
    expect([codes(other!), codes(holder!), heard()]).toEqual([[], [], 3]);
  });

  it('[RT430] is none in a bundle either, and nothing else of it is done', async () => {
    const messages: Message[] = [set('/x', 1), publish('param', locked, 2)];
    other!.send({ type: messageType.bundle, messages });
    await fixture.settle();
    expect([codes(other!), watcher!.take()]).toEqual([[401], []]);
    holder!.send({ type: messageType.bundle, messages });
    await fixture.settle();
    expect(watcher!.take()).toHaveLength(2);
  });

  it('[RT430] is none at its time, when the lock came after the bundle', async () => {
    const at = BigInt(fixture.clock.nowMicros() + 50_000);
    const later: Message = { type: messageType.bundle, timestamp: at, messages: [publish('param', '/later', 2)] };
    other!.send(later);
    await fixture.settle();
    holder!.send(set('/later', 1, { lock: true }));
    await fixture.settle();
    for (const peer of [other!, watcher!]) peer.take();
    fixture.clock.advance(millis(60));
    await fixture.settle();
    expect([codes(other!), heard()]).toEqual([[401], 0]);
  });

  it('[RT431] a bundle with a cancel in it is refused whole', async () => {
    const messages: Message[] = [set('/x', 1), publish('event', cancelBundleAddress, 1)];
    other!.send({ type: messageType.bundle, messages });
    await fixture.settle();
    expect([codes(other!), watcher!.take()]).toEqual([[101], []]);
  });
});
