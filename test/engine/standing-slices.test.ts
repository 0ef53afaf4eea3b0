import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src-main/contract/signal.ts';
import { sliceMax, StandingSlices } from '../../src-main/engine/standing-slices.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { Bench, osc, param, sacn } from './supervisor-bench.ts';

const cid = '3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f11';
const addressOf = (i: number): string => `/osc/${i}`;
const many = (count: number): Signal[] => Array.from({ length: count }, (_, i) => param(addressOf(i), i));

function rig() {
  const clock = new SimulatedClock();
  const turns: (readonly Signal[])[] = [];
  const state = { isAway: false, onGive: (): void => undefined };
  const slices: StandingSlices = new StandingSlices({
    clock,
    give: (some) => {
      turns.push(some);
      state.onGive();
    },
    isAway: () => state.isAway,
  });
  return { clock, turns, slices, state, given: () => turns.flat() };
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
    slices.begin(stands, { whole: () => (wholeAfter = turns.length) });
    expect([turns.length, clock.waiting, wholeAfter]).toEqual([1, 1, 0]);
    clock.advance(0);
    expect(turns.map(({ length }) => length)).toEqual([sliceMax, sliceMax, sliceMax, 1]);
    expect([given(), wholeAfter, clock.waiting]).toEqual([stands, 4, 0]);
  });

  it('[SU65] is given within the call where it is little, or wanted at once', () => {
    const { clock, turns, slices } = rig();
    let wholes = 0;
    slices.begin([], { whole: () => wholes++ });
    slices.begin(many(sliceMax), { whole: () => wholes++ });
    slices.begin(many(5 * sliceMax), { atOnce: true, whole: () => wholes++ });
    expect(turns.map(({ length }) => length)).toEqual([0, sliceMax, 5 * sliceMax]);
    expect([wholes, clock.waiting]).toEqual([3, 0]);
  });

  it('[SU66] does not follow what was set meanwhile; what happened sets nothing', () => {
    const { clock, slices, given } = rig();
    const stands = many(2 * sliceMax);
    slices.begin(stands);
    const [set, flowed, happened] = [sliceMax, sliceMax + 1, sliceMax + 2].map((i) => param(addressOf(i), 9));
    slices.overtake([set, { ...flowed, kind: 'stream' }, { ...happened, kind: 'event' }] as Signal[]);
    clock.advance(0);
    expect(given()).toEqual(stands.filter((_, i) => i !== sliceMax && i !== sliceMax + 1));
    // The next time it stands again.
    slices.begin(stands);
    clock.advance(0);
    expect(given().slice(-stands.length)).toEqual(stands);
  });

  it('[SU66] ends with its bridge, or its device, and is not whole then; another takes its place', () => {
    const { clock, slices, state, given } = rig();
    let wholes = 0;
    const begin = (): void => slices.begin(many(2 * sliceMax), { whole: () => wholes++ });
    begin();
    slices.stop();
    begin();
    state.isAway = true;
    clock.advance(0);
    expect([given().length, wholes, clock.waiting]).toEqual([2 * sliceMax, 0, 0]);
    state.isAway = false;
    begin();
    // The operator sends it again meanwhile: who waits until it is whole waits for that.
    slices.begin(many(3 * sliceMax));
    clock.advance(0);
    expect([given().length, wholes]).toEqual([(2 + 1 + 3) * sliceMax, 1]);
  });

  it('[SU66] ends where giving it ends its bridge', () => {
    const { clock, slices, state, given } = rig();
    let wholes = 0;
    state.onGive = () => slices.stop();
    slices.begin(many(2 * sliceMax), { whole: () => wholes++ });
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

  it('[SU65] is handed all of it at once where it has whole frames, or asks for that', async () => {
    const bench = await desk(count, true);
    await bench.apply(sacn('s', cid));
    bench.last.applied.length = 0;
    bench.params.push(...many(count).map((signal, i) => ({ ...signal, address: param(`/sacn/1/${i + 1}`).address })));
    bench.plugIn();
    expect(bench.last.applied).toHaveLength(count);
    const other = await desk(count);
    other.last.host?.returned({ atOnce: true });
    expect(other.last.applied).toHaveLength(count);
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

  it('[SU66] gets everything again when it went meanwhile, with `differs` what it had not', async () => {
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
    expect(bench.last.applied.map(({ address }) => address)).toEqual(many(count).map(({ address }) => address));
  });
});
