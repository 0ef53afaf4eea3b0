import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { f64, toJson } from '../../../src-main/contract/signal.ts';
import { createNoJournal } from '../../../src-main/core/journal/no-journal.ts';
import { messageType, type AckMessage, type ErrorMessage } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { keptRouter } from '../router/kept-router.ts';
import { publish, RouterFixture, set, type Peer } from '../router/router-fixture.ts';

function answers(peer: Peer): (AckMessage | ErrorMessage)[] {
  return peer.take().filter((each) => each.type === messageType.ack || each.type === messageType.error);
}

const step = fc.constantFrom(
  'set',
  'commit',
  'bundle',
  'settle',
  'settle',
  'settle',
  'time',
  'hold',
  'release',
  'fail',
  'mend',
);

describe('what the router keeps', () => {
  it('[JR20] acknowledges a commit when it is on disk, without waiting for the interval, and others at once', async () => {
    const { fixture, store, settle } = await keptRouter();
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    const peer = await fixture.join();
    peer.ask(1, set('/a', 1), 'commit');
    peer.ask(2, set('/b', 1));
    await settle();
    expect(answers(peer)).toMatchObject([{ address: '/b' }]);
    release();
    await settle();
    expect(answers(peer)).toMatchObject([{ address: '/a', revision: 1n }]);
    expect([...store.journal.entries.keys()]).toEqual(['/a', '/b']);
  });

  it('[JR20] shares one batch between all commits that came while the one before was written', async () => {
    const { fixture, store, settle } = await keptRouter();
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    const peers = await Promise.all(Array.from({ length: 20 }, () => fixture.join()));
    peers[0]?.ask(1, set('/first', 1), 'commit');
    await settle();
    peers.forEach((peer, i) => peer.ask(1, set(`/${i}`, 1), 'commit'));
    await settle();
    release();
    await settle();
    expect(peers.map((peer) => answers(peer).length)).toEqual([2, ...Array.from({ length: 19 }, () => 1)]);
    expect(store.batches).toHaveLength(2);
  });

  it('[JR21] answers a commit that the disk refuses with ERROR 501; it was done all the same', async () => {
    const { fixture, store, settle } = await keptRouter();
    store.fault = new UnavailableError('cannot-write-file', 'the disk is full');
    const peer = await fixture.join();
    peer.ask(1, set('/a', 1), 'commit');
    await settle();
    expect(answers(peer)).toMatchObject([{ code: 501, address: '/a' }]);
    expect(fixture.router.params.get('/a')?.revision).toBe(1n);
  });

  it('[JR26] keeps what a bundle sets and publishes under commit before it is acknowledged', async () => {
    const { fixture, store, settle } = await keptRouter();
    const peer = await fixture.join();
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    peer.send({ type: messageType.bundle, messages: [set('/a', 1), publish('event', '/go')] });
    await settle();
    expect(answers(peer)).toEqual([]);
    release();
    await settle();
    expect(answers(peer)).toHaveLength(1);
    expect([...store.journal.entries.keys()]).toEqual(['/a']);
    expect(store.journal.signals.map(({ message, by }) => [message.address, by])).toEqual([['/go', peer.session]]);
    peer.send(publish('event', '/not/kept'));
    await settle();
    await fixture.clock.advanceAsync(1000);
    expect(store.journal.signals).toHaveLength(1);
  });

  it('[JR25] keeps what participants in the process do, and nothing that was refused', async () => {
    const { fixture, store, journal, settle } = await keptRouter({ mode: 'full' });
    const hand = fixture.router.openLocal('hand');
    hand.publish([
      { kind: 'param', address: parseAddress('/a'), value: f64(1) },
      { kind: 'event', address: parseAddress('/go'), value: f64(1) },
    ]);
    const peer = await fixture.join();
    peer.send(set('/a', 2, { revision: 9n }), set('nowhere', 1));
    await settle();
    await journal.close();
    expect(store.journal.signals.map(({ message, by }) => [message.address, by])).toEqual([
      ['/a', 'hand'],
      ['/go', 'hand'],
    ]);
    expect(store.closed).toBe(true);
    expect(fixture.clock.waiting).toBe(0);
  });

  it('[JR24] goes on above all revisions that may have been where something kept is lost', async () => {
    const first = await keptRouter();
    const peer = await first.fixture.join();
    for (let i = 0; i < 5; i++) peer.send(set('/lost', i), set('/kept', i));
    await first.settle();
    await first.journal.close();
    first.store.journal.entries.get('/lost')?.fill(7, 20);
    const { fixture } = await keptRouter({ kept: first.store.journal });
    const next = (address: string) => fixture.router.params.get(address)?.revision;
    expect(next('/kept')).toBe(5n);
    expect(next('/lost')).toBeUndefined();
    const other = await fixture.join();
    other.send(set('/lost', 1), set('/kept', 1));
    await fixture.settle();
    expect(next('/kept')).toBe(6n);
    expect(next('/lost')).toBeGreaterThan(1_000_000_000n);
  });

  it('[JR51] goes on above every revision that was given when the end was not in order, and where it was before else', async () => {
    const first = await keptRouter();
    const peer = await first.fixture.join();
    peer.ask(1, set('/a', 1), 'commit');
    peer.ask(2, set('/still', 1), 'commit');
    await first.settle();
    // Nothing of these reaches the disk before the end, but everybody has heard of them.
    for (let i = 0; i < 9; i++) peer.send(set('/a', i), set('/b', i), set('/still', i));
    await first.fixture.settle();
    const second = await keptRouter({ kept: first.store.journal });
    const revision = (of: typeof second, address: string) => of.fixture.router.params.get(address)?.revision;
    expect([revision(second, '/a'), revision(second, '/b')]).toEqual([1n, undefined]);
    const other = await second.fixture.join();
    other.send(set('/a', 2), set('/b', 2));
    await second.settle();
    const [a = 0n, b = 0n] = [revision(second, '/a'), revision(second, '/b')];
    expect(a).toBeGreaterThan(10n);
    expect(b).toBeGreaterThan(9n);
    await second.journal.close();
    const third = await keptRouter({ kept: second.store.journal });
    const last = await third.fixture.join();
    last.send(set('/a', 3), set('/still', 2));
    await third.settle();
    expect(revision(third, '/a')).toBe(a + 1n);
    expect(revision(third, '/still')).toBeGreaterThan(9n);
  });

  it('[JR51] has not ended in order where something could not be written', async () => {
    const { fixture, store, journal, settle } = await keptRouter();
    const peer = await fixture.join();
    store.fault = new UnavailableError('cannot-write-file', 'the disk is full');
    peer.send(set('/a', 1));
    await settle();
    await journal.close();
    expect(store.journal.notes.isComplete).toBe(false);
  });

  it('[JR24] leaves out a param of which any bit was flipped', async () => {
    const first = await keptRouter();
    const peer = await first.fixture.join();
    peer.send(set('/a', 1));
    await first.settle();
    await first.journal.close();
    const entry = first.store.journal.entries.get('/a') ?? new Uint8Array();
    for (let bit = 0; bit < entry.length * 8; bit++) {
      const spoilt = Uint8Array.from(entry);
      spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      first.store.journal.entries.set('/a', spoilt);
      const { fixture } = await keptRouter({ kept: first.store.journal });
      expect(fixture.router.params.get('/a'), `bit ${bit}`).toBeUndefined();
    }
    expect(entry.length).toBeGreaterThan(40);
  });

  it('[JR20] has every commit that it acknowledged after a crash at any moment, whatever the disk does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(2)), { maxLength: 80, size: 'max' }), async (steps) => {
        const { fixture, store, settle } = await keptRouter();
        const peer = await fixture.joinWithIds();
        const held: (() => void)[] = [];
        const revisions = new Map<string, number>();
        /** what each request set or published, by its id */
        const asked: { readonly address: string; readonly revision: number }[] = [];
        const isBundle = new Set<number>();
        const kept: number[] = [];
        const collect = (): void => {
          for (const { type, correlationId } of answers(peer)) {
            if (type === messageType.ack && correlationId !== undefined) kept.push(correlationId);
          }
        };
        for (const [does, which] of steps) {
          const address = `/${which}`;
          const revision = (revisions.get(address) ?? 0) + 1;
          if (does === 'set' || does === 'commit' || does === 'bundle') revisions.set(address, revision);
          if (does === 'set') peer.send(set(address, revision));
          else if (does === 'commit') peer.ask(asked.push({ address, revision }) + 1, set(address, revision), 'commit');
          else if (does === 'bundle') {
            const id = asked.push({ address, revision }) + 1;
            isBundle.add(id);
            peer.ask(id, {
              type: messageType.bundle,
              messages: [set(address, revision), publish('event', '/go', id)],
            });
          } else if (does === 'settle') await settle();
          else if (does === 'time') await fixture.clock.advanceAsync(150);
          else if (does === 'hold') store.hold = new Promise((resolve) => held.push(resolve));
          else if (does === 'release') for (const release of held.splice(0)) release();
          else store.fault = does === 'fail' ? new UnavailableError('cannot-write-file', 'full') : undefined;
          collect();
        }
        // The crash: what the store has by now is all there is.
        const next = await keptRouter({ kept: store.journal });
        const { params } = next.fixture.router;
        for (const { value, revision } of params.records()) expect(toJson(value.value)).toBe(Number(revision));
        for (const id of kept) {
          const { address, revision } = asked[id - 2] ?? { address: '', revision: 0 };
          expect(params.get(address)?.revision, `request ${id}`).toBeGreaterThanOrEqual(BigInt(revision));
        }
        const bundles = store.journal.signals.map(({ message }) => message.value && toJson(message.value.value));
        for (const id of kept) if (isBundle.has(id)) expect(bundles).toContain(id);
      }),
      { numRuns: 200, seed: 20261121 },
    );
  });

  it('[JR36] forgets the values of the show before also where nothing is kept', () => {
    const { router } = new RouterFixture();
    const none = createNoJournal(router.params);
    const hand = router.openLocal('hand');
    none.showOnTable('gala');
    hand.publish([{ kind: 'param', address: parseAddress('/a'), value: WireValue.of(f64(1)).value }]);
    none.showOnTable('gala');
    expect(router.get(parseAddress('/a'))).toEqual(f64(1));
    none.showOnTable('tour');
    expect(router.get(parseAddress('/a'))).toBeUndefined();
  });
});
