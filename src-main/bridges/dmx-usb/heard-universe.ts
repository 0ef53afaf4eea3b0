import { parseAddress } from '../../contract/address.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { slotsPerUniverse } from '../../core/dmx/dmx-address.ts';
import type { SlotLevel } from './dmx-driver.ts';

interface HeardUniverseOptions {
  /** no slash at its end */
  readonly prefix: string;
  readonly universe: number;
  /** 'slots': a param for each slot that changes. 'frames': one with the levels of all. */
  readonly publish: () => 'slots' | 'frames';
}

/** Turns frames from the line into signals for what has changed since the last one. */
export class HeardUniverse {
  readonly #options: HeardUniverseOptions;
  /** -1 for a slot that was never heard */
  readonly #levels = new Int16Array(slotsPerUniverse).fill(-1);
  readonly #addresses;

  constructor(options: HeardUniverseOptions) {
    this.#options = options;
    const { prefix, universe } = options;
    this.#addresses = Array.from({ length: slotsPerUniverse }, (_, i) =>
      parseAddress(`${prefix}/${universe}/${i + 1}`),
    );
  }

  /** as they were heard last, slot 1 first; those that never were are dark */
  get levels(): Readonly<Uint8Array> {
    return Uint8Array.from(this.#levels, (level) => Math.max(0, level));
  }

  /** @param levels of slot 1 and those after it */
  hearFrame(levels: Readonly<Uint8Array>): readonly Signal[] {
    const changes: SlotLevel[] = [];
    levels.forEach((level, i) => {
      if (this.#levels[i] !== level) changes.push({ slot: i + 1, level });
    });
    return this.hearChanges(changes);
  }

  hearChanges(changes: readonly SlotLevel[]): readonly Signal[] {
    const changed = changes.filter(({ slot, level }) => this.#levels[slot - 1] !== level);
    if (changed.length === 0) return [];
    for (const { slot, level } of changed) this.#levels[slot - 1] = level;
    if (this.#options.publish() === 'frames') return this.#param(1, this.#frame());
    return changed.flatMap(({ slot, level }) => this.#param(slot, levelValue(level)));
  }

  #frame(): Value {
    return { type: 'array', value: Array.from(this.#levels, (level) => levelValue(Math.max(0, level))) };
  }

  #param(slot: number, value: Value): readonly Signal[] {
    const address = this.#addresses[slot - 1];
    return address === undefined ? [] : [{ kind: 'param', address, value }];
  }
}

function levelValue(value: number): Value {
  return { type: 'i32', value };
}
