import { describe, expect, it } from 'vitest';
import { toJson } from '../../../src-main/contract/signal.ts';
import type { JournalMode } from '../../../src-main/core/journal/journal.ts';
import {
  messageType,
  type AckMessage,
  type ErrorMessage,
  type Message,
} from '../../../src-main/core/protocol/messages.ts';
import type { JournalStore } from '../../../src-main/ports/journal-store.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { emptyJournal, MemoryJournalStore } from '../../memory-journal-store.ts';
import { startJournal } from '../router/kept-router.ts';
import { hello, publish, Peer, RouterFixture, set, subscribe } from '../router/router-fixture.ts';

interface RunOptions {
  readonly mode?: JournalMode;
  /** since the run before */
  readonly ageMs?: number;
  readonly pendingBytesMax?: number;
}

/** One run of a router whose disk is `kept`. `lost` tells which file takes nothing any more. */
async function run(kept = emptyJournal(), { mode = 'state', ageMs = 0, pendingBytesMax = 1e6 }: RunOptions = {}) {
  const fixture = new RouterFixture({ resumableMax: 3, answersMax: 50 });
  fixture.clock.advance(1_000_000 + ageMs);
  const memory = new MemoryJournalStore(kept);
  const lost = { params: false, signals: false, paramsBatchesMax: Infinity };
  const never = new Promise<never>(() => undefined);
  const store: JournalStore = {
    load: () => memory.load(),
    append: (batch) => (lost.params || memory.batches.length >= lost.paramsBatchesMax ? never : memory.append(batch)),
    appendSignals: (batch) => (lost.signals ? never : memory.appendSignals(batch)),
    readSignals: (query) => memory.readSignals(query),
    pruneSignals: (bounds) => memory.pruneSignals(bounds),
    close: () => memory.close(),
  };
  const { router } = fixture;
  const turns: (() => void)[] = [];
  await startJournal(fixture, { store, mode, defer: (work) => void turns.push(work), limits: { pendingBytesMax } });
  const settle = async (): Promise<void> => {
    do {
      for (const work of turns.splice(0)) work();
      await fixture.settle();
    } while (turns.length > 0);
  };
  const join = async (resume = 'secret', reliable = true): Promise<Peer> => {
    const [near, far] = MemoryConnection.pair('peer');
    const peer = new Peer(near);
    router.accept(Object.assign(far, { reliable }));
    peer.ask(1, { ...hello, resume });
    await settle();
    peer.take();
    return peer;
  };
  const param = (address: string) => {
    const record = router.params.get(address);
    return record && [toJson(record.value.value), record.revision];
  };
  return { fixture, kept, memory, lost, settle, join, param, turns };
}

function answers(peer: Peer): (AckMessage | ErrorMessage)[] {
  return peer.take().filter((each) => each.type === messageType.ack || each.type === messageType.error);
}

function bundle(...messages: Message[]): Message {
  return { type: messageType.bundle, messages };
}

const events = (kept = emptyJournal()): string[] => kept.signals.map(({ message }) => message.address);

