import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import type { Delivery } from '../../../src-main/core/router/delivery/delivery.ts';
import { HeldFrames } from '../../../src-main/core/router/delivery/held-frames.ts';
import { SharedFrame } from '../../../src-main/core/router/delivery/shared-frame.ts';
import { pattern, publish, RouterFixture, subscribe, subscribeWith } from './router-fixture.ts';

type Batch = Extract<Message, { type: 0x20 }>;

function batch(samples: readonly number[], more: Partial<Batch> = {}): Batch {
  return { type: messageType.publish, kind: 'stream', address: '/wave', samples, rate: 100, timestamp: 7n, ...more };
}

describe('a batch of samples', () => {
  it('[RT155] goes whole to every subscriber, and stands for its last sample where one value is wanted', async () => {
    const fixture = new RouterFixture();
    const [desk, ears] = [await fixture.join(), await fixture.join()];
    const heard: Delivery[] = [];
    fixture.router.openLocal('output').subscribe(pattern('/**'), (deliveries) => void heard.push(...deliveries));
    fixture.router.streams.ask([pattern('/wave')]);
    ears.send(subscribe('/wave'));
    await fixture.settle();
    const [first, last] = [batch([1, 2, 3]), batch([4, 5], { rate: 0xffff_ffff })];
    desk.send(first, last);
    await fixture.settle();
    expect(ears.take()).toEqual([first, last]);
    expect(desk.take()).toEqual([]);
    expect(heard.map(({ signal }) => signal)).toMatchObject([
      { kind: 'stream', value: f64(3), samples: [1, 2, 3], rate: 100, timestamp: 7 },
      { value: f64(5), samples: [4, 5] },
    ]);
    expect(fixture.router.streams.newest(pattern('/**'), 'x')).toMatchObject([
      { signal: { address: parseAddress('/wave'), value: f64(5) } },
    ]);
  });

  it('[RT155] of none, or at a rate of 0, gets ERROR 402, in bundles too, and nobody hears of it', async () => {
    const fixture = new RouterFixture();
    const [desk, ears] = [await fixture.join(), await fixture.join()];
    ears.send(subscribe('/**'));
    await fixture.settle();
    const bad = [batch([]), batch([1], { rate: 0 })];
    desk.send(
      ...bad,
      ...bad.map((one): Message => ({ type: messageType.bundle, messages: [publish('event', '/e'), one] })),
    );
    await fixture.settle();
    expect(desk.take()).toMatchObject(Array(4).fill({ type: messageType.error, code: 402, address: '/wave' }));
    expect(ears.take()).toEqual([]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 402: 4 });
    const { rate: _, ...unpaced } = batch([1]);
    desk.send(unpaced);
    await fixture.settle();
    expect(ears.take()).toEqual([unpaced]);
  });

  it('[RT156] is left out by no epsilon, and comes whole under maxRate, the newest in the end', async () => {
    const fixture = new RouterFixture();
    const [desk, near, slow] = [await fixture.join(), await fixture.join(), await fixture.join()];
    near.send(subscribeWith({ epsilon: 10 }, '/wave'));
    slow.send(subscribeWith({ maxRate: 10 }, '/wave'));
    await fixture.settle();
    const sent = [batch([0, 9, 0]), batch([0, -9, 0]), batch([1, 1])];
    desk.send(...sent, publish('stream', '/wave', 1), publish('stream', '/wave', 2));
    await fixture.settle();
    // After a batch nothing is near; single samples behind it are compared again.
    expect(near.take()).toHaveLength(sent.length + 1);
    expect(slow.take()).toEqual([sent[0]]);
    desk.send(sent[1]!);
    await fixture.settle();
    fixture.clock.advance(101);
    await fixture.settle();
    expect(slow.take()).toEqual([sent[1]]);
  });

  it('[RT156] waits for a slow peer beside the others of its address until a quarter of the bounds, then the newest stays', () => {
    const shed: string[] = [];
    const limits = { outboxMessagesMax: 8, outboxBytesMax: 100_000 };
    const held = new HeldFrames(limits, (reason, count) => void shed.push(...Array<string>(count).fill(reason)));
    const kept = () => held.first(Infinity).filter(({ address }) => address !== '');
    const frames = [1, 2, 3, 4, 5].map((n) => new SharedFrame(batch([n, n])));
    for (const frame of frames) held.add(frame);
    // From the third on each takes the place of the one that came so late before it.
    expect(kept()).toEqual([frames[0], frames[1], frames[2], frames[4]]);
    expect(shed).toEqual(['sample']);
    for (const n of [6, 7]) held.add(new SharedFrame(batch([n])));
    expect(shed).toEqual(['sample', 'sample']);
    for (let i = 0; i < 5; i++) held.add(new SharedFrame(publish('event', '/e')));
    expect(kept().map(({ shedding }) => shedding)).toEqual(Array(5).fill('keep'));
  });
});
