import type { DeviceStatus } from '../../src-main/contract/device.ts';

/** Seconds a device's small traces remember. */
export const ratesMax = 60;

export interface RatePair {
  readonly inPerSecond: readonly number[];
  readonly outPerSecond: readonly number[];
}

const nothing: RatePair = { inPerSecond: [], outPerSecond: [] };

/** The last minute of every device, one sample a second. */
export class DeviceRates {
  #byId = $state.raw<Readonly<Record<string, RatePair>>>({});

  /** Adds one second. A device that is no longer there is forgotten. */
  add(statuses: readonly DeviceStatus[]): void {
    const next = statuses.map((status) => {
      const before = this.of(status.bridgeId);
      const rates: RatePair = {
        inPerSecond: [...before.inPerSecond, status.inPerSecond].slice(-ratesMax),
        outPerSecond: [...before.outPerSecond, status.outPerSecond].slice(-ratesMax),
      };
      return [status.bridgeId, rates] as const;
    });
    this.#byId = Object.fromEntries(next);
  }

  /** Oldest first. */
  of(bridgeId: string): RatePair {
    return this.#byId[bridgeId] ?? nothing;
  }
}
