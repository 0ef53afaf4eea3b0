import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../../src-main/contract/errors.ts';
import type { JournalMode } from '../../../../src-main/core/journal/journal.ts';
import { messageType, type Message, type SubscribeOptions } from '../../../../src-main/core/protocol/messages.ts';
import type { RouterLimits } from '../../../../src-main/core/router/limits.ts';
import { keptRouter, type KeptRouter } from '../kept-router.ts';
import { addressed, publish, RouterFixture, set, subscribe, subscribeWith, type Peer } from '../router-fixture.ts';

/** Without a journal. */
async function rig(limits: Partial<RouterLimits> = {}) {
  const fixture = new RouterFixture(limits);
  return withDesk({ fixture, settle: () => fixture.settle() });
}

async function keptRig(limits: Partial<RouterLimits> = {}, mode: JournalMode = 'full') {
  const kept = await keptRouter({ mode, limits });
  kept.store.signalsPerCall = 1000;
  return { ...(await withDesk(kept)), store: kept.store };
}

async function withDesk({ fixture, settle }: Pick<KeptRouter, 'fixture' | 'settle'>) {
  const desk = await fixture.join();
  const say = async (...messages: Message[]): Promise<void> => {
    desk.send(...messages);
    await settle();
    fixture.clock.advance(1);
  };
  return { fixture, desk, say, settle };
}

/** What it heard of SETs and PUBLISHes: value, and whether it was told as past. */
function heard(peer: Peer): [unknown, boolean][] {
  const headers = peer.headers.splice(0);
  const messages = peer.take();
  return messages.flatMap((message, i): [unknown, boolean][] => {
    const [found] = addressed([message]);
    return found ? [[found[1], headers[i] !== undefined]] : [];
  });
}

const past = (...values: number[]): [unknown, boolean][] => values.map((value) => [value, true]);
const live = (...values: number[]): [unknown, boolean][] => values.map((value) => [value, false]);