describe('a commit that comes again after a crash', () => {
  it('[JR52] is not done again where it is on disk, and gets the ACK that it would have had', async () => {
    const before = await run();
    const lost = await before.join();
    lost.ask(2, set('/a', 1), 'commit');
    lost.ask(3, set('/a', 2, { lock: true }), 'commit');
    lost.ask(4, publish('event', '/go'), 'commit');
    lost.ask(5, bundle(set('/b', 1), set('/c', 1)), 'commit');
    await before.settle();
    const had = answers(lost);
    expect(had).toHaveLength(4);

    const after = await run(before.kept);
    const others = await after.fixture.join();
    others.send(subscribe('/**'), set('/a', 9));
    await after.settle();
    others.take();
    const back = await after.join();
    back.ask(2, set('/a', 1), 'commit');
    back.ask(3, set('/a', 2, { lock: true }), 'commit');
    back.ask(4, publish('event', '/go'), 'commit');
    back.ask(5, bundle(set('/b', 1), set('/c', 1)), 'commit');
    await after.settle();
    expect(answers(back)).toEqual(had);
    expect(others.take()).toEqual([]);
    expect(after.param('/a')?.[0]).toBe(9);
    expect(events(after.kept)).toEqual(['/go']);
    expect(after.fixture.router.stats().repeatedTotal).toBe(4);
  });

  it('[JR52] is done where it is not on disk, once, and known from then on', async () => {
    const before = await run();
    const lost = await before.join();
    lost.ask(2, set('/a', 1), 'commit');
    await before.settle();
    before.lost.params = true;
    lost.ask(3, set('/a', 2), 'commit');
    await before.settle();
    expect(answers(lost)).toHaveLength(1);

    const after = await run(before.kept);
    expect(after.param('/a')?.[0]).toBe(1);
    const back = await after.join();
    back.ask(3, set('/a', 2), 'commit');
    back.ask(3, set('/a', 2), 'commit');
    await after.settle();
    const [done] = answers(back);
    expect(after.param('/a')).toEqual([2, done && 'revision' in done ? done.revision : undefined]);
    const later = await run(after.kept);
    const again = await later.join();
    again.ask(3, set('/a', 2), 'commit');
    await later.settle();
    expect(answers(again)).toEqual([done]);
    expect(later.kept.answers.ofParams).toHaveLength(2);
  });

  it('[JR52] is another one under another secret, and means nothing to a kind of request that must be made anew', async () => {
    const before = await run();
    const lost = await before.join();
    lost.ask(2, set('/a', 1), 'commit');
    await before.settle();
    const after = await run(before.kept);
    const other = await after.join('other');
    other.ask(2, set('/a', 5), 'commit');
    const back = await after.join();
    back.ask(2, subscribe('/a'), 'commit');
    await after.settle();
    expect(after.param('/a')?.[0]).toBe(5);
    expect(back.takeOnly(messageType.snapshot)).toHaveLength(1);
  });

  it.each(['params', 'signals'] as const)(
    '[JR54] where the %s alone are not on disk, of a bundle what is missing is done',
    async (missing) => {
      const before = await run();
      const lost = await before.join();
      const steps = bundle(set('/a', 1, { revision: 0n }), publish('event', '/go'));
      before.lost[missing] = true;
      lost.ask(2, steps, 'commit');
      await before.settle();
      expect(answers(lost)).toEqual([]);
      const after = await run(before.kept);
      const others = await after.fixture.join();
      others.send(subscribe('/**'));
      await after.settle();
      others.take();
      const back = await after.join();
      back.ask(2, steps, 'commit');
      await after.settle();
      expect(answers(back)).toMatchObject([
        { type: messageType.ack, correlationId: 2, revision: after.param('/a')?.[1] },
      ]);
      expect(after.param('/a')?.[0]).toBe(1);
      expect(events(after.kept)).toEqual(['/go']);
      const heard = others.take().map((message) => ('address' in message ? message.address : undefined));
      expect(heard).toEqual(missing === 'params' ? ['/a'] : ['/go']);
    },
  );

  it('[JR55] takes what its client had asked before with it: that is not done after it', async () => {
    const before = await run();
    const lost = await before.join();
    lost.ask(2, set('/a', 1));
    lost.ask(3, publish('event', '/soon'), 'confirm');
    lost.ask(4, set('/a', 7, { revision: 99n }));
    lost.ask(5, bundle(set('/a', 2)), 'commit');
    await before.settle();
    const had = answers(lost);
    const after = await run(before.kept);
    const back = await after.join();
    back.ask(2, set('/a', 1));
    back.ask(3, publish('event', '/soon'), 'confirm');
    back.ask(4, set('/a', 7, { revision: 99n }));
    back.ask(5, bundle(set('/a', 2)), 'commit');
    back.ask(6, set('/later', 1));
    await after.settle();
    const [first, second, refused, done, later] = answers(back);
    expect(first).toEqual({ type: messageType.ack, address: '/a', correlationId: 2 });
    expect(second).toEqual({ type: messageType.ack, address: '/soon', correlationId: 3 });
    expect([refused, done]).toEqual(had.slice(2));
    expect(refused).toMatchObject({ code: 400 });
    expect(later).toMatchObject({ address: '/later' });
    expect(after.param('/a')?.[0]).toBe(2);
  });

  it('[JR55] does not where frames overtake each other, where its client asked for a later time, or under commit', async () => {
    const before = await run();
    const lost = await before.join('secret', false);
    lost.ask(9, set('/a', 2), 'commit');
    const steady = await before.join('steady');
    steady.ask(9, set('/b', 2), 'commit');
    await before.settle();
    const after = await run(before.kept);
    const back = await after.join('secret', false);
    back.ask(2, set('/a', 1));
    const other = await after.join('steady');
    other.ask(3, set('/b', 1), 'commit');
    const time = BigInt(after.fixture.clock.nowMicros() + 1000);
    other.ask(4, { type: messageType.bundle, timestamp: time, messages: [set('/c', 1)] }, 'confirm');
    await after.settle();
    await after.fixture.clock.advanceAsync(2);
    await after.settle();
    expect([after.param('/a')?.[0], after.param('/b')?.[0], after.param('/c')?.[0]]).toEqual([1, 1, 1]);
  });

  it('[JR56] is known for 5 minutes, of 16,384 requests of a client and of 1000 clients, the newest', async () => {
    const before = await run();
    for (const secret of ['first', 'second', 'third', 'fourth', 'x'.repeat(129)]) {
      const lost = await before.join(secret);
      for (let id = 2; id < 62; id++) lost.ask(id, set(`/${secret.slice(0, 9)}/${id}`, 1), 'commit');
      await before.settle();
    }
    const known = async (secret: string, ageMs = 0): Promise<number> => {
      const after = await run(before.kept, { ageMs });
      const back = await after.join(secret);
      for (let id = 2; id < 62; id++) back.ask(id, set(`/${secret.slice(0, 9)}/${id}`, 1), 'commit');
      await after.settle();
      return after.fixture.router.stats().repeatedTotal;
    };
    expect(await known('first')).toBe(0);
    expect(await known('x'.repeat(129))).toBe(0);
    expect(await known('fourth')).toBe(50);
    expect(await known('fourth', 299_000)).toBe(50);
    expect(await known('second', 301_000)).toBe(0);
  });

  it('[JR53] stands in the same batch as what it did, however long it takes to pack: of a bundle all or nothing', async () => {
    const before = await run();
    const [flood, lost] = [await before.join('flood'), await before.join()];
    for (let i = 0; i < 2000; i++) flood.send(set(`/desk/fader/${i}/with/a/name/of/some/length`, 1));
    await before.fixture.settle();
    await before.fixture.clock.advanceAsync(200);
    expect(before.turns).toHaveLength(1);
    // One of the two is in the batch that is being packed, and not packed yet.
    const steps = bundle(set('/desk/fader/1999/with/a/name/of/some/length', 2), set('/new', 2));
    lost.ask(2, steps, 'commit');
    await before.fixture.settle();
    before.lost.paramsBatchesMax = 1;
    await before.settle();
    const after = await run(before.kept);
    expect(after.param('/desk/fader/1999/with/a/name/of/some/length')?.[0]).toBe(1);
    expect(after.param('/new')).toBeUndefined();
    const back = await after.join();
    back.ask(2, steps, 'commit');
    await after.settle();
    expect(after.param('/new')?.[0]).toBe(2);
  });

  it('[JR52] is done where it was left out of the journal, though what came with it is on disk', async () => {
    const before = await run(emptyJournal(), { pendingBytesMax: 100 });
    let release: () => void = () => undefined;
    before.memory.hold = new Promise((resolve) => (release = resolve));
    const lost = await before.join();
    for (let id = 10; id < 50; id++) lost.ask(id, publish('event', `/${id}`), 'commit');
    await before.settle();
    release();
    await before.settle();
    const refused = answers(lost).filter(({ type }) => type === messageType.error);
    expect(refused.map(({ correlationId }) => correlationId)).toContain(49);
    expect(events(before.kept)).not.toContain('/49');
    const after = await run(before.kept);
    const back = await after.join();
    back.ask(49, publish('event', '/49'), 'commit');
    await after.settle();
    expect(answers(back)).toMatchObject([{ address: '/49' }]);
    expect(events(after.kept)).toContain('/49');
  });

  it('[JR52] gets ERROR 501 again where the journal was too slow for it', async () => {
    const before = await run(emptyJournal(), { mode: 'full', pendingBytesMax: 1000 });
    before.lost.signals = true;
    const lost = await before.join();
    const large = { type: 'bytes' as const, value: new Uint8Array(100) };
    for (let id = 10; id < 50; id++) lost.ask(id, publish('event', '/large', large), 'commit');
    await before.settle();
    const refused = answers(lost).filter(({ type }) => type === messageType.error);
    expect(refused.length).toBeGreaterThan(0);
    lost.ask(100, set('/a', 1), 'commit');
    await before.settle();
    const after = await run(before.kept);
    const back = await after.join();
    back.ask(49, publish('event', '/large', large), 'commit');
    await after.settle();
    expect(answers(back)).toEqual(refused.slice(-1));
  });
});
