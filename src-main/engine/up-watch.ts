import type { DeviceStatus } from '../contract/device.ts';
import type { Bridge } from '../contract/show.ts';

/** Notices bridges that come up. What they held is what stood when they ended; levels may have moved since. */
export interface UpWatch {
  /** @returns the ids of those that have come up since the last call */
  take(statuses: readonly DeviceStatus[]): ReadonlySet<string>;
  /** Those with other settings come up anew, also where they go on with them. */
  edited(before: readonly Bridge[], now: readonly Bridge[]): void;
  /** Another show begins. */
  clear(): void;
}

export function createUpWatch(): UpWatch {
  let up: ReadonlySet<string> = new Set();
  return {
    take: (statuses) => {
      const before = up;
      up = new Set(statuses.filter(({ state }) => isUp(state)).map(({ bridgeId }) => bridgeId));
      return new Set([...up].filter((id) => !before.has(id)));
    },
    edited: (before, now) => {
      if (before === now) return;
      const settings = new Map(before.map((bridge) => [bridge.id, JSON.stringify(bridge.settings)]));
      const changed = now.filter((each) => settings.get(each.id) !== JSON.stringify(each.settings));
      const ids = new Set(changed.map(({ id }) => id));
      up = new Set([...up].filter((id) => !ids.has(id)));
    },
    clear: () => {
      up = new Set();
    },
  };
}

function isUp(state: DeviceStatus['state']): boolean {
  return state === 'connected' || state === 'late' || state === 'trouble';
}
