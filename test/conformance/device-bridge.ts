import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Signal } from '../../src-main/contract/signal.ts';
import type { Bridge } from '../../src-main/ports/bridge.ts';
import { arbitrarySignal } from '../arbitrary-signal.ts';
import { RecordingHost } from './bridge.ts';

/** A bridge and the device it is for, which comes and goes. */
export interface DeviceWorld {
  readonly bridge: Bridge;
  plugIn(): void;
  unplug(): void;
  /** Lets this much time pass, simulated or real, and what happens in it. */
  pass(ms: number): Promise<void>;
  /** how many ports, timers and child processes are open */
  open(): number;
  /** how many messages, or frames, reached the device since it was plugged in last */
  received(): number;
  /** Frees what the world itself holds. */
  close(): Promise<void>;
}

export interface DeviceBridgeSubject {
  readonly prefix: string;
  make(isThere: boolean): DeviceWorld | Promise<DeviceWorld>;
  /** one that reaches the device */
  readonly sends: Signal;
  /** one under its prefix that it has to refuse; none when it takes everything */
  readonly refuses?: Signal;
}

/** How long a device is away at the most once it is plugged in again. */
const attachedWithinMs = 2000;

/** The promises of ports/bridge.ts for bridges whose device is on a cable, or is dialled for ever: every one of them runs
 *  this suite in place of `describeBridge`. */
export function describeDeviceBridge(name: string, subject: DeviceBridgeSubject): void {
  describe(`${name} as a bridge of a device that comes and goes`, () => {
    const worlds: DeviceWorld[] = [];
    const host = (): RecordingHost => new RecordingHost();
    const make = async (isThere: boolean): Promise<DeviceWorld> => {
      const world = await subject.make(isThere);
      worlds.push(world);
      return world;
    };
    afterEach(async () => {
      for (const world of worlds.splice(0)) {
        await world.bridge.stop();
        await world.close();
      }
    });
    const expectNothingOpen = async (world: DeviceWorld): Promise<void> => {
      await world.pass(0);
      expect(world.open()).toBe(0);
    };

    it('[BR10] starts without its device, says so in a sentence, and takes it within 2 s when it comes', async () => {
      const world = await make(false);
      const heard = host();
      await world.bridge.start(heard);
      expect(world.bridge.status()).toMatchObject({ state: 'broken', inTotal: 0, outTotal: 0, refusedTotal: 0 });
      expect(world.bridge.status().reason).toMatch(/^[A-Z].*\.$/);
      expect([heard.returns, heard.faults]).toEqual([0, []]);
      world.plugIn();
      await world.pass(attachedWithinMs);
      expect(world.bridge.status().state).toBe('connected');
      expect(heard.returns).toBe(1);
    });

    it('[BR11] tells each time that its device went, and that it is back, and sends to it again', async () => {
      const world = await make(true);
      const heard = host();
      await world.bridge.start(heard);
      await world.pass(attachedWithinMs);
      expect(world.bridge.status()).toMatchObject({
        state: 'connected',
        reason: expect.stringMatching(/\.$/) as string,
      });
      const { returns } = heard;
      for (let time = 1; time <= 3; time++) {
        world.unplug();
        await world.pass(attachedWithinMs);
        expect(world.bridge.status().state).toBe('broken');
        world.bridge.apply([subject.sends]);
        world.plugIn();
        await world.pass(attachedWithinMs);
        expect([world.bridge.status().state, heard.returns]).toEqual(['connected', returns + time]);
        const before = world.received();
        world.bridge.apply([subject.sends]);
        await world.pass(500);
        expect(world.received()).toBeGreaterThan(before);
      }
      expect(heard.faults).toEqual([]);
    });

    it('[BR12] counts what it sends and refuses, and tells what it refused last', async () => {
      const world = await make(true);
      await world.bridge.start(host());
      await world.pass(attachedWithinMs);
      world.bridge.apply([subject.sends]);
      await world.pass(500);
      const { outTotal, seenAt, refusedTotal } = world.bridge.status();
      expect([outTotal > 0, seenAt !== null, refusedTotal]).toEqual([true, true, 0]);
      if (!subject.refuses) return;
      world.bridge.apply([subject.refuses]);
      expect(world.bridge.status()).toMatchObject({
        refusedTotal: 1,
        reason: expect.stringContaining('Refused: ') as string,
      });
    });

    it('[BR13] stops safely twice, without a start, while it starts, while its device is away, and leaves nothing open', async () => {
      const never = await make(true);
      await never.bridge.stop();
      const starting = await make(true);
      const start = starting.bridge.start(host()).catch(() => undefined);
      await starting.bridge.stop();
      await start;
      const away = await make(false);
      await away.bridge.start(host());
      await Promise.all([away.bridge.stop(), away.bridge.stop()]);
      const gone = await make(true);
      await gone.bridge.start(host());
      gone.unplug();
      await gone.bridge.stop();
      for (const world of [never, starting, away, gone]) await expectNothingOpen(world);
    });

    it('[BR13] tells nothing after its stop, whatever its device does', async () => {
      const world = await make(true);
      const heard = host();
      await world.bridge.start(heard);
      await world.pass(attachedWithinMs);
      const { returns } = heard;
      await world.bridge.stop();
      world.unplug();
      await world.pass(attachedWithinMs);
      world.plugIn();
      await world.pass(attachedWithinMs);
      expect([heard.returns, heard.published, heard.faults]).toEqual([returns, [], []]);
      await expectNothingOpen(world);
    });

    it('[BR14] never throws for any signal, before its start, with and without its device, and after its stop', async () => {
      const world = await make(false);
      const feed = (): void =>
        fc.assert(
          fc.property(fc.array(arbitrarySignal([subject.prefix]), { maxLength: 5 }), (batch) =>
            world.bridge.apply(batch),
          ),
          { numRuns: 150 },
        );
      feed();
      await world.bridge.start(host());
      feed();
      world.plugIn();
      await world.pass(attachedWithinMs);
      feed();
      await world.bridge.stop();
      feed();
    });
  });
}
