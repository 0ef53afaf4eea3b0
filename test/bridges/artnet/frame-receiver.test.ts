import { describe, expect, it } from 'vitest';
import { FrameReceiver } from '../../../src-main/bridges/artnet/frame-receiver.ts';
import type { ArtnetBridge } from '../../../src-main/contract/show.ts';
import type { Signal } from '../../../src-main/contract/signal.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { artnetSettings } from '../bridge-settings.ts';

describe('FrameReceiver', () => {
  it('[AN22] publishes changed slots of the port addresses that it receives, or whole frames, and nothing of others', () => {
    const { receiver, take, set } = bench();
    hear(receiver, [1, 2, 3]);
    expect(take()).toHaveLength(512);
    hear(receiver, [1, 9, 3]);
    hear(receiver, [1, 9, 3]);
    hear(receiver, [7], { portAddress: 9 });
    expect(take()).toEqual([{ kind: 'param', address: '/artnet/0/2', value: { type: 'i32', value: 9 } }]);
    set({ publish: 'frames' });
    hear(receiver, [1, 9, 4]);
    const [frame] = take();
    expect(frame).toMatchObject({ address: '/artnet/0/1', value: { type: 'array', value: { length: 512 } } });
    expect(receiver.heardTotal).toBe(4);
  });

  it('[AN23] merges two sources by the highest level, or by the latest change, and the one that is left goes on', () => {
    const { receiver, clock, level, set } = bench();
    hear(receiver, [100], { from: '10.0.0.1' });
    hear(receiver, [200], { from: '10.0.0.2' });
    expect(level()).toBe(200);
    hear(receiver, [201], { from: '10.0.0.1' });
    expect(level()).toBe(201);
    expect(receiver.sources).toEqual({ portAddresses: 1, merged: 1 });
    set({ merge: 'ltp' });
    hear(receiver, [5], { from: '10.0.0.2' });
    expect(level()).toBe(5);
    for (let second = 0; second < 12; second++) {
      clock.advance(1000);
      hear(receiver, [201], { from: '10.0.0.1' });
    }
    expect([level(), receiver.sources]).toEqual([201, { portAddresses: 1, merged: 0 }]);
  });

  it('[AN23] tells streams of one controller apart by their physical port', () => {
    const { receiver, level } = bench();
    hear(receiver, [10], { physical: 0 });
    hear(receiver, [30], { physical: 1 });
    hear(receiver, [20], { physical: 0 });
    expect(level()).toBe(30);
  });

  it('[AN23] does not hear a third source, says so for ten seconds, and hears it when one of the two is gone', () => {
    const { receiver, clock, level } = bench();
    for (const last of [1, 2, 3]) hear(receiver, [last * 10], { from: `10.0.0.${last}` });
    expect([level(), receiver.refusedTotal]).toEqual([20, 1]);
    expect(receiver.trouble).toBe('Port address 0 (0.0.0) has two sources already: 10.0.0.3 is not heard.');
    clock.advance(10_001);
    expect(receiver.trouble).toBeUndefined();
    hear(receiver, [33], { from: '10.0.0.3' });
    expect(level()).toBe(33);
  });

  it('[AN23] keeps the last look when every source is gone', () => {
    const { receiver, clock, take, level } = bench();
    hear(receiver, [77]);
    expect(level()).toBe(77);
    clock.advance(60_000);
    expect([take(), receiver.sources.portAddresses, clock.waiting]).toEqual([[], 0, 0]);
  });

  it('[AN37] tells the desk who sends and who wins, without priorities', () => {
    const { receiver } = bench();
    hear(receiver, [100], { from: '10.0.0.1' });
    hear(receiver, [200], { from: '10.0.0.2' });
    const heard = receiver.input.heard(0);
    expect(receiver.input.universes()).toEqual([0]);
    expect(heard?.sources.map(({ name, priority }) => [name, priority])).toEqual([
      ['10.0.0.1', null],
      ['10.0.0.2', null],
    ]);
    expect([heard?.winnerOf(1), receiver.input.heard(1)]).toEqual([1, undefined]);
  });

  it('[AN35] says who fell silent and since when, until somebody sends again', () => {
    const { receiver, clock } = bench();
    hear(receiver, [77]);
    expect(receiver.silence).toBeUndefined();
    clock.advance(13_000);
    expect(receiver.silence).toBe('10.0.0.1 fell silent 13 s ago: the levels of port address 0 (0.0.0) stay.');
    hear(receiver, [77]);
    expect(receiver.silence).toBeUndefined();
  });

  it('[AN10] leaves out what was overtaken, and counts it', () => {
    const { receiver, level } = bench();
    for (const [sequence, value] of [
      [1, 1],
      [3, 3],
      [2, 2],
    ] as const)
      hear(receiver, [value], { sequence });
    expect([level(), receiver.refusedTotal]).toEqual([3, 1]);
  });

  it('[AN11] publishes together what a controller that syncs sent, and at once what comes from two', () => {
    const { receiver, take } = bench();
    for (const portAddress of [0, 1]) hear(receiver, [1], { portAddress });
    take();
    receiver.sync('10.0.0.1');
    for (const portAddress of [0, 1]) hear(receiver, [2], { portAddress });
    expect(take()).toEqual([]);
    receiver.sync('10.0.0.1');
    expect(take().map(({ address }) => address)).toEqual(['/artnet/0/1', '/artnet/1/1']);
    hear(receiver, [9], { from: '10.0.0.2' });
    expect(take()).toHaveLength(1);
    hear(receiver, [10]);
    expect(take()).toHaveLength(1);
  });

  it('[AN11] goes back to live when the syncs end', () => {
    const { receiver, clock, take, level } = bench();
    hear(receiver, [1]);
    receiver.sync('10.0.0.1');
    hear(receiver, [2]);
    take();
    clock.advance(5000);
    expect(level()).toBe(2);
    hear(receiver, [3]);
    expect(level()).toBe(3);
  });

  it('[AN9] merges as a controller says, until the show says otherwise, and ends a merge with the next source', () => {
    const { receiver, level, clock, set } = bench();
    receiver.merge(0, 'ltp');
    hear(receiver, [50], { from: '10.0.0.1' });
    hear(receiver, [90], { from: '10.0.0.2' });
    hear(receiver, [40], { from: '10.0.0.1' });
    expect([level(), receiver.ruleOf(0), receiver.ruleOf(1)]).toEqual([40, 'ltp', 'htp']);
    receiver.merge(0, 'htp');
    expect(level()).toBe(90);
    receiver.merge(0, 'cancel');
    hear(receiver, [41], { from: '10.0.0.1' });
    hear(receiver, [91], { from: '10.0.0.2' });
    expect([level(), receiver.sourcesOf(0)]).toEqual([41, 1]);
    clock.advance(10_000);
    hear(receiver, [92], { from: '10.0.0.2' });
    hear(receiver, [93], { from: '10.0.0.1' });
    expect([level(), receiver.sourcesOf(0)]).toEqual([93, 2]);
    receiver.merge(0, 'ltp');
    set({ merge: 'ltp' });
    set({ merge: 'htp' });
    expect(receiver.ruleOf(0)).toBe('htp');
    receiver.merge(9, 'ltp');
    expect(receiver.ruleOf(9)).toBe('htp');
  });

  it('[AN21] forgets a port address that the settings leave out, and stops with no timer', () => {
    const { receiver, clock, take, set } = bench();
    hear(receiver, [1]);
    take();
    set({ receive: [{ first: 1, last: 1 }] });
    hear(receiver, [2]);
    expect([take(), receiver.sourcesOf(0)]).toEqual([[], 0]);
    hear(receiver, [2], { portAddress: 1 });
    expect(take()).toHaveLength(512);
    receiver.stop();
    hear(receiver, [3], { portAddress: 1 });
    expect([take(), clock.waiting]).toEqual([[], 0]);
  });
});

