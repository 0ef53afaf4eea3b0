import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromJson } from '../../../../src-main/contract/signal.ts';
import { messageType, type Message, type SubscribeOptions } from '../../../../src-main/core/protocol/messages.ts';
import {
  addressed,
  gesture,
  publish,
  RouterFixture,
  set,
  subscribe,
  subscribeWith,
  type Peer,
} from '../router-fixture.ts';

/** A sender, a listener, and what the listener heard with the time of it in milliseconds. */
async function rig(...wishes: Message[]) {
  const fixture = new RouterFixture();
  const [sender, listener] = [await fixture.join(), await fixture.join()];
  listener.send(...wishes);
  await fixture.settle();
  const start = fixture.clock.nowMicros();
  const heard: [ms: number, value: unknown][] = [];
  const listen = (): void => {
    const ms = (fixture.clock.nowMicros() - start) / 1000;
    for (const [, value] of addressed(listener.take())) heard.push([Math.round(ms), value]);
  };
  /** Time in steps of one millisecond, in which nothing else happens. */
  const pass = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms; i++) {
      fixture.clock.advance(1);
      await fixture.settle();
      listen();
    }
  };
  const say = async (...messages: Message[]): Promise<void> => {
    sender.send(...messages);
    await fixture.settle();
    listen();
  };
  return { fixture, sender, listener, heard, pass, say };
}

async function flow(
  peer: Pick<Awaited<ReturnType<typeof rig>>, 'say' | 'pass'>,
  values: readonly number[],
): Promise<void> {
  for (const value of values) {
    await peer.say(set('/x', value));
    await peer.pass(1);
  }
}

describe('maxRate', () => {
  it('[RT100] sends the first value at once, then one for each interval, and the last one in the end', async () => {
    const { heard, pass, say } = await rig(subscribeWith({ maxRate: 10 }, '/x'));
    await flow(
      { say, pass },
      Array.from({ length: 250 }, (_, i) => i),
    );
    await pass(1000);
    expect(heard).toEqual([
      [0, 0],
      [100, 99],
      [200, 199],
      [300, 249],
    ]);
  });

  it('[RT100] holds for each address by itself, and for streams and params apart', async () => {
    const { heard, pass, say } = await rig(subscribeWith({ maxRate: 1 }, '/**'));
    await say(set('/x', 1), set('/y', 2), publish('stream', '/x', 3), set('/x', 4));
    expect(heard.map(([, value]) => value)).toEqual([1, 2, 3]);
    await pass(1000);
    expect(heard.at(-1)).toEqual([1000, 4]);
  });

  it('[RT100] of 0 is none', async () => {
    const { heard, say } = await rig(subscribeWith({ maxRate: 0 }, '/x'));
    await say(set('/x', 1), set('/x', 2));
    expect(heard).toHaveLength(2);
  });

  it('[RT103] and epsilon leave out no event, no timeline, and no lock', async () => {
    const { heard, say } = await rig(subscribeWith({ maxRate: 1, epsilon: 100 }, '/x'));
    const timeline = fromJson({ keyframes: [{ time: 0, value: 1 }] });
    await say(
      publish('event', '/x', 1),
      publish('event', '/x', 1),
      publish('timeline', '/x', timeline),
      publish('timeline', '/x', timeline),
    );
    await say(set('/x', 3), set('/x', 3, { lock: true }), set('/x', 3, { unlock: true }));
    expect(heard.map(([, value]) => value)).toEqual([
      1,
      1,
      ...Array<unknown>(2).fill('value' in timeline && timeline.value),
      3,
      3,
      3,
    ]);
  });
});

describe('epsilon', () => {
  it('[RT101] leaves out what lies within it of what the session saw last', async () => {
    const { heard, say } = await rig(subscribeWith({ epsilon: 0.1 }, '/x'));
    await say(...[0, 0.05, 0.1, 0.11, 0.2, 0.22, 0.01, 0.02].map((value) => set('/x', value)));
    expect(heard.map(([, value]) => value)).toEqual([0, 0.11, 0.22, 0.01]);
  });

  it('[RT102] and maxRate of one subscription both apply: what has come back is not sent', async () => {
    const { heard, pass, say } = await rig(subscribeWith({ maxRate: 10, epsilon: 0.1 }, '/x'));
    await say(set('/x', 0));
    await pass(10);
    await say(set('/x', 1));
    await pass(10);
    await say(set('/x', 0.05));
    await pass(500);
    expect(heard).toEqual([[0, 0]]);
    await say(set('/x', 1));
    expect(heard.at(-1)).toEqual([520, 1]);
  });
});

