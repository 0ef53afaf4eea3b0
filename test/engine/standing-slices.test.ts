import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src-main/contract/signal.ts';
import { sliceMax, StandingSlices } from '../../src-main/engine/standing-slices.ts';
import type { WhatStands } from '../../src-main/ports/bridge.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { Bench, osc, param, sacn } from './supervisor-bench.ts';

const cid = '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11';
const addressOf = (i: number): string => `/osc/${i}`;
const back = { stands: {} };
const many = (count: number): Signal[] => Array.from({ length: count }, (_, i) => param(addressOf(i), i));

function rig() {
  const clock = new SimulatedClock();
  const turns: (readonly Signal[])[] = [];
  const marks: WhatStands[] = [];
  const state = { isAway: false, onGive: (): void => undefined };
  const slices: StandingSlices = new StandingSlices({
    clock,
    give: (some, stands) => {
      turns.push(some);
      marks.push(stands);
      state.onGive();
    },
    isAway: () => state.isAway,
  });
  return { clock, turns, marks, slices, state, given: () => turns.flat() };
}

/** A bridge that is up, with so many params that stand; what it was given at its start is forgotten. */
async function desk(count: number, isFramed = false): Promise<Bench> {
  const bench = new Bench();
  bench.framed = isFramed;
  bench.params.push(...many(count));
  await bench.apply(osc('a'));
  bench.last.applied.length = 0;
  return bench;
}

describe('what stands, on its way to a device', () => {
  it('[SU65] goes a little in each turn, in its order, each once, and is whole behind the last', () => {
    const { clock, turns, slices, given } = rig();
    const stands = many(3 * sliceMax + 1);
    let wholeAfter = 0;
    slices.begin(stands, { ...back, whole: () => (wholeAfter = turns.length) });
    expect([turns.length, clock.waiting, wholeAfter]).toEqual([1, 1, 0]);
    clock.advance(0);
    expect(turns.map(({ length }) => length)).toEqual([sliceMax, sliceMax, sliceMax, 1]);
    expect([given(), wholeAfter, clock.waiting]).toEqual([stands, 4, 0]);
  });

  it('[SU65] is given within the call where it is little, or wanted at once', () => {
    const { clock, turns, slices } = rig();
    let wholes = 0;
    slices.begin([], { ...back, whole: () => wholes++ });
    slices.begin(many(sliceMax), { ...back, whole: () => wholes++ });
    slices.begin(many(5 * sliceMax), { ...back, atOnce: true, whole: () => wholes++ });
    expect(turns.map(({ length }) => length)).toEqual([0, sliceMax, 5 * sliceMax]);
    expect([wholes, clock.waiting]).toEqual([3, 0]);
  });

  it('[SU66] does not follow what was set meanwhile; what happened sets nothing', () => {
    const { clock, slices, given } = rig();
    const stands = many(2 * sliceMax);
    slices.begin(stands, back);
    const [set, flowed, happened] = [sliceMax, sliceMax + 1, sliceMax + 2].map((i) => param(addressOf(i), 9));
    slices.overtake([set, { ...flowed, kind: 'stream' }, { ...happened, kind: 'event' }] as Signal[]);
    clock.advance(0);
    expect(given()).toEqual(stands.filter((_, i) => i !== sliceMax && i !== sliceMax + 1));
    // The next time it stands again.
    slices.begin(stands, back);
    clock.advance(0);
    expect(given().slice(-stands.length)).toEqual(stands);
  });

  it('[SU66] ends with its bridge, or its device, and is not whole then; another takes its place', () => {
    const { clock, marks, slices, state, given } = rig();
    let wholes = 0;
    const only = new Set([clock]);
    const begin = (): void => slices.begin(many(2 * sliceMax), { ...back, whole: () => wholes++ });
    begin();
    slices.stop();
    begin();
    state.isAway = true;
    clock.advance(0);
    expect([given().length, wholes, clock.waiting]).toEqual([2 * sliceMax, 0, 0]);
    state.isAway = false;
    begin();
    // The operator sends it again meanwhile: who waits until it is whole waits for that.
    slices.begin(many(3 * sliceMax), { stands: { only } });
    clock.advance(0);
    expect([given().length, wholes]).toEqual([(2 + 1 + 3) * sliceMax, 1]);
    expect(marks).toEqual([{}, {}, {}, { only }, { only }, { only }]);
  });

  it('[SU66] ends where giving it ends its bridge', () => {
    const { clock, slices, state, given } = rig();
    let wholes = 0;
    state.onGive = () => slices.stop();
    slices.begin(many(2 * sliceMax), { ...back, whole: () => wholes++ });
    clock.advance(0);
    expect([given().length, wholes]).toEqual([sliceMax, 0]);
  });
});

