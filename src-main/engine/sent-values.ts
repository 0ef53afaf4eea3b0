import type { Address } from '../contract/address.ts';
import { showLimits, type Bridge as BridgeSettings } from '../contract/show.ts';
import type { Value } from '../contract/signal.ts';
import { NewestMap } from '../core/bounds/newest-map.ts';

/** What each address of a device was last told, by us or by the device itself. */
export type SentValues = Pick<NewestMap<Address, Value>, 'get' | 'set'>;

/** Beyond, what was told longest ago is forgotten, and counts as never told. */
export const sentValuesMax = 10_000;

/** Keeps what devices were sent over the tries of their bridges. */
export interface SentMemory {
  of(settings: BridgeSettings): SentValues;
  /** Another show begins. */
  forget(): void;
}

export function createSentMemory(): SentMemory {
  const byBridge = new NewestMap<string, SentValues>(showLimits.bridges);
  return {
    of: ({ id, settings: { prefix } }) => {
      const key = JSON.stringify([id, prefix]);
      const known = byBridge.get(key) ?? new NewestMap<Address, Value>(sentValuesMax);
      byBridge.set(key, known);
      return known;
    },
    forget: () => {
      byBridge.clear();
    },
  };
}
