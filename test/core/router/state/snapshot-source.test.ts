import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { RouterFixture, set, subscribe } from '../router-fixture.ts';

async function filled(count: number, limits = {}): Promise<RouterFixture> {
  const fixture = new RouterFixture(limits);
  const local = fixture.router.openLocal('filler');
  const { parseAddress } = await import('../../../../src-main/contract/address.ts');
  const address = (i: number): ReturnType<typeof parseAddress> =>
    parseAddress(`/some/quite/long/address/as/on/a/real/desk/with/sixty/bytes/${i}`);
  local.publish(
    Array.from({ length: count }, (_, i) => ({ kind: 'param', address: address(i), value: { type: 'f64', value: i } })),
  );
  return fixture;
}

describe('SNAPSHOT of a large state', () => {
  it('[RT50] comes complete to a late joiner, in frames that the wire can carry, 800 params at most', async () => {
    const fixture = await filled(10_000);
    const peer = fixture.connect({ queueBytesMax: 100_000 });
    peer.send({ type: messageType.hello, version: 1, name: 'late', features: [] });
    await fixture.settle();
    const snapshots = peer.takeOnly(messageType.snapshot);
    const seen = snapshots.flatMap(({ params }) =>
      params.map(({ value }) => ('value' in value.value ? value.value.value : -1)),
    );
    expect(new Set(seen).size).toBe(10_000);
    expect(seen).toHaveLength(10_000);
    for (const snapshot of snapshots) {
      expect(snapshot.params.length).toBeLessThanOrEqual(800);
      expect(encodeFrame(snapshot).length).toBeLessThanOrEqual(65_539);
    }
  });

  it('[RT50] has frames of 800 small params', async () => {
    const fixture = new RouterFixture();
    const filler = await fixture.join();
    for (let i = 0; i < 1700; i++) filler.send(set(`/${i}`, i));
    await fixture.settle();
    const late = fixture.connect();
    late.send({ type: messageType.hello, version: 1, name: 'late', features: [] });
    await fixture.settle();
    expect(late.takeOnly(messageType.snapshot).map(({ params }) => params.length)).toEqual([800, 800, 100]);
  });

  it('[RT51] shows what was found for one frame and had to wait for the next as it stands by then, or not at all', async () => {
    const fixture = await filled(0, { snapshotParamsMax: 2, chunksPerTurnMax: 1 });
    const writer = await fixture.join();
    const ttl = { seconds: 1, absolute: true };
    writer.send(set('/a', 1), set('/b', 1), set('/c', 1), set('/d', 1), set('/e', 1, { ttl }));
    await fixture.settle();
    const late = await fixture.join();
    late.send(subscribe('/**'));
    // The first frame holds two, the third waits; then the fifth.
    for (let i = 0; i < 5; i++) await Promise.resolve();
    writer.send(set('/c', 2));
    for (let i = 0; i < 5; i++) await Promise.resolve();
    fixture.turn();
    fixture.clock.advance(1000);
    await fixture.settle();
    const told = late.take().flatMap((message): unknown[] => {
      if (message.type === messageType.snapshot)
        return message.params.map(({ address, revision }) => [address, revision]);
      return message.type === messageType.set ? [['SET', message.address, message.revision]] : [];
    });
    expect(told).toEqual([
      ['/a', 1n],
      ['/b', 1n],
      ['SET', '/c', 2n],
      ['/c', 2n],
      ['/d', 1n],
      ['SET', '/e', 2n],
    ]);
  });

  it('[RT51] never shows a value older than an update that went before it, while writing goes on', async () => {
    const fixture = await filled(3000, { chunksPerTurnMax: 1 });
    const writer = await fixture.join();
    const late = await fixture.join({ queueBytesMax: 70_000 });
    late.send(subscribe('/**'));
    const newest = new Map<string, bigint>();
    const complete = new Set<string>();
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 20; i++) {
        const n = (round * 397 + i * 131) % 3000;
        writer.send(set(`/some/quite/long/address/as/on/a/real/desk/with/sixty/bytes/${n}`, round));
      }
      for (let i = 0; i < 5; i++) await Promise.resolve();
      fixture.turn();
    }
    await fixture.settle();
    for (const message of late.take()) {
      const records =
        message.type === messageType.snapshot ? message.params : message.type === messageType.set ? [message] : [];
      for (const { address, revision = 0n } of records) {
        expect(revision >= (newest.get(address) ?? 0n)).toBe(true);
        newest.set(address, revision);
        complete.add(address);
      }
    }
    expect(complete.size).toBe(3000);
  });

  it('[RT52] spreads the search for few matches among many params over turns', async () => {
    const fixture = await filled(5000, { scanPerTurnMax: 1000 });
    const local = fixture.router.openLocal('filler');
    const { parseAddress } = await import('../../../../src-main/contract/address.ts');
    local.publish([{ kind: 'param', address: parseAddress('/needle'), value: { type: 'f64', value: 1 } }]);
    const peer = await fixture.join();
    peer.send(subscribe('/needle*'));
    for (let i = 0; i < 20; i++) await Promise.resolve();
    let turns = 0;
    while (fixture.deferred > 0) {
      fixture.turn();
      turns++;
    }
    await fixture.settle();
    expect(turns).toBeGreaterThanOrEqual(5);
    expect(peer.takeOnly(messageType.snapshot)).toMatchObject([{ params: [{ address: '/needle' }] }]);
  });
});