function hear(
  receiver: FrameReceiver,
  levels: readonly number[],
  { portAddress = 0, sequence = 0, physical = 0, from = '10.0.0.1' } = {},
): void {
  const all = new Uint8Array(512);
  all.set(levels);
  receiver.hear({ portAddress, sequence, physical, levels: all }, from);
}

function bench() {
  const clock = new SimulatedClock();
  const published: Signal[] = [];
  let settings: ArtnetBridge['settings'] = artnetSettings({ universes: [], receive: [{ first: 0, last: 3 }] }).settings;
  const receiver = new FrameReceiver({
    clock,
    settings: () => settings,
    publish: (batch) => published.push(...batch),
  });
  const levels = new Map<string, Signal['value']>();
  const take = () => {
    for (const { address, value } of published) levels.set(address, value);
    return published.splice(0);
  };
  return {
    receiver,
    clock,
    take,
    /** what slot 1 of port address 0 was published as last */
    level: () => {
      take();
      const value = levels.get('/artnet/0/1');
      return value?.type === 'i32' ? value.value : undefined;
    },
    set: (some: Partial<ArtnetBridge['settings']>) => {
      const isOtherRule = some.merge !== undefined && some.merge !== settings.merge;
      settings = { ...settings, ...some };
      receiver.change(isOtherRule);
    },
  };
}
