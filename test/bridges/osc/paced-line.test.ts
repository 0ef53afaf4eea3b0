import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  atOnceMax,
  PacedLine,
  smallBytes,
  standingStepPackets,
  stepEvery,
  stepPackets,
} from '../../../src-main/bridges/osc/paced-line.ts';
import { allAtOnceMax, allStepPackets, PaceShare } from '../../../src-main/bridges/osc/pace-share.ts';
import { PacedRoom, roomPacketsMax } from '../../../src-main/bridges/osc/paced-room.ts';
import { f32 } from '../../../src-main/contract/signal.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { OscHall, param, to } from './osc-hall.ts';

let hall: OscHall;
beforeEach(() => {
  hall = new OscHall();
});
afterEach(() => hall.clear());

describe('what leaves for one OSC target by UDP', () => {
  it('[OS36] leaves by so many at once, and then so many at a time, until all of it did', () => {
    const { clock, line, left } = scene();
    const all = Array.from({ length: atOnceMax + 2 * stepPackets + 1 }, (_, index) => `/${index}`);
    for (const path of all) line.send(packet(path, 'a'), false);
    expect([left.length, line.waiting]).toEqual([atOnceMax, 2 * stepPackets + 1]);
    clock.advance(stepEvery);
    expect(left).toHaveLength(atOnceMax + stepPackets);
    clock.advance(2 * stepEvery);
    expect(left).toEqual(all.map((path) => `${path} a`));
    expect([line.waiting, clock.waiting]).toEqual([0, 0]);
  });

  it('[OS36] is the newest of each param: what comes alone overtakes the others and is not followed by older ones', async () => {
    const { clock, line, left } = scene();
    for (let index = 0; index < atOnceMax; index++) line.send(packet(`/${index}`, 'first'), false);
    for (const path of ['/x', '/y', '/z']) line.send(packet(path, 'old'), false);
    line.send(packet('/y', 'newer'), false);
    await nextTurn();
    line.send(packet('/z', 'newest'), false);
    clock.advance(stepEvery);
    expect(left.slice(atOnceMax)).toEqual(['/z newest', '/x old', '/y newer']);
  });

  it('[OS36] keeps its order from something that happened on', async () => {
    const { clock, line, left } = scene();
    for (let index = 0; index < atOnceMax; index++) line.send(packet(`/${index}`, 'first'), false);
    line.send(packet('/level', '1'), false);
    line.send(packet(undefined, 'go'), false);
    await nextTurn();
    line.send(packet(undefined, 'stop'), false);
    line.send(packet('/level', '2'), false);
    clock.advance(stepEvery);
    expect(left.slice(atOnceMax)).toEqual(['undefined go', 'undefined stop', '/level 2']);
  });

  it('[OS36] is refused and counted where too much waits, and leaves at once at the end', () => {
    const { clock, line, left, dropped } = scene();
    for (let index = 0; index < atOnceMax + roomPacketsMax; index++) line.send(packet(`/${index}`, 'a'), false);
    expect(dropped.count).toBe(0);
    line.send(packet('/one more', 'a'), false);
    line.send(packet('/300', 'b'), false);
    expect([dropped.count, line.waiting]).toEqual([1, roomPacketsMax]);
    line.end();
    expect([left.length, line.waiting, clock.waiting]).toEqual([atOnceMax + roomPacketsMax, 0, 0]);
  });

  it('[OS37] counts by its length too, and is one at least each time', () => {
    const { clock, line, left } = scene();
    const long = { bytes: Buffer.alloc(smallBytes * 40, 'x'), key: undefined };
    for (let index = 0; index < 8; index++) line.send(long, false);
    expect([left.length, line.waiting]).toEqual([4, 4]);
    clock.advance(stepEvery);
    expect(left).toHaveLength(5);
    clock.advance(3 * stepEvery);
    expect([left.length, line.waiting, clock.waiting]).toEqual([8, 0, 0]);
  });

  it('[OS38] is slower where it stands, and all else goes before it and makes it old', async () => {
    const { clock, line, left } = scene();
    for (let index = 0; index < atOnceMax + 3 * standingStepPackets; index++) line.send(packet(`/${index}`, 'a'), true);
    clock.advance(stepEvery);
    expect(left).toHaveLength(atOnceMax + standingStepPackets);
    await nextTurn();
    line.send(packet('/140', 'live'), false);
    expect(left.at(-1)).toBe('/140 live');
    for (let index = 0; index < atOnceMax; index++) line.send(packet(undefined, 'go'), false);
    line.send(packet('/141', 'live'), false);
    clock.advance(stepEvery);
    expect(left.slice(-8, -5)).toEqual(['undefined go', '/141 live', '/136 a']);
    clock.advance(3 * stepEvery);
    expect(left.slice(-2)).toEqual(['/150 a', '/151 a']);
    expect(left.filter((each) => /^\/14[01] /.test(each))).toEqual(['/140 live', '/141 live']);
    expect([line.waiting, clock.waiting]).toEqual([0, 0]);
  });

  it('[OS38] keeps its order where it stands without a key, since nobody knows what it makes old', async () => {
    const { clock, line, left } = scene();
    for (let index = 0; index <= atOnceMax; index++) line.send(packet(undefined, 'stands'), true);
    await nextTurn();
    line.send(packet(undefined, 'live'), false);
    clock.advance(stepEvery);
    expect(left.slice(atOnceMax)).toEqual(['undefined stands', 'undefined live']);
  });

  it('[OS40] is shared evenly with the other lines of the bridge, in a turn and in a step', async () => {
    const clock = new SimulatedClock();
    const share = new PaceShare();
    const lines = Array.from({ length: 16 }, () => scene(clock, share));
    for (const { line } of lines) for (let index = 0; index < 100; index++) line.send(packet(`/${index}`, 'a'), false);
    const left = (): number => lines.reduce((sum, { left: { length } }) => sum + length, 0);
    expect(left()).toBe(allAtOnceMax);
    clock.advance(stepEvery);
    expect(left()).toBeLessThanOrEqual(allAtOnceMax + allStepPackets);
    expect(lines.at(-1)?.left.length).toBeGreaterThan(0);
    clock.advance(40 * stepEvery);
    expect([left(), clock.waiting]).toEqual([1600, 0]);
    await nextTurn();
    const [first] = lines;
    for (let index = 0; index < atOnceMax + stepPackets; index++) first?.line.send(packet(`/${index}`, 'b'), false);
    clock.advance(stepEvery);
    expect([first?.left.length, clock.waiting]).toEqual([100 + atOnceMax + stepPackets, 0]);
  });

  it('[OS36] is all there when a device is back that 20,000 params stand for, and the newest of each', async () => {
    const device = await hall.device();
    const { bridge } = await hall.bridge({ targets: to(device.port) });
    bridge.apply(Array.from({ length: 20_000 }, (_, index) => param(`/osc/${index}`, f32(1))));
    await nextTurn();
    bridge.apply([param('/osc/19999', f32(2))]);
    let steps = 0;
    await until('all of them', () => {
      // Four steps when those before them were heard, as a device keeps up with them.
      if (device.heard.length >= atOnceMax + 1 + steps * stepPackets) {
        steps += 4;
        hall.clock.advance(4 * stepEvery);
      }
      return device.heard.length === 20_000;
    });
    expect(new Set(device.paths).size).toBe(20_000);
    expect(bridge.status()).toMatchObject({ state: 'connected', outTotal: 20_000, refusedTotal: 0 });
    expect(device.heard.filter(({ address }) => address === '/19999').map(({ value }) => value)).toEqual([f32(2)]);
  });
});

function scene(clock = new SimulatedClock(), share = new PaceShare()) {
  const left: string[] = [];
  const dropped = { count: 0 };
  const line = new PacedLine({
    clock,
    room: new PacedRoom(),
    share,
    transmit: (bytes) => left.push(Buffer.from(bytes).toString()),
    onDropped: () => dropped.count++,
  });
  return { clock, line, left, dropped };
}

function packet(key: string | undefined, value: string) {
  return { bytes: Buffer.from(`${String(key)} ${value}`), key };
}
