import { describe, expect, it } from 'vitest';
import { f64, toJson } from '../../../src-main/contract/signal.ts';
import type { Received } from '../../../src-main/core/client/received.ts';
import { address, pattern } from './addresses.ts';
import { Together } from './together.ts';

const a = address('/a');

const told = (received: readonly Received[]): unknown[] =>
  received.map(({ signal, isSnapshot, revision }) => [
    signal.kind,
    signal.address,
    toJson(signal.value),
    isSnapshot,
    revision,
  ]);

describe('with our own router', () => {
  it('[CC50] sets, gets, and hears what others set and publish', async () => {
    const all = new Together();
    const [desk, lamp] = [await all.join(), await all.join()];
    expect(await all.outcome(desk.set(a, f64(1)))).toMatchObject({ acknowledged: true, revision: 1n });
    const got: Received[] = [];
    lamp.subscribe(pattern('/a/**'), (received) => got.push(received));
    await all.fixture.settle();
    await all.outcome(desk.set(a, f64(2)));
    await all.outcome(desk.publish({ kind: 'event', address: address('/a/go'), value: f64(3) }, { qos: 'fire' }));
    expect(told(got)).toEqual([
      ['param', '/a', 1, true, 1n],
      ['param', '/a', 2, false, 2n],
      ['event', '/a/go', 3, false, undefined],
    ]);
    expect(got[0]).toMatchObject({ writer: expect.any(String) as string, storedAt: all.fixture.clock.nowMicros() });
    expect(await all.outcome(lamp.get(a))).toMatchObject({ address: a, value: f64(2), revision: 2n });
    expect(await all.outcome(lamp.get(address('/none')))).toBe(undefined);
  });

  it('[CC50] is told what the router refuses, and by whom a param is locked', async () => {
    const all = new Together();
    const [desk, other] = [await all.join(), await all.join()];
    const state = desk.state();
    const session = state.phase === 'open' ? state.session : '';
    const locked = await all.outcome(desk.set(a, f64(1), { lock: true }));
    expect(locked).toMatchObject({ locked: true, holder: session });
    expect(await all.outcome(other.set(a, f64(2)))).toMatchObject({ code: 'param-locked', details: { number: 401 } });
    const denied = { code: 'param-locked', details: { number: 401, address: a, holder: session } };
    expect(await all.outcome(other.set(a, f64(2), { lock: true, qos: 'commit' }))).toMatchObject(denied);
    const late = desk.set(a, f64(2), { expectedRevision: 9n });
    expect(await all.outcome(late)).toMatchObject({ code: 'changed-meanwhile' });
    desk.close();
    await all.fixture.settle();
    expect(await all.outcome(other.set(a, f64(3)))).toMatchObject({ revision: 2n });
  });

  it('[RT321] is told by `lock` whether the lock is its own and who has it, and of all else by an error', async () => {
    const all = new Together();
    const [desk, other] = [await all.join(), await all.join()];
    const [ours, theirs] = [desk, other].map((client) => (client.state() as { session?: string }).session);
    expect(await all.outcome(desk.lock(a, f64(1)))).toEqual({ locked: true, holder: ours, revision: 1n });
    expect(await all.outcome(other.lock(a, f64(2), { qos: 'commit' }))).toEqual({ locked: false, holder: ours });
    expect(await all.outcome(desk.lock(a, f64(3), { expectedRevision: 7n }))).toMatchObject({
      code: 'changed-meanwhile',
    });
    await all.outcome(desk.set(a, f64(4), { unlock: true }));
    expect(await all.outcome(other.lock(a, f64(5)))).toEqual({ locked: true, holder: theirs, revision: 3n });
  });

  it('[CC50] makes bundles that are all or nothing', async () => {
    const all = new Together();
    const desk = await all.join();
    const step = (name: string, value: number) =>
      ({ kind: 'param', address: address(name), value: f64(value) }) as const;
    expect(await all.outcome(desk.bundle([step('/a', 1), step('/b', 2)]))).toMatchObject({ acknowledged: true });
    const refused = desk.bundle([step('/c', 1), { ...step('/a', 2), expectedRevision: 7n }]);
    expect(await all.outcome(refused)).toMatchObject({ code: 'changed-meanwhile' });
    expect(await all.outcome(desk.get(address('/c')))).toBe(undefined);
  });

  it('[CC50] finds all there is, however many frames that takes', async () => {
    const all = new Together();
    const desk = await all.join();
    const names = Array.from({ length: 3000 }, (_, i) => `/a/${'x'.repeat(60)}/${i}`);
    const writer = all.fixture.router.openLocal('writer');
    writer.publish(names.map((name) => ({ kind: 'param', address: address(name), value: f64(1) })));
    expect(await all.outcome(desk.announce(address('/d'), [{ address: '/d/e', kind: 'event' }]))).toMatchObject({
      acknowledged: true,
    });
    const found = (await all.outcome(desk.query(pattern('/**')))) as { readonly address: string }[];
    expect(found.map((signal) => signal.address).sort()).toEqual([...names, '/d/e'].sort());
    expect(await all.outcome(desk.query(pattern('/none')))).toEqual([]);
  });

  it('[CC50] goes on after its connection was cut: subscriptions, requests, params', async () => {
    const all = new Together();
    const [desk, lamp] = [await all.join(), await all.join()];
    const got: Received[] = [];
    lamp.subscribe(pattern('/a'), (received) => got.push(received));
    await all.cut(lamp);
    await all.outcome(desk.set(a, f64(1)));
    expect(told(got)).toEqual([['param', '/a', 1, false, 1n]]);
    const asked = desk.set(a, f64(2));
    await all.cut(desk);
    expect(await all.outcome(asked)).toMatchObject({ acknowledged: true });
    expect(toJson(got.at(-1)?.signal.value ?? f64(0))).toBe(2);
    expect(all.fixture.router.stats()).toMatchObject({ sessions: 2, subscriptions: 1 });
  });

  it('[CC50] knows its time', async () => {
    const all = new Together();
    const desk = await all.join();
    expect(await all.outcome(desk.sync())).toMatchObject({ samples: 2, offset: 0 });
    expect(desk.serverNow()).toBe(all.fixture.clock.nowMicros());
    desk.close();
  });
});