describe('overlapping subscriptions', () => {
  it('[RT102] get one copy, when any of them wants it', async () => {
    const { heard, pass, say } = await rig(
      subscribeWith({ maxRate: 10 }, '/x', 1),
      subscribeWith({ epsilon: 0.5 }, '/*', 2),
    );
    await say(set('/x', 0));
    await pass(10);
    await say(set('/x', 0.2));
    await pass(10);
    await say(set('/x', 0.6));
    await pass(10);
    await say(set('/x', 0.7));
    await pass(500);
    expect(heard).toEqual([
      [0, 0],
      [20, 0.6],
      [120, 0.7],
    ]);
  });

  it('[RT102] of which one wants all get all', async () => {
    const { heard, say } = await rig(subscribeWith({ maxRate: 1 }, '/x', 1), subscribe('/x', 2));
    await say(...[1, 2, 3].map((value) => set('/x', value)));
    expect(heard).toHaveLength(3);
  });

  it('[RT102] do not send an old value after a newer one when a subscription comes or goes', async () => {
    const { heard, pass, say, listener, fixture } = await rig(subscribeWith({ maxRate: 1 }, '/x', 1));
    await say(set('/x', 1), set('/x', 2));
    listener.send(subscribe('/x', 2));
    await fixture.settle();
    await say(set('/x', 3));
    await pass(2000);
    expect(heard.map(([, value]) => value)).toEqual([1, 3]);
  });
});

describe('a subscription that ends', () => {
  const unsubscribe = (id: number): Message => ({ type: messageType.unsubscribe, id });

  it.each<[how: string, ...Message[]]>([
    ['with UNSUBSCRIBE', unsubscribe(1)],
    ['by another under its id', subscribe('/else', 1)],
  ])('[RT280] %s takes along what was kept back for it', async (_how, ...ending) => {
    const { heard, pass, say, listener, fixture } = await rig(subscribeWith({ maxRate: 1 }, '/x', 1));
    await say(set('/x', 1), set('/x', 2));
    listener.send(...ending);
    await fixture.settle();
    await say(set('/x', 3));
    listener.send(subscribeWith({ maxRate: 1 }, '/*', 2));
    await fixture.settle();
    await pass(2000);
    expect(heard.map(([, value]) => value)).toEqual([1]);
    await say(set('/x', 4));
    expect(heard.map(([, value]) => value)).toEqual([1, 4]);
  });

  it('[RT280] leaves to the others what they want too', async () => {
    const { heard, pass, say, listener, fixture } = await rig(
      subscribeWith({ maxRate: 1 }, '/x', 1),
      subscribeWith({ maxRate: 2 }, '/*', 2),
    );
    await say(set('/x', 1), set('/x', 2));
    listener.send(unsubscribe(1));
    await fixture.settle();
    await pass(2000);
    expect(heard.map(([, value]) => value)).toEqual([1, 2]);
  });
});

describe('a SNAPSHOT', () => {
  it.each(['/x', '/*'])(
    '[RT281] of %s counts as seen: epsilon leaves out nothing that lies far from it',
    async (pattern) => {
      const { heard, say, listener, fixture } = await rig(subscribeWith({ epsilon: 0.5 }, '/x', 1));
      await say(set('/x', 1), set('/x', 1.4));
      listener.send(subscribeWith({ epsilon: 0.5 }, pattern, 2));
      await fixture.settle();
      await say(set('/x', 0.8));
      expect(heard.map(([, value]) => value)).toEqual([1, 0.8]);
    },
  );
});