describe('a bridge whose device is there again', () => {
  const count = 10 * sliceMax;

  it('[SU65] is handed a little in each turn at its start, on a return and on the word of the operator', async () => {
    const bench = new Bench();
    bench.framed = false;
    bench.params.push(...many(count));
    const sizes: number[] = [];
    bench.onStart = async () => {
      const { last } = bench;
      const apply = last.apply.bind(last);
      last.apply = (batch) => {
        sizes.push(batch.length);
        apply(batch);
      };
    };
    await bench.apply(osc('a'));
    bench.plugIn();
    await bench.clock.advanceAsync(0);
    expect(bench.supervisor.resend('a')).toBe(count);
    await bench.clock.advanceAsync(0);
    expect([Math.max(...sizes), bench.last.applied.length]).toEqual([sliceMax, 3 * count]);
  });

  it('[SU67] is told that what it is given stands, and for whom; and nothing of what is live', async () => {
    const bench = new Bench();
    bench.framed = false;
    bench.params.push(param('/osc/1'));
    await bench.apply(osc('a'));
    const [one, all] = [{}, {}];
    bench.last.host?.returned({ only: one });
    bench.plugIn();
    bench.supervisor.resend('a');
    bench.write('/osc/2');
    expect(bench.last.marks).toEqual([all, { only: new Set([one]) }, all, all, undefined]);
  });

  it('[SU68] of many gives who comes back while others are given it all of it after them, together with whoever came by then', async () => {
    const bench = await desk(count);
    const [first, second, third] = [{ name: 1 }, { name: 2 }, { name: 3 }];
    const { last } = bench;
    const got = new Map<object | undefined, number>();
    last.apply = (batch, stands) => {
      for (const one of stands?.only ?? [undefined]) got.set(one, (got.get(one) ?? 0) + batch.length);
    };
    last.host?.returned();
    for (const only of [first, second, third]) last.host?.returned({ only });
    await bench.clock.advanceAsync(0);
    expect(got).toEqual(new Map([undefined, first, second, third].map((one) => [one, count])));
    // Nobody waits any more once everybody is given it, or the bridge ended.
    last.host?.returned({ only: first });
    last.host?.returned({ only: second });
    bench.supervisor.resend('a');
    await bench.clock.advanceAsync(0);
    expect([got.get(undefined), got.get(first), got.get(second)]).toEqual([2 * count, count + sliceMax, count]);
    for (const only of [first, second]) last.host?.returned({ only });
    bench.supervisor.apply([]);
    await bench.clock.advanceAsync(0);
    expect(got.get(second)).toBe(count);
  });

  it('[SU65] is handed all of it at once where it has whole frames', async () => {
    const bench = await desk(count, true);
    await bench.apply(sacn('s', cid));
    bench.last.applied.length = 0;
    bench.params.push(...many(count).map((signal, i) => ({ ...signal, address: param(`/sacn/1/${i + 1}`).address })));
    bench.plugIn();
    expect(bench.last.applied).toHaveLength(count);
  });

  it('[SU66] gets the newest of each address in the end, whoever set it meanwhile, and nothing older behind it', async () => {
    const bench = await desk(count);
    let wholes = 0;
    bench.last.host?.returned({ whole: () => wholes++ });
    // Of the operator, of an address that was handed over and of one that was not; and of the device itself.
    bench.write(addressOf(1), 0.1);
    bench.write(addressOf(count - 1), 0.2);
    bench.last.host?.publish([param(addressOf(count - 2), 0.3)]);
    await bench.clock.advanceAsync(0);
    const { applied } = bench.last;
    const at = (i: number): Signal[] => applied.filter(({ address }) => address === addressOf(i));
    expect([at(0), at(1), at(count - 1), at(count - 2)]).toEqual([
      [param(addressOf(0), 0)],
      [param(addressOf(1), 1), param(addressOf(1), 0.1)],
      [param(addressOf(count - 1), 0.2)],
      [],
    ]);
    expect([applied.length, wholes]).toEqual([count, 1]);
  });

  it('[SU66] gets everything again when it went meanwhile, with `differs` too, since nobody knows what reached it', async () => {
    const bench = new Bench();
    bench.framed = false;
    bench.params.push(...many(count));
    bench.onStart = async () => bench.unplug();
    await bench.apply(osc('a', {}, { onReturn: 'differs' }));
    bench.plugIn();
    bench.unplug();
    await bench.clock.advanceAsync(0);
    expect(bench.last.applied).toHaveLength(sliceMax);
    bench.plugIn();
    await bench.clock.advanceAsync(0);
    expect(bench.last.applied.splice(0, sliceMax)).toEqual(many(sliceMax));
    expect(bench.last.applied).toEqual(many(count));
  });
});
