import { describe, expect, it } from 'vitest';
import { micros, millis } from '../../../src-main/contract/units.ts';
import { defaultLatePolicy, type LatePolicy } from '../../../src-main/core/clock/late-policy.ts';
import { ScheduledBundles } from '../../../src-main/core/router/scheduled-bundles.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const [one, other] = [{ name: 'one' }, { name: 'other' }];

function bench(policy: Partial<LatePolicy> = {}) {
  const clock = new SimulatedClock(0);
  const ran: string[] = [];
  const bundles: ScheduledBundles<string> = new ScheduledBundles({
    clock,
    limits: { scheduledMax: 2000, scheduledBytesMax: 100_000 },
    policy: { ...defaultLatePolicy, ...policy },
    run: (bundle) => void ran.push(bundle),
    drop: (bundle) => void ran.push(`dropped ${bundle}`),
  });
  const add = (bundle: string, atMs: number, more: { id?: bigint; owner?: object; sizeBytes?: number } = {}): void =>
    bundles.add({ owner: one, id: undefined, deadline: micros(atMs * 1000), sizeBytes: 10, bundle, ...more });
  return { clock, ran, bundles, add };
}

describe('bundles that wait', () => {
  it('[RT132] run at their time, a thousand of one instant in the order of their coming', () => {
    const { clock, ran, add } = bench();
    const cascade = Array.from({ length: 1000 }, (_, i) => `${i}`);
    for (const bundle of cascade) add(bundle, 20);
    add('before', 19);
    clock.advance(19);
    expect(ran).toEqual(['before']);
    clock.advance(1);
    expect(ran.slice(1)).toEqual(cascade);
    expect(clock.waiting).toBe(0);
  });

  it('[RT133] are cancelled by whoever scheduled them, once, until they have run', () => {
    const { clock, ran, bundles, add } = bench();
    add('a', 20, { id: 1n });
    add('b', 20, { id: 2n });
    expect(bundles.cancel(other, 1n)).toBeUndefined();
    expect(bundles.cancel(one, 1n)).toBe('a');
    expect(bundles.cancel(one, 1n)).toBeUndefined();
    clock.advance(20);
    expect(ran).toEqual(['b']);
    expect(bundles.cancel(one, 2n)).toBeUndefined();
  });

  it('[RT132] that come late run, or not, as the policy says', () => {
    const late = bench({ late: 'drop', tolerance: millis(100) });
    late.clock.advance(1000);
    late.add('a little', 900);
    late.add('too much', 899);
    late.clock.advance(0);
    expect(late.ran).toEqual(['dropped too much', 'a little']);
    const kept = bench();
    kept.clock.advance(1000);
    kept.add('long ago', 1);
    kept.clock.advance(0);
    expect(kept.ran).toEqual(['long ago']);
  });

  it('[RT134] are bounded in number and bytes; what has run or was cancelled makes room', () => {
    const { clock, ran, bundles, add } = bench();
    add('large', 10, { sizeBytes: 99_995, id: 5n });
    expect(() => add('more', 10)).toThrow('bytes together');
    bundles.cancel(one, 5n);
    for (let i = 0; i < 2000; i++) add('x', 10);
    expect(() => add('one more', 10)).toThrow('2000');
    clock.advance(10);
    expect([ran.length, bundles.size]).toEqual([2000, 0]);
    add('again', 20, { sizeBytes: 100_000 });
    bundles.close();
    clock.advance(100);
    expect([ran.length, clock.waiting]).toEqual([2000, 0]);
  });
});