describe('moves of a gesture', () => {
  it('[RT104] reach each session 60 times a second at 240 Hz, steadily, and the last position is exact', async () => {
    const { heard, pass, say, fixture } = await rig(subscribe('/touch'));
    await say(gesture('start', 0));
    for (let i = 1; i <= 480; i++) {
      fixture.clock.advance(1000 / 240 - 4);
      await pass(4);
      await say(gesture('move', i));
    }
    await say(gesture('end', 999));
    const values = heard.map(([, value]) => value);
    expect(values.slice(-2)).toEqual([480, 999]);
    expect(heard.length).toBeGreaterThanOrEqual(110);
    expect(heard.length).toBeLessThanOrEqual(123);
    const gaps = heard.slice(1, -2).map(([ms], i) => ms - (heard[i]?.[0] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(22);
  });

  it('[RT104] are thinned for each finger by itself, and end with their gesture', async () => {
    const { heard, pass, say } = await rig(subscribe('/touch'));
    await say(gesture('start', 1, 1), gesture('start', 2, 2), gesture('move', 3, 1), gesture('move', 4, 2));
    await say(gesture('move', 5, 1), gesture('move', 6, 2), gesture('cancel', 7, 1));
    expect(heard.map(([, value]) => value)).toEqual([1, 2, 3, 4, 5, 7]);
    await pass(100);
    expect(heard.at(-1)).toEqual([17, 6]);
  });

  it('[RT104] come more rarely where a subscription asks for that', async () => {
    const { heard, pass, say } = await rig(subscribeWith({ maxRate: 5 }, '/touch'));
    await say(gesture('start', 0));
    for (let i = 1; i <= 100; i++) {
      await say(gesture('move', i));
      await pass(10);
    }
    expect(heard.length).toBeGreaterThanOrEqual(6);
    expect(heard.length).toBeLessThanOrEqual(7);
  });
});

describe('start, end and cancel of a gesture', () => {
  it.each([{ maxRate: 1 }, { epsilon: 100 }, { maxRate: 1, epsilon: 100 }])(
    '[RT291] are never left out nor kept back by %j, and come behind the last move',
    async (options) => {
      const { heard, pass, say } = await rig(subscribeWith(options, '/touch'));
      await say(gesture('start', 1), gesture('end', 1), gesture('start', 1), gesture('move', 1));
      expect(heard.map(([, value]) => value).slice(0, 3)).toEqual([1, 1, 1]);
      heard.length = 0;
      await say(gesture('move', 500), gesture('cancel', 2), set('/touch', 3));
      expect(heard.map(([, value]) => value)).toEqual([500, 2, 3]);
      await pass(2000);
      expect(heard).toHaveLength(3);
    },
  );
});

describe('what a session wants less of', () => {
  it('[RT105] is bounded in addresses and bytes: beyond, it is sent rather than kept', async () => {
    const fixture = new RouterFixture({ thinnedMax: 2, thinnedBytesMax: 40 });
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    listener.send(subscribeWith({ maxRate: 1 }, '/**'));
    await fixture.settle();
    sender.send(set('/a', 1), set('/a', 2), set('/b', 3), set('/b', 4));
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([
      ['/a', 1],
      ['/b', 3],
      ['/b', 4],
    ]);
    sender.send(set('/c', 5));
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([
      ['/a', 2],
      ['/c', 5],
    ]);
    fixture.clock.advance(5000);
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([]);
    expect(fixture.clock.waiting).toBe(0);
  });

  it('[RT105] is counted, and ends with the session', async () => {
    const { fixture, listener, say } = await rig(subscribeWith({ maxRate: 1 }, '/x'));
    await say(set('/x', 1), set('/x', 2), set('/x', 3));
    expect(fixture.router.stats().thinnedTotal).toBe(1);
    listener.connection.close('gone');
    await fixture.settle();
    expect(fixture.clock.waiting).toBe(0);
  });

  it('[RT102] hears of every address its last value, whatever it asked for and whatever came', async () => {
    const option = fc.record(
      { maxRate: fc.constantFrom(1, 7, 30, 60, 1000), epsilon: fc.constantFrom(0, 0.05, 0.5) },
      { requiredKeys: [] },
    );
    const step = fc.record({
      address: fc.constantFrom('/x', '/y'),
      value: fc.integer({ min: 0, max: 20 }).map((value) => value / 10),
      afterMs: fc.nat(120),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(option, { minLength: 1, maxLength: 3 }),
        fc.array(step, { maxLength: 60 }),
        async (options, steps) => {
          const wishes = options.map((each, i) => subscribeWith(each, i % 2 === 0 ? '/*' : '/x', i));
          const { heard, last } = await play(wishes, steps);
          for (const [address, value] of last) {
            const wanting = options.filter((_, i) => i % 2 === 0 || address === '/x');
            const epsilon = Math.min(...wanting.map((each: SubscribeOptions) => each.epsilon ?? 0));
            expect(Math.abs((heard.get(address) ?? NaN) - value)).toBeLessThanOrEqual(epsilon + 1e-9);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

async function play(wishes: Message[], steps: readonly { address: string; value: number; afterMs: number }[]) {
  const fixture = new RouterFixture();
  const [sender, listener] = [await fixture.join(), await fixture.join()];
  listener.send(...wishes);
  const heard = new Map<string, number>();
  const last = new Map<string, number>();
  const listen = (peer: Peer): void => {
    for (const message of peer.take())
      if (message.type === messageType.set)
        heard.set(message.address, message.value.value.type === 'f64' ? message.value.value.value : NaN);
  };
  for (const { address, value, afterMs } of steps) {
    sender.send(set(address, value));
    last.set(address, value);
    await fixture.settle();
    fixture.clock.advance(afterMs);
  }
  fixture.clock.advance(2000);
  await fixture.settle();
  listen(listener);
  return { heard, last };
}
