import { afterEach, describe, expect, it } from 'vitest';
import type { PortDeed } from '../../platform/serial/simulated-ports.ts';
import { DmxScene } from './dmx-scene.ts';

describe('Open DMX', () => {
  const scenes: DmxScene[] = [];
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.bridge.stop();
  });
  async function running(some: ConstructorParameters<typeof DmxScene>[0], faults: object = {}): Promise<DmxScene> {
    const scene = new DmxScene({ driver: 'open-dmx', ...some });
    scenes.push(scene);
    Object.assign(scene.ports.faults, faults);
    scene.plugIn();
    await scene.start();
    return scene;
  }

  it('[DU9] makes break, mark and frame in their order, none shorter than it should be, and no frame before the one before has left', async () => {
    const s = await running({ rate: 44, breakMicros: 200, markMicros: 50 });
    s.set(1, 7);
    await s.pass(2000);
    const deeds = s.ports.last.deeds.slice(1);
    const frames = inThrees(deeds);
    // 513 slots of 44 µs, a break and a mark: 42 of them fit into a second.
    expect(frames.length).toBeGreaterThanOrEqual(80);
    expect(frames.length).toBeLessThanOrEqual(88);
    let freeAt = 0;
    for (const [breakOn, breakOff, write] of frames) {
      expect(breakOn).toMatchObject({ did: 'set', signals: { brk: true, rts: false, dtr: true } });
      expect(breakOff).toMatchObject({ did: 'set', signals: { brk: false, rts: false, dtr: true } });
      if (write?.did !== 'write' || !breakOn || !breakOff) throw new Error('expected a frame');
      expect([write.bytes.length, write.bytes[0], write.bytes[1], write.baud]).toEqual([513, 0, 7, 250_000]);
      expect(breakOn.atMicros).toBeGreaterThanOrEqual(freeAt);
      expect(breakOff.atMicros - breakOn.atMicros).toBeGreaterThanOrEqual(200);
      expect(write.atMicros - breakOff.atMicros).toBeGreaterThanOrEqual(50);
      freeAt = write.atMicros + 513 * 44;
    }
  });

  it('[DU9] sends the newest levels after a frame that is under way', async () => {
    const s = await running({ rate: 44 });
    for (let level = 1; level <= 200; level++) {
      s.set(1, level);
      await s.pass(3);
    }
    await s.pass(50);
    const frames = s.ports.last.deeds.flatMap((deed) => (deed.did === 'write' ? [deed.bytes[1] ?? 0] : []));
    expect(frames.at(-1)).toBe(200);
    expect(frames.toSorted((one, other) => one - other)).toEqual(frames);
    expect(s.bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 0 });
  });

  it('[DU3] says when a frame takes longer than the rate has room for', async () => {
    const s = await running({ rate: 44, breakMicros: 1300 });
    s.set(1, 1);
    await s.pass(5000);
    expect(s.bridge.status().reason).toMatch(
      /^Sends universe 1 at 4[12] Hz instead of 44, jitter \d+\.\d ms, by Open DMX\./,
    );
  });

  it('[DU10] makes a slow zero byte where the port knows no break, and says so', async () => {
    const s = await running({ breakMicros: 180, slots: 24 }, { noSignals: true });
    s.set(24, 9);
    await s.pass(1000);
    const deeds = s.ports.last.deeds.filter(({ did }) => did !== 'set');
    const [slow, zero, fast, frame] = deeds;
    expect(slow).toMatchObject({ did: 'update', baud: 50_000 });
    expect(zero).toMatchObject({ did: 'write', baud: 50_000, bytes: Buffer.of(0) });
    expect(fast).toMatchObject({ did: 'update', baud: 250_000 });
    expect(frame).toMatchObject({ did: 'write', baud: 250_000 });
    expect(frame?.did === 'write' && [frame.bytes.length, frame.bytes[24]]).toEqual([25, 9]);
    // Start bit, eight bits and two stop bits of 20 µs.
    expect((fast?.atMicros ?? 0) - (zero?.atMicros ?? 0)).toBeGreaterThanOrEqual(220);
    expect(s.bridge.status().reason).toContain('The port knows no line break: a slow zero byte takes its place.');
    expect(s.bridge.status().outTotal).toBeGreaterThanOrEqual(38);
  });

  it('[DU10] makes its break as it is set', async () => {
    const byBaud = await running({ breakBy: 'baud' });
    byBaud.set(1, 1);
    await byBaud.pass(100);
    expect(byBaud.ports.last.deeds.some((deed) => deed.did === 'set' && deed.signals.brk)).toBe(false);
    expect(byBaud.bridge.status().reason).not.toContain('slow zero');
    const byLine = await running({ breakBy: 'line' }, { noSignals: true });
    byLine.set(1, 1);
    await byLine.pass(1000);
    expect(byLine.bridge.status()).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('/dev/ttyUSB0 takes no frames: Inappropriate ioctl') as string,
    });
    expect(byLine.ports.openCount).toBe(0);
  });

  it('[DU9] stops in the middle of a frame without a timer left', async () => {
    const s = await running({});
    s.set(1, 1);
    await s.clock.advanceAsync(0.05);
    await s.bridge.stop();
    expect([s.ports.openCount, s.clock.waiting]).toEqual([0, 0]);
  });
});

/** Break on, break off, frame. */
function inThrees(deeds: readonly PortDeed[]): PortDeed[][] {
  const frames: PortDeed[][] = [];
  for (let i = 0; i + 3 <= deeds.length; i += 3) frames.push(deeds.slice(i, i + 3));
  return frames;
}
