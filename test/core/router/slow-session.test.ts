import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { tryLeftOut } from '../../../src-main/core/protocol/left-out.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type ErrorMessage, type Message } from '../../../src-main/core/protocol/messages.ts';
import { toHex } from '../protocol/plain-message.ts';
import { addressed, gesture, pattern, publish, RouterFixture, set, subscribe, type Peer } from './router-fixture.ts';

const seed = 20_261_123;

async function joinAll(fixture: RouterFixture, count: number, queueBytesMax?: number): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (let n = 0; n < count; n++) {
    const peer = await fixture.join(queueBytesMax === undefined ? {} : { queueBytesMax });
    peer.send(subscribe('/**'));
    peers.push(peer);
  }
  await fixture.settle();
  for (const peer of peers) peer.take();
  return peers;
}

describe('one slow session among a hundred', () => {
  it('[RT203] costs a bounded memory, and the others get everything in the turn in which it came', async () => {
    const limits = { outboxMessagesMax: 500, outboxBytesMax: 20_000 };
    const fixture = new RouterFixture(limits);
    const sender = await fixture.join();
    const others = await joinAll(fixture, 99);
    const [slow] = (await joinAll(fixture, 1, 1000)) as [Peer];
    slow.connection.pauseReading();
    let heldMost = 0;
    for (let round = 0; round < 200; round++) {
      const messages = [publish('stream', '/s', round), set('/p', round), gesture('move', round)];
      fixture.clock.advance(20);
      sender.send(...messages);
      await fixture.settle();
      for (const other of others) expect(other.take()).toHaveLength(messages.length);
      heldMost = Math.max(heldMost, fixture.router.stats().heldBytes);
    }
    expect(heldMost).toBeGreaterThan(3000);
    expect(heldMost).toBeLessThanOrEqual(limits.outboxBytesMax);
    slow.connection.resumeReading();
    await fixture.settle();
    const heard = slow.take();
    expect(addressed(heard).at(-1)).toEqual(['/touch', 199]);
    const notices = heard.filter((message): message is ErrorMessage => message.type === messageType.error);
    const counts = notices.map(({ message }) => tryLeftOut(message));
    const { dropped } = fixture.router.stats();
    const sum = (pick: 'samples' | 'moves' | 'values'): number =>
      counts.reduce((total, each) => total + each![pick], 0);
    expect([sum('samples'), sum('moves'), sum('values')]).toEqual([dropped.sample, dropped.move, dropped.value]);
    expect(fixture.router.stats().heldBytes).toBe(0);
  });

  it('[RT204] is closed with the counts when what must arrive does not fit, and nobody else hears of it', async () => {
    const fixture = new RouterFixture({ outboxMessagesMax: 50 });
    const counts = /^too slow: 51 messages of \d+ bytes waited; left out: \d+ samples, 0 moves, 0 values$/;
    const sender = await fixture.join();
    const others = await joinAll(fixture, 99);
    const [slow] = (await joinAll(fixture, 1, 1000)) as [Peer];
    slow.connection.pauseReading();
    for (let n = 0; n < 30; n++) sender.send(publish('stream', '/s', n));
    for (let n = 0; n < 200; n++) sender.send(publish('event', '/e', n));
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ sessions: 100, heldBytes: 0, refusedTotal: { 503: 1 } });
    for (const other of others) {
      const events = addressed(other.take()).filter(([address]) => address === '/e');
      expect(events.map(([, n]) => n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    }
    // Once it reads again, it is told.
    slow.connection.resumeReading();
    await fixture.settle();
    const told = slow.take().at(-1);
    expect(told).toMatchObject({ type: messageType.error, code: 503 });
    expect(told?.type === messageType.error && told.message).toMatch(counts);
    expect(slow.closedBecause).toMatch(counts);
  });

  it('[RT205] gets what was asked under commit, every step, or is closed', async () => {
    const fixture = new RouterFixture({ outboxMessagesMax: 100 });
    const sender = await fixture.join();
    const [slow] = (await joinAll(fixture, 1, 1000)) as [Peer];
    slow.connection.pauseReading();
    const committed = (n: number): Uint8Array => encodeFrame(set('/committed', n), { qos: 'commit' });
    for (let n = 0; n < 60; n++) {
      sender.connection.send(committed(n));
      sender.send(set('/p', n));
    }
    await fixture.settle();
    slow.connection.resumeReading();
    await fixture.settle();
    const heard = addressed(slow.take());
    const valuesAt = (at: string): unknown[] => heard.filter(([address]) => address === at).map(([, n]) => n);
    expect(valuesAt('/committed')).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(valuesAt('/p').length).toBeLessThan(60);
    expect(valuesAt('/p').at(-1)).toBe(59);
  });
});

