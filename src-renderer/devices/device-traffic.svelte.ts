import type { EngineApi } from '../../src-main/contract/engine-api.ts';
import type { MonitorBatch, MonitorEntry } from '../../src-main/contract/live-events.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';

/** Lines that the inspector of a device remembers. */
export const trafficLinesMax = 40;

/** What came from the device that is looked at and what went there, newest first. The engine paces it. */
export class DeviceTraffic {
  lines = $state.raw<readonly MonitorEntry[]>([]);
  /** went by without a line, for there were too many */
  skipped = $state(0);
  /** why nothing is shown; empty when it is */
  problem = $state('');
  /** whose lines these are */
  #bridgeId: string | undefined;

  /** Follows one device until cancelled. */
  watch(api: EngineApi, bridgeId: string): Cancel {
    if (bridgeId !== this.#bridgeId) this.clear();
    this.#bridgeId = bridgeId;
    const cancel = api.on('traffic', (batch) => this.#add(batch));
    this.problem = '';
    api.watchDevice({ bridgeId }).catch((error: unknown) => (this.problem = messageOf(error)));
    return () => {
      cancel();
      // The engine forgets a watcher whose link is gone by itself.
      api.unwatchDevice().catch(() => undefined);
    };
  }

  clear(): void {
    this.lines = [];
    this.skipped = 0;
  }

  #add({ entries, skipped }: MonitorBatch): void {
    this.lines = [...entries.toReversed(), ...this.lines].slice(0, trafficLinesMax);
    this.skipped += skipped;
  }
}
