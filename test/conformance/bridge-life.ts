import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bridge } from '../../src-main/ports/bridge.ts';
import { arbitrarySignal } from '../arbitrary-signal.ts';
import { RecordingHost } from './bridge.ts';

export interface BridgeLifeSubject {
  readonly prefix: string;
  /** one that can start */
  make(): Bridge;
  /** one that cannot */
  makeBroken(): Bridge;
}

/** Of the promises of ports/bridge.ts those that hold for bridges without a datagram socket too. */
export function describeBridgeLife(name: string, subject: BridgeLifeSubject): void {
  describe(`${name} as a bridge`, () => {
    it('[BR2] stops safely twice, without a start, and while it starts', async () => {
      await subject.make().stop();
      const twice = subject.make();
      await twice.start(new RecordingHost());
      await Promise.all([twice.stop(), twice.stop()]);
      const starting = subject.make();
      const refused = expect(starting.start(new RecordingHost())).rejects.toMatchObject({ kind: 'unavailable' });
      await starting.stop();
      await refused;
    });

    it('[BR3] says why it cannot start, and stops safely afterwards', async () => {
      const failing = subject.makeBroken();
      await expect(failing.start(new RecordingHost())).rejects.toMatchObject({ kind: 'unavailable' });
      await failing.stop();
    });

    it('[BR4] never throws for any signal, before its start, while it runs and after its stop', async () => {
      const bridge = subject.make();
      const feed = (): void =>
        fc.assert(
          fc.property(fc.array(arbitrarySignal([subject.prefix]), { maxLength: 5 }), (batch) => bridge.apply(batch)),
          { numRuns: 200 },
        );
      feed();
      const host = new RecordingHost();
      await bridge.start(host);
      expect(bridge.status()).toMatchObject({ inTotal: 0, outTotal: 0 });
      feed();
      await bridge.stop();
      feed();
      expect(host.faults).toEqual([]);
    });
  });
}