describe.each([50, 51])(
  'a session that is closed in the middle of what it asked, %d messages behind',
  (outboxMessagesMax) => {
    /** Of one that reads nothing: each of these leaves it one echo and one answer, until one of the two is too much. */
    async function goOnAsking(fixture: RouterFixture, slow: Peer, ask: (n: number) => Message): Promise<void> {
      const sessions = fixture.router.stats().sessions;
      slow.connection.pauseReading();
      for (let n = 0; n < 200 && fixture.router.stats().sessions === sessions; n++) {
        slow.send(ask(n));
        await fixture.settle();
      }
      expect(fixture.router.stats().sessions).toBe(sessions - 1);
    }

    it('[RT440] takes along the lock that it was just given', async () => {
      const fixture = new RouterFixture({ outboxMessagesMax });
      const [slow] = (await joinAll(fixture, 1, 1000)) as [Peer];
      await goOnAsking(fixture, slow, (n) => set(`/p/${n}`, n, { lock: true }));
      expect([...fixture.router.params.records()].filter(({ holder }) => holder !== undefined)).toEqual([]);
    });

    it('[RT440] takes along the gesture that it just began', async () => {
      const fixture = new RouterFixture({ outboxMessagesMax });
      const [slow] = (await joinAll(fixture, 1, 1000)) as [Peer];
      const [other] = (await joinAll(fixture, 1)) as [Peer];
      await goOnAsking(fixture, slow, (n) => ({
        type: messageType.bundle,
        messages: [set('/p', n, { lock: true }), gesture('start', n, n)],
      }));
      const told = other.takeOnly(messageType.publish);
      const idsIn = (phase: string): unknown[] => told.filter((each) => each.phase === phase).map(({ id }) => id);
      expect(idsIn('cancel')).toEqual(idsIn('start'));
    });

    it('[RT441] sets free what others wait for behind what was being told', async () => {
      const fixture = new RouterFixture({ outboxMessagesMax });
      const mapping = fixture.router.openLocal('mapping');
      fixture.router.params.watchUnlocks(
        (address) => void mapping.publish([{ kind: 'param', address, value: f64(-1) }]),
      );
      const shown: unknown[] = [];
      const lamp = fixture.router.openLocal('lamp');
      lamp.subscribe(pattern('/p'), (deliveries) => shown.push(...deliveries.map(({ signal }) => signal)));
      const [slow] = (await joinAll(fixture, 1, 1000)) as [Peer];
      const [other] = (await joinAll(fixture, 1)) as [Peer];
      await goOnAsking(fixture, slow, (n) => set('/p', n, { lock: true }));
      const revisions = other.takeOnly(messageType.set).map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.map((_, n) => BigInt(n + 1)));
      expect(shown.at(-1)).toMatchObject({ value: f64(-1) });
    });
  },
);

