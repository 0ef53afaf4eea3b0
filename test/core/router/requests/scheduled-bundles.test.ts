import { describe, expect, it } from 'vitest';
import { micros, millis } from '../../../../src-main/contract/units.ts';
import { defaultLatePolicy, type LatePolicy } from '../../../../src-main/core/clock/late-policy.ts';
import { ScheduledBundles, type Scheduled } from '../../../../src-main/core/router/requests/scheduled-bundles.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const [one, other] = [{ name: 'one' }, { name: 'other' }];

function bench(policy: Partial<LatePolicy> = {}) {
  const clock = new SimulatedClock(0);
  const ran: string[] = [];
  const told: string[] = [];
  const bundles = new ScheduledBundles({
    clock,
    limits: { scheduledMax: 4000, scheduledBytesMax: 100_000 },
    policy: { ...defaultLatePolicy, ...policy },
    onRan: () => void told.push('turn'),
  });
  const bundleOf = (name: string, isApart: boolean): Scheduled => ({
    isApart,
    grant: undefined,
    run: (at) => {
      ran.push(name);
      told.push(`${name} runs at ${at}`);
    },
    tell: () => void told.push(`${name} is told`),
    missed: (late) => void ran.push(`dropped ${name}, ${late} late`),
    cancelled: () => void ran.push(`cancelled ${name}`),
  });
  const add = (name: string, atMs: number, { isApart = false, ...more }: More = {}): void => {
    const bundle = bundleOf(name, isApart);
    bundles.add({ owner: one, id: undefined, deadline: micros(atMs * 1000), sizeBytes: 10, bundle, ...more });
  };
  return { clock, ran, told, bundles, add };
}

interface More {
  readonly id?: bigint;
  readonly owner?: object;
  readonly sizeBytes?: number;
  readonly isApart?: boolean;
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

  it('[RT245] of one instant all run before anyone is told of the first, in their order', () => {
    const { clock, told, add } = bench();
    for (const name of ['a', 'b', 'c']) add(name, 20);
    clock.advance(20);
    expect(told).toEqual([
      'a runs at 20000',
      'b runs at 20000',
      'c runs at 20000',
      'a is told',
      'b is told',
      'c is told',
      'turn',
    ]);
  });

  it('[RT245] with a timeline run when what came before was told, and are told before the next one runs', () => {
    const { clock, told, add } = bench();
    for (const name of ['a', 't', 'b']) add(name, 20, { isApart: name === 't' });
    clock.advance(20);
    expect(told.map((what) => what.replace(/ at .*/, ''))).toEqual([
      'a runs',
      'a is told',
      't runs',
      't is told',
      'b runs',
      'b is told',
      'turn',
    ]);
  });

  it('[RT245] are at most 1024 in one turn', () => {
    const { clock, ran, told, bundles, add } = bench();
    for (let i = 0; i < 1025; i++) add(`${i}`, 1);
    clock.jump(1);
    bundles.poll();
    expect([ran.length, told.length, told.at(-1)]).toEqual([1024, 2049, 'turn']);
    clock.advance(0);
    expect(ran).toHaveLength(1025);
  });

  it('[RT133] are cancelled by whoever scheduled them, once, until they have run', () => {
    const { clock, ran, bundles, add } = bench();
    add('a', 20, { id: 1n });
    add('b', 20, { id: 2n });
    expect(bundles.cancel(other, 1n)).toBeUndefined();
    bundles.cancel(one, 1n)?.cancelled();
    expect(bundles.cancel(one, 1n)).toBeUndefined();
    clock.advance(20);
    expect(ran).toEqual(['cancelled a', 'b']);
    expect(bundles.cancel(one, 2n)).toBeUndefined();
  });

  it('[RT132] that come late run, or not, as the policy says', () => {
    const late = bench({ late: 'drop', tolerance: millis(100) });
    late.clock.advance(1000);
    late.add('a little', 900);
    late.add('too much', 899);
    late.clock.advance(0);
    expect(late.ran).toEqual(['dropped too much, 101000 late', 'a little']);
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
    for (let i = 0; i < 3000; i++) add('x', 10);
    expect(() => add('one more', 10)).toThrow('3000 bundles of this client');
    for (let i = 0; i < 1000; i++) add('y', 10, { owner: { i } });
    expect(() => add('one more', 10, { owner: {} })).toThrow('4000');
    clock.advance(10);
    expect([ran.length, bundles.size]).toEqual([4000, 0]);
    add('again', 20, { sizeBytes: 100_000 });
    bundles.close();
    clock.advance(100);
    expect([ran.length, clock.waiting]).toEqual([4000, 0]);
  });
});
