import { beforeEach, describe, expect, it } from 'vitest';
import { createPortWatch, lookEvery } from '../../../src-main/platform/serial/port-watch.ts';
import type { PortInfo, PortWatch } from '../../../src-main/ports/serial-ports.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { SimulatedPorts } from './simulated-ports.ts';

describe('the look for serial ports', () => {
  let clock: SimulatedClock;
  let ports: SimulatedPorts;
  let watch: PortWatch;
  beforeEach(() => {
    clock = new SimulatedClock();
    ports = new SimulatedPorts(clock);
    watch = createPortWatch({ ports, clock, log: silentLog });
  });

  it('[DU30] is one for all who wait, every 500 ms, and none while nobody does', async () => {
    await clock.advanceAsync(5000);
    expect(ports.lists).toBe(0);
    const heard: string[] = [];
    const cancels = ['a', 'b', 'c'].map((name) => watch.wait(() => heard.push(name)));
    await clock.advanceAsync(0);
    expect([ports.lists, heard]).toEqual([1, ['a', 'b', 'c']]);
    await clock.advanceAsync(10 * lookEvery);
    expect([ports.lists, heard.length]).toEqual([11, 33]);
    for (const cancel of cancels) cancel();
    await clock.advanceAsync(5000);
    expect([ports.lists, heard.length, clock.waiting]).toEqual([11, 33, 0]);
  });

  it('[DU30] tells who comes later what is known, and looks no sooner for it', async () => {
    ports.plugIn('/dev/ttyUSB0');
    watch.wait(() => undefined);
    await clock.advanceAsync(100);
    const heard: (readonly PortInfo[])[] = [];
    const cancel = watch.wait((known) => heard.push(known));
    await clock.advanceAsync(0);
    expect([ports.lists, heard.map((known) => known.length)]).toEqual([1, [1]]);
    await clock.advanceAsync(400);
    expect([ports.lists, heard.length]).toEqual([2, 2]);
    cancel();
    const never = watch.wait(() => heard.push([]));
    never();
    await clock.advanceAsync(1000);
    expect(heard.length).toBe(2);
  });

  it('[DU31] asks the system for particulars only while ports come and go, where names tell it', async () => {
    let names = 'ttyS0';
    watch = createPortWatch({
      ports: { list: () => ports.list(), names: () => Promise.resolve(names) },
      clock,
      log: silentLog,
    });
    const counts: number[] = [];
    watch.wait((known) => counts.push(known.length));
    await clock.advanceAsync(10_000);
    expect(ports.lists).toBe(4);
    names = 'ttyS0 ttyUSB0';
    ports.plugIn('/dev/ttyUSB0');
    await clock.advanceAsync(10_000);
    expect([ports.lists, counts.at(-1)]).toEqual([8, 1]);
  });

  it('[DU31] goes on when the system cannot tell', async () => {
    const failing = createPortWatch({
      ports: { list: () => Promise.reject(new Error('no udev')) },
      clock,
      log: silentLog,
    });
    const counts: number[] = [];
    failing.wait((known) => counts.push(known.length));
    await clock.advanceAsync(1000);
    expect(counts).toEqual([0, 0, 0]);
  });

  it('[DU42] tells that the system could not tell, with what it told last, and asks again until it does', async () => {
    let fails = false;
    const told: [number, string | undefined][] = [];
    const logged: unknown[] = [];
    ports.plugIn('/dev/ttyUSB0');
    watch = createPortWatch({
      ports: {
        list: () => (fails ? Promise.reject(new Error('no udev')) : ports.list()),
        names: () => Promise.resolve(fails ? 'a' : 'b'),
      },
      clock,
      log: { ...silentLog, info: (...line) => logged.push(line) },
    });
    watch.wait((known, unlisted) => told.push([known.length, unlisted]));
    await clock.advanceAsync(400);
    fails = true;
    await clock.advanceAsync(5000);
    expect(told.at(-1)).toEqual([1, 'This machine does not tell which serial ports it has: no udev.']);
    expect(logged).toHaveLength(1);
    fails = false;
    await clock.advanceAsync(500);
    expect(told.at(-1)).toEqual([1, undefined]);
  });
});
