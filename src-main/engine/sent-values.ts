import type { Address } from '../contract/address.ts';
import { showLimits, type Bridge as BridgeSettings } from '../contract/show.ts';
import { sameValue, type Value } from '../contract/signal.ts';
import { micros, millis, millisToMicros, type Micros } from '../contract/units.ts';
import { NewestMap } from '../core/bounds/newest-map.ts';

/** Beyond, what was told longest ago is forgotten, and counts as never told. */
export const sentValuesMax = 10_000;
/** What was sent so shortly before a device was noticed to be gone may not have reached it: a connection whose cable was pulled is
 *  found out by the next ping that nobody answers. */
export const unsureFor = millis(60_000);

interface Told {
  readonly value: Value;
  /** when it was sent; undefined where the device said it itself */
  readonly at: Micros | undefined;
}

/** What each address of a device was last told, by us or by the device itself. */
export class SentValues {
  readonly #told = new NewestMap<Address, Told>(sentValuesMax);
  #goneAt: Micros | undefined;

  sent(address: Address, value: Value, at: Micros): void {
    this.#told.set(address, { value, at });
  }

  said(address: Address, value: Value): void {
    this.#told.set(address, { value, at: undefined });
  }

  /** It was noticed to be gone; the first time until it is back counts. */
  gone(at: Micros): void {
    this.#goneAt ??= at;
  }

  /** It is there again.
   *  @returns whether it surely has a value, also when it is asked later */
  back(now: Micros): (address: Address, value: Value) => boolean {
    const unsureFrom = micros((this.#goneAt ?? now) - millisToMicros(unsureFor));
    this.#goneAt = undefined;
    return (address, value) => {
      const told = this.#told.get(address);
      return told !== undefined && (told.at === undefined || told.at < unsureFrom) && sameValue(told.value, value);
    };
  }
}

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
      const known = byBridge.get(key) ?? new SentValues();
      byBridge.set(key, known);
      return known;
    },
    forget: () => {
      byBridge.clear();
    },
  };
}
