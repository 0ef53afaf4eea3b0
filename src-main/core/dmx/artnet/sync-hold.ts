import type { Micros } from '../../../contract/units.ts';

/** Without an ArtSync for this long frames pass as they come again. [Art-Net 4, ArtSync] */
export const liveAfterMicros = 4_000_000;
/** Controllers that are followed; each that sends ArtSync. */
const controllersMax = 64;

interface Controller<T> {
  syncedAt: Micros;
  readonly held: Map<string, T>;
}

/** Holds what controllers that send ArtSync sent, until the next one. */
export class SyncHold<T> {
  readonly #controllers = new Map<string, Controller<T>>();

  /** @param key what replaces what: the newest alone is held
   *  @returns whether it is held; otherwise it passes */
  holds(address: string, key: string, item: T): boolean {
    const controller = this.#controllers.get(address);
    if (!controller) return false;
    controller.held.delete(key);
    controller.held.set(key, item);
    return true;
  }

  /** An ArtSync came.
   *  @returns what was held for it, oldest first */
  sync(address: string, now: Micros): readonly T[] {
    const controller = this.#controllers.get(address);
    if (controller) {
      controller.syncedAt = now;
      return takeAll(controller.held);
    }
    if (this.#controllers.size < controllersMax) this.#controllers.set(address, { syncedAt: now, held: new Map() });
    return [];
  }

  /** Goes by the time.
   *  @returns what controllers that stopped syncing left behind */
  look(now: Micros): readonly T[] {
    const left: T[] = [];
    for (const [address, { syncedAt, held }] of this.#controllers) {
      if (now - syncedAt < liveAfterMicros) continue;
      left.push(...takeAll(held));
      this.#controllers.delete(address);
    }
    return left;
  }

  /** Whether anybody is followed, so that `look` is wanted. */
  get isHolding(): boolean {
    return this.#controllers.size > 0;
  }
}

function takeAll<T>(held: Map<string, T>): readonly T[] {
  const items = [...held.values()];
  held.clear();
  return items;
}