describe('SUBSCRIBE with history and window', () => {
  it('[RT160] gives the last N that are wanted, by kind and pattern, oldest first with their times, behind the SNAPSHOT', async () => {
    const { fixture, say, settle } = await rig();
    const start = BigInt(fixture.clock.nowMicros());
    for (const n of [1, 2, 3]) await say(set('/a/x', n), publish('event', '/a/y', n * 10), publish('stream', '/b', 99));
    const late = await fixture.join();
    late.headers.length = 0;
    const wish = (options: SubscribeOptions, types: number): Message => ({
      ...{ type: messageType.subscribe, id: 1, pattern: '/a/*', types, options },
    });
    late.send(wish({ history: 3 }, 0xff));
    await settle();
    expect(late.take()).toMatchObject([
      { type: messageType.snapshot },
      { type: messageType.publish, address: '/a/y' },
      { type: messageType.set, address: '/a/x', revision: 3n },
      { type: messageType.publish, address: '/a/y' },
    ]);
    expect(late.headers.splice(0)).toEqual([undefined, start + 1000n, start + 2000n, start + 2000n]);
    late.send(wish({ history: 9 }, 0x02));
    await settle();
    expect(heard(late)).toEqual(past(10, 20, 30));
  });

  it('[RT160] gives what came within the window, of that the last N where both are given, and nothing for 0', async () => {
    const { fixture, say, settle } = await rig();
    for (const n of [1, 2, 3, 4, 5]) await say(publish('event', '/e', n));
    const late = await fixture.join();
    const ask = async (options: SubscribeOptions) => {
      late.take();
      late.headers.length = 0;
      late.send(subscribeWith(options, '/e'));
      await settle();
      return heard(late);
    };
    expect(await ask({ window: 3 })).toEqual(past(3, 4, 5));
    expect(await ask({ window: 3, history: 2 })).toEqual(past(4, 5));
    expect(await ask({ window: 4_000_000_000, history: 4_000_000_000 })).toEqual(past(1, 2, 3, 4, 5));
    for (const options of [{ history: 0 }, { window: 0 }, { window: 0, history: 0 }])
      expect(await ask(options)).toEqual([]);
  });

  it('[RT161] thins nothing of the past, and all that is live after it', async () => {
    const { fixture, say, settle } = await rig();
    for (const n of [1, 2, 3]) await say(set('/x', n));
    const late = await fixture.join();
    late.headers.length = 0;
    late.send(subscribeWith({ history: 9, maxRate: 10, epsilon: 0.5 }, '/x'));
    await settle();
    await say(set('/x', 4), set('/x', 5), set('/x', 6));
    fixture.clock.advance(200);
    await settle();
    expect(heard(late)).toEqual([...past(1, 2, 3), ...live(4, 6)]);
  });

  it('[RT162] is answered from memory without a journal: bounded, streams apart from events', async () => {
    const { fixture, say, settle } = await rig({ recentMax: 4096 });
    for (const n of [1, 2]) await say(publish('event', '/e', n));
    for (let i = 0; i < 50; i++)
      await say(...Array.from({ length: 100 }, (_, n) => publish('stream', '/s', i * 100 + n)));
    const late = await fixture.join();
    late.headers.length = 0;
    late.send(subscribeWith({ history: 10_000 }, '/**'));
    await settle();
    const got = heard(late);
    expect(got.slice(0, 2)).toEqual(past(1, 2));
    expect(got.at(-1)).toEqual([4999, true]);
    expect(got.length).toBeGreaterThan(1000);
    expect(got.length).toBeLessThan(2051);
  });

  it.each(['off', 'state'] as const)(
    '[RT162] gives with journal %s nothing that memory does not have',
    async (mode) => {
      const { fixture, say, settle } =
        mode === 'off' ? await rig({ recentMax: 0 }) : await keptRig({ recentMax: 0 }, mode);
      await say(set('/x', 1), publish('event', '/x', 2));
      const late = await fixture.join();
      late.headers.length = 0;
      late.send(subscribeWith({ history: 9 }, '/x'));
      await settle();
      expect(heard(late)).toEqual([]);
    },
  );

  it('[RT163] reads from a full journal what memory lacks, without gap or double, before all that is live', async () => {
    const { fixture, say, settle, desk } = await keptRig({ recentMax: 2048 });
    for (let i = 0; i < 40; i++)
      await say(...Array.from({ length: 100 }, (_, n) => publish('event', '/e', i * 100 + n)));
    const late = await fixture.join();
    late.headers.length = 0;
    late.send(subscribeWith({ history: 3500 }, '/e'));
    for (let i = 0; i < 3; i++) await Promise.resolve();
    desk.send(publish('event', '/e', 4000), publish('event', '/e', 4001));
    await settle();
    const expected = Array.from({ length: 3500 }, (_, i) => 500 + i);
    expect(heard(late)).toEqual([...past(...expected), ...live(4000, 4001)]);
  });

  it('[RT163] gives every signal once and in order wherever memory ends, at any instant of subscribing', async () => {
    const run = fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(0, 2048, 4096),
      fc.integer({ min: 1, max: 4000 }),
      async (bursts, recentMax, wanted) => {
        const { fixture, say, settle, desk } = await keptRig({ recentMax });
        let n = 0;
        const burst = (size: number): Message[] =>
          Array.from({ length: size }, () => publish(n % 3 === 0 ? 'stream' : 'event', '/e', n++));
        for (const size of bursts) await say(...burst(size));
        const late = await fixture.join();
        late.headers.length = 0;
        const before = n;
        late.send(subscribeWith({ history: wanted }, '/e'));
        for (let i = 0; i < n % 4; i++) await Promise.resolve();
        const atSubscribe = before;
        desk.send(...burst(5));
        await settle();
        const got = heard(late).map(([value]) => value as number);
        const first = Math.max(0, atSubscribe - wanted);
        // What came in the same turn before the SUBSCRIBE counts as past.
        expect(got).toEqual(Array.from({ length: got.length }, (_, i) => (got[0] ?? 0) + i));
        expect(got.at(-1)).toBe(n - 1);
        expect(got[0]).toBeGreaterThanOrEqual(first);
        expect(got[0]).toBeLessThanOrEqual(first + 5);
      },
    );
    await fc.assert(run, { numRuns: 25, seed: 20_261_122 });
  }, 60_000);

  it('[RT164] holds all that follows until the past is there, answers too, and takes the pasts one after the other', async () => {
    const { fixture, say, settle, store } = await keptRig({ recentMax: 0 });
    await say(set('/x', 1), set('/y', 10));
    const late = await fixture.join();
    late.headers.length = 0;
    const read = store.readSignals.bind(store);
    const gates: (() => void)[] = [];
    store.readSignals = async (query) => {
      await new Promise<void>((resolve) => void gates.push(resolve));
      return read(query);
    };
    late.send(subscribeWith({ history: 5 }, '/x', 1), subscribeWith({ history: 5 }, '/y', 2));
    late.send(set('/x', 2), { type: messageType.get, address: '/y' });
    await settle();
    expect(late.take().map(({ type }) => type)).toEqual([messageType.snapshot]);
    while (gates.length > 0) {
      gates.shift()?.();
      await settle();
    }
    expect(late.take()).toMatchObject([
      { type: messageType.set, address: '/x', revision: 1n },
      { type: messageType.snapshot, params: [{ address: '/y' }] },
      { type: messageType.set, address: '/y', revision: 1n },
      { type: messageType.set, address: '/x', revision: 2n },
      { type: messageType.ack, address: '/x' },
      { type: messageType.snapshot, params: [{ address: '/y' }] },
    ]);
  });

  it('[RT164] tells the end by an ACK where the request has an id, also when there was nothing, or nobody wants it any more', async () => {
    const { fixture, say, settle } = await rig();
    await say(publish('event', '/e', 1));
    const late = await fixture.joinWithIds();
    late.ask(5, subscribeWith({ history: 5 }, '/e', 1));
    late.ask(6, subscribeWith({ window: 5 }, '/none', 2));
    late.ask(7, subscribe('/plain', 3));
    await settle();
    // ACKs with a revision tell the end of what was there already.
    const told = late.take().filter((message) => !('revision' in message));
    expect(told).toMatchObject([
      { type: messageType.publish },
      { type: messageType.ack, correlationId: 5 },
      { type: messageType.ack, correlationId: 6 },
    ]);
  });

  it('[RT329] gives what it found in a bounded part of a journal, and says by ERROR 429 that older signals are missing', async () => {
    const { fixture, say, settle, store } = await keptRig({ recentMax: 0, pastPagesMax: 8 });
    store.signalsPerCall = 10;
    await say(publish('event', '/rare', 1));
    for (let i = 0; i < 40; i++) {
      await say(...Array.from({ length: 10 }, (_, n) => publish('event', '/often', n)));
      if (i === 38) await say(publish('event', '/rare', 2));
    }
    const late = await fixture.joinWithIds();
    late.ask(7, subscribeWith({ history: 5 }, '/rare'));
    await settle();
    expect(late.take()).toMatchObject([
      { type: messageType.ack },
      {
        ...{ type: messageType.error, code: 429, correlationId: 7 },
        message: expect.stringContaining('/rare the newest 8 pages') as string,
      },
      { type: messageType.publish, address: '/rare', value: { value: { value: 2 } } },
      { type: messageType.ack, correlationId: 7 },
    ]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 429: 1 });
    late.ask(8, subscribeWith({ history: 1 }, '/rare', 2));
    await settle();
    expect(late.takeOnly(messageType.error)).toEqual([]);
  });

  it.each(['off', 'full'] as const)(
    '[RT380] says by ERROR 429 that there may be more than one subscription is given, with journal %s',
    async (mode) => {
      const { fixture, say, settle } =
        mode === 'off' ? await rig({ pastMax: 5 }) : await keptRig({ pastMax: 5, recentMax: 0 });
      for (let n = 1; n <= 7; n++) await say(publish('event', '/e', n));
      const late = await fixture.join();
      const ask = async (options: SubscribeOptions): Promise<unknown[]> => {
        late.send(subscribeWith(options, '/e'));
        await settle();
        late.headers.length = 0;
        const [first, ...rest] = late.take();
        return first?.type === messageType.error ? [first, rest.length] : ['whole', rest.length + 1];
      };
      const told: unknown = expect.stringContaining('Of the past of /e the newest 5 messages are given');
      for (const options of [{ history: 7 }, { window: 1000 }, { window: 1000, history: 6 }])
        expect(await ask(options)).toEqual([{ type: messageType.error, code: 429, message: told }, 5]);
      expect(await ask({ history: 5 })).toEqual(['whole', 5]);
      expect(await ask({ window: 3 })).toEqual(['whole', 3]);
      expect(fixture.router.stats().refusedTotal).toEqual({ 429: 3 });
    },
  );

  it.each([0, 4096])('[RT380] says so also where bytes are the bound (%i signals in memory)', async (recentMax) => {
    const { fixture, say, settle } = await keptRig({ recentMax, pastBytesMax: 100 });
    for (let n = 1; n <= 4; n++) await say(publish('event', '/e', n));
    const late = await fixture.join();
    late.send(subscribeWith({ history: 9 }, '/e'));
    await settle();
    const whole = late.take();
    for (let n = 5; n <= 40; n++) await say(publish('event', '/e', n));
    late.send(subscribeWith({ history: 41 }, '/e'));
    await settle();
    const types = late.takeOnly(messageType.error).map(({ code }) => code);
    expect([whole.some(({ type }) => type === messageType.error), types]).toEqual([false, [429]]);
  });

  it('[RT381] names the SUBSCRIBE, where it had an id, and comes behind its ACK and before its past, also while others wait', async () => {
    const { fixture, say, settle } = await keptRig({ recentMax: 0, pastMax: 2 });
    for (let n = 1; n <= 3; n++) await say(publish('event', '/e', n));
    const late = await fixture.joinWithIds();
    late.ask(7, subscribeWith({ history: 3 }, '/e', 1));
    late.ask(8, subscribeWith({ window: 1000 }, '/**', 2));
    await settle();
    const told = late.take().map((message) => {
      if (message.type === messageType.ack) return ['ack', message.correlationId, message.revision];
      return message.type === messageType.error ? ['error', message.correlationId] : 'past';
    });
    const of = (id: number): unknown[] => [['ack', id, 0n], ['error', id], 'past', 'past', ['ack', id, undefined]];
    expect(told).toEqual([...of(7), ...of(8)]);
  });

  it('[RT381] is not told to who has ended the subscription', async () => {
    const { fixture, say, settle, store } = await keptRig({ recentMax: 0, pastMax: 2 });
    for (let n = 1; n <= 3; n++) await say(publish('event', '/e', n));
    const late = await fixture.join();
    const end: Message = { type: messageType.unsubscribe, id: 1 };
    late.send(subscribeWith({ history: 3 }, '/e'), end);
    await settle();
    store.readSignals = () => Promise.reject(new UnavailableError('cannot-write-file', 'The disk is gone.'));
    late.send(subscribeWith({ history: 3 }, '/e'), end);
    await settle();
    expect([late.take(), fixture.router.stats().refusedTotal]).toEqual([[], {}]);
  });

  it('[RT165] goes on with what memory has when the journal cannot be read, and says so by ERROR 501', async () => {
    const { fixture, say, settle, store } = await keptRig({ recentMax: 2048 });
    for (let i = 0; i < 21; i++)
      await say(...Array.from({ length: 100 }, (_, n) => publish('event', '/e', i * 100 + n)));
    for (const n of [2100, 2101]) await say(publish('event', '/e', n));
    store.readSignals = () => Promise.reject(new UnavailableError('cannot-write-file', 'The disk is gone.'));
    const late = await fixture.join();
    late.headers.length = 0;
    late.send(subscribeWith({ history: 5000 }, '/e'));
    await settle();
    const [error, ...rest] = late.take();
    expect(error).toMatchObject({
      type: messageType.error,
      code: 501,
      message: expect.stringContaining('disk') as string,
    });
    expect(addressed(rest).slice(-2)).toEqual([
      ['/e', 2100],
      ['/e', 2101],
    ]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 501: 1 });
    await say(publish('event', '/e', 2100));
    expect(heard(late)).toHaveLength(1);
  });

  it('[RT165] ends a session for which more waits behind the past than may', async () => {
    const { fixture, say, settle, store } = await keptRig({ recentMax: 0, outboxMessagesMax: 10 });
    await say(publish('event', '/e', 1));
    const late = await fixture.join();
    store.readSignals = () => new Promise(() => undefined);
    late.send(subscribeWith({ history: 5 }, '/e'));
    await settle();
    for (let n = 0; n < 12; n++) await say(publish('event', '/e', n));
    expect(late.closedBecause).toContain('behind the past');
    expect(fixture.router.stats().sessions).toBe(1);
  });
});