describe('sessions that are closed one after the other for being slow', () => {
  const lock = (address: string): Message => set(address, 1, { lock: true });
  const asked = fc.constantFrom<Message>(
    ...[
      lock('/a'),
      lock('/b'),
      set('/a', 2),
      set('/b', 3, { unlock: true }),
      publish('event', '/e'),
      gesture('start', 1),
    ],
    { type: messageType.bundle, messages: [lock('/a'), gesture('start', 1), set('/a', 4), lock('/b')] },
  );
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), who: fc.nat(3), message: asked }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), who: fc.nat(3) }) },
  );

  it('[RT441] leave everybody else with what was accepted in its order, and nothing of theirs behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 200 }), async (steps) => {
        const fixture = new RouterFixture({ outboxMessagesMax: 4 });
        const accepted: string[] = [];
        const record = (message: Message): void => void accepted.push(toHex(encodeFrame({ ...message })));
        fixture.router.keepWith({ whenKept: (run) => run(undefined), record });
        const mapping = fixture.router.openLocal('mapping');
        fixture.router.params.watchUnlocks((address, isSet) => {
          if (!isSet) mapping.publish([{ kind: 'param', address, value: f64(-1) }]);
        });
        const peers = await joinAll(fixture, 4, 200);
        const [reader] = (await joinAll(fixture, 1)) as [Peer];
        for (const each of steps) {
          if (each.do === 'settle') await fixture.settle();
          else if (each.do === 'send') peers[each.who]?.send(each.message);
          else peers[each.who]?.connection.pauseReading();
        }
        for (const { connection } of peers) connection.close();
        await fixture.settle();
        const heard = reader.take();
        expect(heard.map((message) => toHex(encodeFrame({ ...message })))).toEqual(accepted);
        expect([...fixture.router.params.records()].filter(({ holder }) => holder !== undefined)).toEqual([]);
        // Gestures would end by their silence.
        expect(fixture.clock.waiting).toBe(0);
      }),
      { numRuns: 200, seed },
    );
  });
});

describe('order', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), who: fc.nat(2), what: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const), who: fc.nat(19) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  );

  it.each([
    ['handled as it comes', {}],
    ['waiting in line', { turnMicros: micros(0), atOncePerTurnMax: 1 }],
  ])(
    "[RT206] every session gets each sender's messages in the order of sending at any fan-out, fast or slow, %s",
    async (_name, limits) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 150 }), fc.integer({ min: 1, max: 20 }), async (steps, fanOut) => {
          const fixture = new RouterFixture({ outboxMessagesMax: 400, ...limits });
          const senders = [await fixture.join(), await fixture.join(), await fixture.join()];
          const receivers = await joinAll(fixture, fanOut, 300);
          const sent = senders.map((): number[] => []);
          let next = 0;
          for (const each of steps) {
            if (each.do === 'settle') await fixture.settle();
            else if (each.do === 'send') {
              const n = next++;
              sent[each.who]!.push(n);
              senders[each.who]!.send(messageOf(each.what, each.who, n));
            } else if (each.do === 'pause') receivers[each.who]?.connection.pauseReading();
            else receivers[each.who]?.connection.resumeReading();
          }
          await fixture.settle();
          for (const receiver of receivers) receiver.connection.resumeReading();
          await fixture.settle();
          for (const receiver of receivers) expectOrder(receiver.take(), sent);
        }),
        { numRuns: 60, seed },
      );
    },
  );
});

function messageOf(what: number, who: number, n: number): Message {
  const address = `/${who}/${n % 2}`;
  if (what === 0) return publish('stream', address, n);
  if (what === 1) return set(address, n);
  if (what === 2) return { ...publish('event', address, n), kind: 'gesture', phase: 'start', id: n };
  return publish('event', address, n);
}

/** Of each sender a rising row, with all its events, and its last message whatever it is. */
function expectOrder(heard: readonly Message[], sent: readonly (readonly number[])[]): void {
  sent.forEach((own, who) => {
    const rows = addressed(heard).filter(([address]) => address.startsWith(`/${who}/`));
    const numbers = rows.map(([, n]) => n as number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.at(-1)).toBe(own.at(-1));
  });
}
