import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { alice, bob, device, from, openRegistry } from './rendezvous-samples.ts';

/** What is thrown, by its code; undefined where nothing is. */
function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('the registry of the rendezvous server', () => {
  it('[RZ1] gives an id, the time in µs and 300 s', () => {
    const { registry, clock } = openRegistry();
    const { id, timestamp, ttl } = registry.register(device(), from('10.0.0.2'));
    expect([timestamp, ttl]).toEqual([clock.nowMicros(), 300]);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('[RZ2] finds by tag and feature, 100 without a limit and 1000 at most, and never tells where an entry came from', () => {
    const { registry, clock } = openRegistry();
    const { id } = registry.register(
      device('Desk', { tags: ['hall'], features: ['param'], metadata: { a: 1 }, publicKey: 'claimed' }),
      from('10.0.0.2'),
    );
    registry.register(device('Lamp', { tags: ['hall', 'stage'] }), from('10.0.0.3'));
    const names = (filter: object): string[] => registry.discover(filter).map(({ name }) => name);
    expect(names({})).toEqual(['Desk', 'Lamp']);
    expect([names({ tag: 'hall' }), names({ tag: 'stage' }), names({ tag: 'Hall' })]).toEqual([
      ['Desk', 'Lamp'],
      ['Lamp'],
      [],
    ]);
    expect([names({ tag: 'hall', feature: 'param' }), names({ feature: 'stream' })]).toEqual([['Desk'], []]);
    expect(registry.discover({ feature: 'param' })).toEqual([
      {
        id,
        name: 'Desk',
        publicKey: 'claimed',
        features: ['param'],
        endpoints: { ws: 'ws://10.0.0.2:7330/Desk' },
        tags: ['hall'],
        metadata: { a: 1 },
        registeredAt: clock.nowMicros(),
        lastSeen: clock.nowMicros(),
        signed: false,
      },
    ]);
    for (let n = 0; n < 1100; n++) registry.register(device(`x${n}`), from(`10.1.${n >> 8}.${n & 255}`));
    expect([names({}).length, names({ limit: 3 }).length, names({ limit: 5000 }).length]).toEqual([100, 3, 1000]);
  });

  it('[RZ3] [RZ6] keeps an entry for 300 s after it was heard of last, to the instant', () => {
    const { registry, clock, names } = openRegistry();
    const { id } = registry.register(device(), from('a'));
    const registeredAt = clock.nowMicros();
    clock.advance(299_999);
    registry.refresh(id, from('a'));
    clock.advance(299_999);
    expect(registry.discover({})[0]).toMatchObject({ registeredAt, lastSeen: clock.nowMicros() - 299_999_000 });
    clock.advance(1);
    expect(names()).toEqual([]);
    expect(codeOf(() => registry.refresh(id, from('a')))).toBe('unknown-id');
    expect(codeOf(() => registry.unregister(id, from('a')))).toBe('unknown-id');
    clock.advance(60_000);
    expect(registry.figures()).toMatchObject({ entries: 0, sources: 0, ended: { expired: 1 } });
    registry.close();
    expect(clock.waiting).toBe(0);
  });

  it('[RZ4] takes out what its owner takes out, once', () => {
    const { registry, names } = openRegistry();
    const { id } = registry.register(device(), from('a'));
    registry.unregister(id, from('a'));
    expect([names(), registry.figures().ended.unregistered]).toEqual([[], 1]);
    expect(codeOf(() => registry.unregister(id, from('a')))).toBe('unknown-id');
  });

  it('[RZ7] gives one source so many entries, until one of them ends', () => {
    const { registry, clock } = openRegistry();
    const register = (n: number) => registry.register(device(`d${n}`), from('a'));
    const first = register(0);
    for (let n = 1; n < 10; n++) register(n);
    expect(codeOf(() => register(10))).toBe('too-many-items');
    expect(() => register(10)).toThrow(expect.objectContaining({ details: { retryAfterSeconds: 300 } }));
    expect(registry.register(device('other'), from('b')).ttl).toBe(300);
    registry.unregister(first.id, from('a'));
    expect([codeOf(() => register(10)), codeOf(() => register(11))]).toEqual([undefined, 'too-many-items']);
    clock.jump(300_000);
    expect(codeOf(() => register(11))).toBeUndefined();
  });

  it('[RZ8] takes a device that registers again for the same: of one source by name and endpoints, of one key by name', () => {
    const { registry } = openRegistry();
    const first = registry.register(device('Desk', { tags: ['old'] }), from('a'));
    expect(registry.register(device('Desk', { tags: ['new'] }), from('a')).id).toBe(first.id);
    expect(registry.discover({}).map(({ tags }) => tags)).toEqual([['new']]);
    const elsewhere = device('Desk', { endpoints: { ws: 'ws://10.0.0.9:1' } });
    expect(registry.register(elsewhere, from('a')).id).not.toBe(first.id);
    expect(registry.register(device('Desk'), from('b')).id).not.toBe(first.id);
    const signed = registry.register(device('Desk'), from('a', alice));
    expect(signed.id).not.toBe(first.id);
    expect(registry.register(elsewhere, from('c', alice)).id).toBe(signed.id);
    expect(registry.register(elsewhere, from('c', bob)).id).not.toBe(signed.id);
  });

  it('[RZ9] when it is full, has whoever has most give way, what was not heard of for longest first', () => {
    const { registry, clock, names } = openRegistry({ entriesMax: 4 });
    const of = (name: string, source: string) => registry.register(device(name), from(source));
    of('one', 'lonely');
    const a = of('a1', 'many');
    of('a2', 'many');
    of('a3', 'many');
    clock.advance(1);
    registry.refresh(a.id, from('many'));
    of('new', 'other');
    expect(names().toSorted()).toEqual(['a1', 'a3', 'new', 'one']);
    of('a4', 'many');
    expect(names().toSorted()).toEqual(['a1', 'a4', 'new', 'one']);
    expect(registry.figures()).toMatchObject({ entries: 4, ended: { 'gave-way': 2 } });
  });

  it('[RZ11] ends an answer where it would be longer than a megabyte', () => {
    const { registry } = openRegistry({ perSource: 1000 });
    const metadata = { a: 'x'.repeat(3500) };
    for (let n = 0; n < 400; n++) registry.register(device(`d${n}`, { metadata }), from('a'));
    const answer = JSON.stringify(registry.discover({ limit: 400 }));
    expect(answer.length).toBeGreaterThan(1024 * 1024);
    expect(answer.length).toBeLessThan(1.2 * 1024 * 1024);
  });

  it('[RZ20] leaves a signed entry to its key alone, wherever that comes from', () => {
    const { registry } = openRegistry();
    const { id } = registry.register(device(), from('a', alice));
    expect(registry.discover({})[0]).toMatchObject({ signed: true, verified: alice, publicKey: alice });
    for (const act of ['refresh', 'unregister'] as const) {
      expect(codeOf(() => registry[act](id, from('a')))).toBe('signature-required');
      expect(codeOf(() => registry[act](id, from('a', bob)))).toBe('access-refused');
    }
    registry.refresh(id, from('elsewhere', alice));
    registry.unregister(id, from('elsewhere', alice));
    expect(registry.discover({})).toEqual([]);
    const foreign = device('Desk', { publicKey: bob });
    expect(codeOf(() => registry.register(foreign, from('a', alice)))).toBe('bad-arguments');
  });

  it('[RZ21] leaves an unsigned entry to the source it came from, and marks it whatever key it claims', () => {
    const { registry } = openRegistry();
    const { id } = registry.register(device('Desk', { publicKey: alice }), from('a'));
    const [found] = registry.discover({});
    expect([found?.signed, found?.publicKey, found && 'verified' in found]).toEqual([false, alice, false]);
    for (const act of ['refresh', 'unregister'] as const) {
      expect(codeOf(() => registry[act](id, from('b')))).toBe('access-refused');
      expect(codeOf(() => registry[act](id, from('b', alice)))).toBe('access-refused');
    }
    registry.refresh(id, from('a'));
    registry.unregister(id, from('a'));
  });

  it('[RZ25] takes nothing unsigned where only signed requests are wanted', () => {
    const { registry } = openRegistry({ requireSigned: true });
    expect(codeOf(() => registry.register(device(), from('a')))).toBe('signature-required');
    const { id } = registry.register(device(), from('a', alice));
    expect(codeOf(() => registry.refresh(id, from('a')))).toBe('signature-required');
    expect(registry.discover({})).toHaveLength(1);
  });
});
