import type { Address } from '../contract/address.ts';
import { showLimits, type Bridge as BridgeSettings } from '../contract/show.ts';
import type { Signal } from '../contract/signal.ts';
import type { Micros } from '../contract/units.ts';
import { NewestMap } from '../core/bounds/newest-map.ts';
import type { TimedSignal } from '../core/router/memory/stream-memory.ts';

/** One signal that brings an output to where it stood when it ended. Its time is when its bridge had last heard the router:
 *  what came later it did not have. */
export type Held = TimedSignal;

/** Keeps what ended outputs held, for those that follow them under the same bridge id and prefix: a lamp that a stream has
 *  set has its level from nobody else. */
export interface HeldSignals {
  /** Replaces what was kept under these addresses for this bridge and prefix; the others stay.
   *  @param signals of outputs that end, or of all when the bridge closes
   *  @param at see Held */
  keep(settings: BridgeSettings, signals: readonly Signal[], at: Micros): void;
  /** those that were kept last come last */
  of(settings: BridgeSettings): readonly Held[];
  /** Where a bridge, whatever its prefix, counts on from: see BridgeHost. It is kept for as many bridges as signals. */
  countsOf(settings: BridgeSettings): Map<number, number>;
  /** Another show begins. */
  forget(): void;
}

/** Prefixes of bridges that signals are kept under, those that the show no longer has included; beyond, the one that
 *  ended longest ago is forgotten. Under each there is at most one signal for each universe. */
export const heldPrefixesMax = showLimits.bridges;

export function createHeldSignals(): HeldSignals {
  const kept = new NewestMap<string, Map<Address, Held>>(heldPrefixesMax);
  const counts = new NewestMap<string, Map<number, number>>(heldPrefixesMax);
  return {
    keep: (settings, signals, at) => {
      const key = keyOf(settings);
      const under = kept.get(key) ?? new Map<Address, Held>();
      for (const signal of signals) {
        under.delete(signal.address);
        under.set(signal.address, { signal, at });
      }
      kept.set(key, under);
    },
    of: (settings) => [...(kept.get(keyOf(settings))?.values() ?? [])],
    countsOf: ({ id }) => {
      const own = counts.get(id) ?? new Map<number, number>();
      counts.set(id, own);
      return own;
    },
    forget: () => {
      kept.clear();
      counts.clear();
    },
  };
}

function keyOf({ id, settings: { prefix } }: BridgeSettings): string {
  return JSON.stringify([id, prefix]);
}
