import { afterEach, describe, expect, it } from 'vitest';
import { f64, fromJson, text, type Value } from '../../../src-main/contract/signal.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { DmxScene } from './dmx-scene.ts';
import { levelAt } from './levels.ts';

for (const driver of ['enttec-pro', 'open-dmx'] as const)
  describeDeviceBridge(`DMX USB (${driver})`, {
    prefix: '/dmx',
    make: (isThere) => {
      const scene = new DmxScene({ driver });
      if (isThere) scene.plugIn();
      let before = 0;
      const received = (): number =>
        driver === 'open-dmx'
          ? scene.ports.opened.reduce((sum, { written }) => sum + written.length, 0)
          : scene.widget.frames.length;
      return {
        bridge: scene.bridge,
        plugIn: () => {
          before = received();
          scene.plugIn();
        },
        unplug: () => scene.ports.unplug('/dev/ttyUSB0'),
        pass: (ms) => scene.pass(ms),
        open: () => scene.ports.openCount + scene.clock.waiting,
        received: () => received() - before,
        close: () => Promise.resolve(),
      };
    },
    sends: levelAt(1, 255),
    refuses: levelAt(1, text('bright')),
  });

describe('a DMX USB Pro that sends', () => {
  const scenes: DmxScene[] = [];
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.bridge.stop();
  });
  function scene(some: ConstructorParameters<typeof DmxScene>[0] = {}): DmxScene {
    const made = new DmxScene(some);
    scenes.push(made);
    return made;
  }
  async function running(some: ConstructorParameters<typeof DmxScene>[0] = {}): Promise<DmxScene> {
    const made = scene(some);
    made.plugIn();
    await made.start();
    return made;
  }

  it('[DU1] gets the levels of its universe, behind start code 0, as the settings read them', async () => {
    const s = await running({ universe: 7 });
    s.set(17, 200, 7);
    s.set(512, f64(0.5), 7);
    s.set(1, 9, 8);
    await s.pass(100);
    const last = s.widget.frames.at(-1);
    expect([last?.label, last?.bytes.length, last?.bytes[0]]).toEqual([6, 513, 0]);
    expect([last?.bytes[17], last?.bytes[512], last?.bytes.filter(Boolean).length]).toEqual([200, 128, 2]);
    expect(s.bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 0, url: 'U 7 on /dev/ttyUSB0' });
  });

  it.each([1, 25, 40, 44])('[DU2] goes out %i times a second without a change', async (rate) => {
    const s = await running({ rate });
    expect(s.widget.frames).toEqual([]);
    s.set(1, 255);
    await s.pass(10_000);
    expect(Math.abs(s.widget.frames.length - 10 * rate)).toBeLessThanOrEqual(1);
    expect(s.bridge.status().outTotal).toBe(s.widget.frames.length);
  });

  it('[DU3] tells rate and jitter', async () => {
    const s = await running();
    s.set(1, 255);
    await s.pass(2000);
    expect(s.bridge.status().reason).toBe('Sends universe 1 at 40 Hz, jitter 0.0 ms, by DMX USB Pro 12345678.');
  });

  it('[DU6] is asked what it is before anything is sent, and told by its name', async () => {
    const s = scene();
    s.widget.answers.set(77, [0x6b, 0x6a, ...Buffer.from('DMXking')]);
    s.widget.answers.set(78, [1, 0, ...Buffer.from('ultraDMX Micro')]);
    s.plugIn();
    await s.start();
    expect(s.widget.asked.map(({ label }) => label)).toEqual([3, 10, 77, 78]);
    expect(s.bridge.status().reason).toBe(
      'Ready: DMXking ultraDMX Micro 12345678. A universe is sent from its first value on.',
    );
  });

  it('[DU43] is told with model, serial number and firmware while it is there', async () => {
    const s = scene();
    s.widget.answers.set(78, [1, 0, ...Buffer.from('ultraDMX Micro')]);
    s.plugIn();
    await s.start();
    const device = { model: 'ultraDMX Micro', serialNumber: '12345678', firmware: '1.44' };
    expect(s.bridge.status().device).toEqual(device);
    s.ports.unplug('/dev/ttyUSB0');
    await s.pass(1000);
    expect(s.bridge.status()).not.toHaveProperty('device');
  });

  it('[DU6] that does not answer is told in words, left alone for 5 s and then asked again', async () => {
    const s = scene();
    s.widget.answers.clear();
    s.plugIn();
    await s.start();
    s.set(1, 255);
    await s.pass(1000);
    expect(s.widget.frames).toEqual([]);
    expect(s.ports.openCount).toBe(0);
    expect(s.bridge.status()).toMatchObject({
      state: 'broken',
      reason:
        '/dev/ttyUSB0 does not answer as a DMX USB Pro: choose Open DMX if it is such a cable, or another port. Flyrail looks for it and takes it again by itself.',
    });
    s.widget.answers.set(10, [1, 0, 0, 0]);
    await s.pass(6000);
    expect(s.bridge.status().state).toBe('connected');
    expect(s.host.returns).toBe(1);
  });

  it('[DU46] that comes back and is slow to start is asked again soon, and then left alone for 5 s as any other', async () => {
    const s = await running();
    s.set(1, 10);
    await s.pass(100);
    s.ports.unplug('/dev/ttyUSB0');
    const answers = new Map(s.widget.answers);
    s.widget.answers.clear();
    s.plugIn();
    await s.pass(1500);
    expect(s.bridge.status().state).toBe('broken');
    for (const [label, data] of answers) s.widget.answers.set(label, data);
    await s.pass(1500);
    expect(s.bridge.status().state).toBe('connected');
    s.ports.unplug('/dev/ttyUSB0');
    s.widget.answers.clear();
    s.plugIn();
    const opened = async (time: number): Promise<number> => {
      const before = s.ports.opened.length;
      await s.pass(time);
      return s.ports.opened.length - before;
    };
    expect(await opened(8000)).toBeGreaterThanOrEqual(5);
    expect(await opened(18_000)).toBeLessThanOrEqual(3);
  });

  it('[DU7] is set to other times only where it has others', async () => {
    const s = await running({ breakMicros: 176, markMicros: 12 });
    expect(s.widget.asked.filter(({ label }) => label === 4)).toEqual([{ label: 4, data: [0, 0, 16, 1, 40] }]);
    s.ports.unplug('/dev/ttyUSB0');
    await s.pass(1000);
    s.plugIn();
    await s.pass(2000);
    expect(s.bridge.status().state).toBe('connected');
    expect(s.widget.asked.filter(({ label }) => label === 4)).toHaveLength(1);
    const other = await running();
    expect(other.widget.asked.some(({ label }) => label === 4)).toBe(false);
  });

  it('[DU39] is told the rate of its own frames where it has another, once, and again when the settings name another', async () => {
    const rates = () => s.widget.asked.filter(({ label }) => label === 4).map(({ data }) => data.at(-1));
    const s = await running({ rate: 20 });
    expect(rates()).toEqual([20]);
    s.ports.unplug('/dev/ttyUSB0');
    await s.pass(1000);
    s.plugIn();
    await s.pass(2000);
    expect(rates()).toEqual([20]);
    expect(s.bridge.change({ ...s.settings, settings: { ...s.settings.settings, rate: 25 } })).toBe(true);
    s.set(1, 255);
    await s.pass(2000);
    expect(rates()).toEqual([20, 25]);
    expect(s.bridge.status().reason).toBe('Sends universe 1 at 25 Hz, jitter 0.0 ms, by DMX USB Pro 12345678.');
    s.ports.unplug('/dev/ttyUSB0');
    await s.pass(1000);
    s.plugIn();
    await s.pass(2000);
    expect(rates()).toEqual([20, 25]);
  });

  it('[DU39] has the last rate of several that were set before it told of the first', async () => {
    const s = await running({ rate: 20 });
    const at = (rate: number) => ({ ...s.settings, settings: { ...s.settings.settings, rate } });
    for (const rate of [25, 20]) expect(s.bridge.change(at(rate))).toBe(true);
    await s.pass(1000);
    expect(s.widget.asked.filter(({ label }) => label === 4).map(({ data }) => data.at(-1))).toEqual([20, 25, 20]);
    expect(s.widget.answers.get(3)?.at(-1)).toBe(20);
  });

  it('[DU39] that keeps a rate of its own is told so once, and the status says which', async () => {
    const s = scene({ rate: 20 });
    s.widget.takesParameters = false;
    s.plugIn();
    await s.start();
    await s.pass(10_000);
    expect(s.widget.asked.filter(({ label }) => label === 4)).toHaveLength(1);
    const { state, reason } = s.bridge.status();
    expect([state, reason]).toEqual([
      'connected',
      'Ready: DMX USB Pro 12345678. A universe is sent from its first value on. The interface itself sends 40 frames a second.',
    ]);
  });

  it('[DU40] is told to send 40 frames a second for more than it can, and the status says so', async () => {
    const s = scene({ rate: 44 });
    s.widget.answers.set(3, [44, 1, 9, 1, 30]);
    s.plugIn();
    await s.start();
    expect(s.widget.asked.filter(({ label }) => label === 4)).toEqual([{ label: 4, data: [0, 0, 9, 1, 40] }]);
    expect(s.bridge.status().reason).toContain('A USB Pro itself sends 40 frames a second at the most.');
    const fast = scene({ rate: 44 });
    fast.widget.answers.set(3, [44, 1, 9, 1, 0]);
    fast.plugIn();
    await fast.start();
    expect(fast.widget.asked.some(({ label }) => label === 4)).toBe(false);
    expect(fast.bridge.status().reason).toBe(
      'Ready: DMX USB Pro 12345678. A universe is sent from its first value on.',
    );
  });

  it('[DU8] that takes nothing has one frame waiting, and is in trouble; then the newest levels leave', async () => {
    const s = await running();
    s.set(1, 1);
    await s.pass(100);
    s.ports.faults.isFull = true;
    const before = s.ports.last.deeds.length;
    for (let level = 2; level < 100; level++) {
      s.set(1, level);
      await s.pass(50);
    }
    expect(s.ports.last.deeds.length - before).toBe(1);
    expect(s.bridge.status()).toMatchObject({
      state: 'trouble',
      reason: expect.stringMatching(/^The interface takes no frames\./) as string,
    });
    s.ports.faults.isFull = false;
    s.ports.last.takeAll();
    await s.pass(100);
    expect(s.widget.frames.at(-1)?.bytes[1]).toBe(99);
    expect(s.bridge.status().state).toBe('connected');
  });

  it('[DU15] has the levels it had at once when it is back, those that came meanwhile included', async () => {
    const s = await running({ rate: 1 });
    s.set(1, 10);
    s.set(2, 20);
    await s.pass(1000);
    s.ports.unplug('/dev/ttyUSB0');
    await s.pass(3000);
    expect(s.bridge.status()).toMatchObject({
      state: 'broken',
      reason: 'No USB device 0403:6001:EN1 is plugged in. Flyrail looks for it and takes it again by itself.',
    });
    s.set(2, 99);
    const before = s.widget.frames.length;
    // As the engine does, by the policy of the bridge.
    s.host.returned = () => s.bridge.apply([levelAt(1, 10)]);
    s.plugIn('/dev/ttyUSB4');
    await s.pass(600);
    expect(s.widget.frames[before]?.bytes.slice(0, 3)).toEqual([0, 10, 99]);
    expect(s.bridge.status().url).toBe('U 1 on /dev/ttyUSB4');
  });

  it('[DU15] is left as it is when it is back, until something is asked of it, where the engine has it so', async () => {
    const s = await running();
    s.set(1, 10);
    await s.pass(1000);
    s.ports.unplug('/dev/ttyUSB0');
    await s.pass(1000);
    const before = s.widget.frames.length;
    s.plugIn();
    await s.pass(3000);
    expect(s.widget.frames.length).toBe(before);
    expect(s.bridge.status()).toMatchObject({
      state: 'connected',
      reason: 'Ready: DMX USB Pro 12345678. It keeps what it has until something is sent.',
    });
    s.set(2, 5);
    await s.pass(100);
    expect(s.widget.frames[before]?.bytes.slice(0, 3)).toEqual([0, 10, 5]);
  });

  it('[DU14] is never mistaken for one beside it', async () => {
    const s = await running();
    s.set(1, 10);
    await s.pass(100);
    s.plugIn('/dev/ttyUSB1', 'EN2');
    s.ports.unplug('/dev/ttyUSB0');
    await s.pass(5000);
    expect([s.bridge.status().state, s.ports.openCount]).toEqual(['broken', 0]);
    s.plugIn('/dev/ttyUSB2', 'EN1');
    await s.pass(2000);
    expect(s.bridge.status().url).toBe('U 1 on /dev/ttyUSB2');
  });

  it('[DU16] is free for its successor once it has stopped', async () => {
    const s = await running();
    await s.bridge.stop();
    const next = s.make();
    const started = next.start(s.host);
    await s.pass(1000);
    await started;
    expect(next.status().state).toBe('connected');
    await next.stop();
    expect(s.ports.openCount).toBe(0);
  });

  it('[DU17] goes on with another rate, other slots and another meaning of floats; any other setting makes it anew', async () => {
    const s = await running({ rate: 10 });
    s.set(1, f64(0.5));
    await s.pass(1000);
    const next = (some: object) => ({ ...s.settings, settings: { ...s.settings.settings, ...some } });
    for (const some of [{ port: 'COM3' }, { driver: 'open-dmx' as const }, { universe: 2 }, { breakMicros: 100 }])
      expect(s.bridge.change(next(some))).toBe(false);
    expect(s.bridge.change(next({ rate: 40, slots: 100, floats: 'level' }))).toBe(true);
    const before = s.widget.frames.length;
    await s.pass(1000);
    expect(s.widget.frames.length - before).toBeGreaterThanOrEqual(36);
    expect(s.widget.frames.at(-1)?.bytes.length).toBe(101);
    expect(s.widget.frames.at(-1)?.bytes[1]).toBe(1);
    expect(s.ports.opened).toHaveLength(1);
  });

  it('[DU41] is refused a level at a slot beyond those it sends, counted once for all of a while, and told', async () => {
    const s = await running({ slots: 24 });
    s.set(24, 200);
    s.set(25, 0);
    await s.pass(100);
    expect(s.bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 0 });
    for (let level = 1; level <= 100; level++) s.set(25, level);
    s.set(26, 9);
    expect(s.bridge.status()).toMatchObject({
      state: 'trouble',
      reason: expect.stringMatching(/^Refused: \/dmx\/1\/26 is a slot beyond those that the bridge sends\. /) as string,
      refusedTotal: 2,
      refused: { address: '/dmx/1/26', why: 'the bridge sends fewer slots' },
    });
    await s.pass(6000);
    s.set(25, 7);
    expect(s.bridge.status().refusedTotal).toBe(3);
    await s.pass(11_000);
    expect(s.bridge.status().state).toBe('connected');
    expect(s.widget.frames.at(-1)?.bytes).toHaveLength(25);
  });

  it('[DU41] takes a list that reaches beyond its slots where it is dark there, and has all of it with more slots', async () => {
    const s = await running({ slots: 24, floats: 'level' });
    const list = (last: number): Value => fromJson([...new Array<number>(511).fill(5), last]);
    s.set(1, fromJson([...new Array<number>(24).fill(5), ...new Array<number>(488).fill(0)]));
    expect(s.bridge.status().refusedTotal).toBe(0);
    s.set(1, list(9));
    s.set(1, list(8));
    expect(s.bridge.status()).toMatchObject({ state: 'trouble', refusedTotal: 1 });
    expect(s.bridge.status().refused).toBeUndefined();
    expect(s.bridge.change({ ...s.settings, settings: { ...s.settings.settings, slots: 512 } })).toBe(true);
    await s.pass(100);
    expect(s.widget.frames.at(-1)?.bytes.at(-1)).toBe(8);
    s.set(1, list(7));
    expect(s.bridge.status().refusedTotal).toBe(1);
  });

  it('[DU18] gets two universes by the labels of its two outputs', async () => {
    const s = await running({ secondUniverse: 2 });
    s.set(1, 11, 1);
    s.set(1, 22, 2);
    await s.pass(1000);
    for (const [label, level] of [
      [100, 11],
      [101, 22],
    ]) {
      const frames = s.widget.frames.filter((frame) => frame.label === label);
      expect(frames.length).toBeGreaterThanOrEqual(39);
      expect(frames.every(({ bytes }) => bytes[1] === level)).toBe(true);
    }
    expect(s.bridge.status().reason).toMatch(/^Sends universes 1 and 2 at 40 Hz/);
  });
});
