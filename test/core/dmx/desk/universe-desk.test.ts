import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { integer, type Signal } from '../../../../src-main/contract/signal.ts';
import { UniverseDesk } from '../../../../src-main/core/dmx/desk/universe-desk.ts';
import { DmxOutput } from '../../../../src-main/core/dmx/dmx-output.ts';
import { sampleFixture, sampleProfile } from '../../../arbitrary-patch.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';

const plain = { profiles: [sampleProfile], patch: [], softPatch: [], blackout: 'all' } as const;

describe('UniverseDesk', () => {
  it('[DK11] holds a blackout whatever comes, and gives back at once what was asked for meanwhile', () => {
    const { desk, ask, now, clock } = run();
    ask([1, 1, 200], [2, 5, 7]);
    desk.setBlackout(true);
    clock.advance(30);
    expect([now(1, 1), now(2, 5)]).toEqual([0, 0]);
    ask([1, 1, 100], [1, 2, 255]);
    clock.advance(60_000);
    expect([now(1, 1), now(1, 2), now(2, 5)]).toEqual([0, 0, 0]);
    desk.setBlackout(false);
    expect([now(1, 1), now(1, 2), now(2, 5)]).toEqual([100, 255, 7]);
  });

  it('[DK11] darkens what is light alone where the show says so', () => {
    const { desk, ask, now, clock } = run();
    desk.load({ ...plain, patch: [sampleFixture({ slot: 1, bridgeId: 'stage' })], blackout: 'intensity' });
    ask([1, 1, 255], [1, 2, 255], [1, 4, 99], [1, 30, 9]);
    desk.setBlackout(true);
    clock.advance(30);
    expect([now(1, 1), now(1, 2), now(1, 4), now(1, 30)]).toEqual([0, 0, 99, 0]);
  });

  it('[DK7] sends everything again when the master moves', () => {
    const { desk, ask, now, clock } = run();
    ask([1, 1, 200]);
    desk.setMaster(0.5);
    clock.advance(30);
    expect([now(1, 1), desk.master]).toEqual([100, 0.5]);
    desk.setMaster(1);
    clock.advance(30);
    expect(now(1, 1)).toBe(200);
  });

  it('[DK9] keeps a parked slot over master and blackout until it is let go; a universe begins with it', () => {
    const { desk, ask, now, clock } = run();
    desk.park('stage', { universe: 3, slot: 17 }, 128);
    expect(now(3, 17)).toBe(128);
    ask([3, 17, 5], [3, 18, 6]);
    desk.setBlackout(true);
    clock.advance(30);
    expect([now(3, 17), now(3, 18)]).toEqual([128, 0]);
    desk.setBlackout(false);
    desk.park('stage', { universe: 3, slot: 17 }, undefined);
    clock.advance(30);
    expect([now(3, 17), now(3, 18)]).toEqual([5, 6]);
    expect(now(1, 1)).toBeUndefined();
  });

  it('[DK9] begins with what is parked when an output joins, and not where the output does not send', () => {
    const { desk, sent } = run({
      parked: [
        [2, 9, 50],
        [99, 1, 50],
      ],
    });
    expect([...sent.keys()]).toEqual([2]);
    expect(desk.universesOf('stage')).toEqual({ sent: [2], heard: [] });
  });

  it('[DK8] sends a slot where the soft patch leads it, in other universes too, reduced by what it is', () => {
    const { desk, ask, now, clock } = run();
    const to = [
      { universe: 1, slot: 101 },
      { universe: 4, slot: 1 },
    ];
    desk.load({
      ...plain,
      patch: [sampleFixture({ slot: 1 })],
      softPatch: [{ id: 's', bridgeId: 'stage2', universe: 1, slot: 1, count: 6, to }],
    });
    ask([1, 1, 255]);
    expect([now(1, 1), now(4, 1)]).toEqual([255, undefined]);
    const mine = { id: 's', bridgeId: 'stage', universe: 1, slot: 1, count: 6, to };
    desk.load({ ...plain, patch: [sampleFixture({ slot: 1, bridgeId: 'stage' })], softPatch: [mine] });
    clock.advance(30);
    ask([1, 2, 255], [1, 4, 77], [1, 101, 33]);
    desk.setMaster(0.5);
    clock.advance(60);
    expect([now(1, 1), now(1, 101), now(1, 102), now(1, 104)]).toEqual([0, 128, 0, 77]);
    expect([now(4, 1), now(4, 2), now(4, 4), now(4, 7)]).toEqual([128, 0, 77, 0]);
    const look = desk.look('stage', 4);
    expect(look.originOf(4)).toEqual({ universe: 1, slot: 4, asked: 77, address: '/sacn/1/4' });
    expect(desk.look('stage', 1).originOf(1)).toBeUndefined();
  });

  it('[DK12] tells of a universe what leaves, what was asked for and what is parked', () => {
    const { desk, ask, clock } = run();
    ask([1, 1, 200]);
    desk.park('stage', { universe: 1, slot: 2 }, 9);
    desk.setMaster(0.5);
    clock.advance(30);
    const look = desk.look('stage', 1);
    expect(look).toMatchObject({ isRunning: true, isSent: true, source: { name: 'Flyrail', priority: 100 } });
    expect([look.levels[0], look.levels[1], look.asked[0], look.asked[1]]).toEqual([100, 9, 200, 0]);
    expect([...look.parked]).toEqual([[2, 9]]);
    expect(desk.look('stage', 2)).toMatchObject({ isRunning: false, isSent: false });
    expect(desk.look('nobody', 1).isRunning).toBe(false);
  });

  it('[DK12] knows universes that are only heard, as long as the bridge says so', () => {
    const { desk } = run();
    const levels = new Uint8Array(10).fill(4);
    const heard = { levels, sources: [], winnerOf: () => undefined };
    const stop = desk.hear('stage', {
      universes: () => [7],
      heard: (universe) => (universe === 7 ? heard : undefined),
    });
    expect(desk.universesOf('stage')).toEqual({ sent: [], heard: [7] });
    const look = desk.look('stage', 7);
    expect([look.isRunning, look.isSent, look.levels.length, look.levels[9], look.levels[10]]).toEqual([
      true,
      false,
      512,
      4,
      0,
    ]);
    stop();
    expect(desk.universesOf('stage').heard).toEqual([]);
  });

  it('[DK5] forgets an output that left, and goes on with the one that came in its place', () => {
    const { desk, output, ask } = run();
    ask([1, 1, 9]);
    const next = outputAt(desk).output;
    next.start();
    output.stop();
    expect(desk.universesOf('stage').sent).toEqual([]);
    next.apply([level(1, 1, 3)]);
    expect(desk.look('stage', 1).levels[0]).toBe(3);
  });
});

function run({ parked = [] }: { parked?: [universe: number, slot: number, level: number][] } = {}) {
  const desk = new UniverseDesk();
  for (const [universe, slot, to] of parked) desk.park('stage', { universe, slot }, to);
  const { clock, output, sent } = outputAt(desk);
  output.start();
  return {
    ...{ desk, output, clock, sent },
    ask: (...levels: [number, number, number][]) => output.apply(levels.map((each) => level(...each))),
    now: (universe: number, slot: number) => sent.get(universe)?.[slot - 1],
  };
}

function outputAt(desk: UniverseDesk) {
  const clock = new SimulatedClock();
  const sent = new Map<number, Uint8Array>();
  const output = new DmxOutput({
    prefix: '/sacn',
    floats: 'unit',
    covers: (universe) => universe <= 4,
    clock,
    send: ({ universe, levels }) => sent.set(universe, Uint8Array.from(levels)),
    desk: { desk, bridgeId: 'stage' },
    source: () => ({ name: 'Flyrail', priority: 100 }),
  });
  return { clock, output, sent };
}

function level(universe: number, slot: number, value: number): Signal {
  return { kind: 'param', address: parseAddress(`/sacn/${universe}/${slot}`), value: integer(value) };
}
