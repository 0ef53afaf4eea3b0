import type { FrameSource } from './outbox.ts';
import type { SharedFrame } from './shared-frame.ts';

export interface ChunkedSourceOptions<T> {
  /** undefined stands for a place that was looked at in vain, so that looking can be rationed */
  readonly items: Iterator<T | undefined>;
  readonly sizeOf: (item: T) => number;
  readonly frameOf: (items: readonly T[]) => SharedFrame;
  /** whether a frame without items is made when there are none at all */
  readonly evenIfEmpty: boolean;
  /** of all items in one frame; a larger item travels alone */
  readonly bytesMax: number;
  readonly itemsMax: number;
  readonly scanPerTurnMax: number;
}

/** Makes frames of as many items as fit; what does not fit waits for the next one. */
export class ChunkedSource<T> implements FrameSource {
  readonly #options: ChunkedSourceOptions<T>;
  /** found already, but too large for the frame before */
  #carried: T | undefined;
  #collected: T[] = [];
  #collectedBytes = 0;
  #hasMade = false;
  #isDone = false;

  constructor(options: ChunkedSourceOptions<T>) {
    this.#options = options;
  }

  next(): SharedFrame | 'later' | undefined {
    for (let scanned = 0; !this.#isDone && scanned < this.#options.scanPerTurnMax; scanned++) {
      const item = this.#carried ?? this.#following();
      this.#carried = undefined;
      if (item !== undefined && !this.#collect(item)) return this.#take();
    }
    if (!this.#isDone) return this.#collected.length > 0 ? this.#take() : 'later';
    const isWanted = this.#collected.length > 0 || (!this.#hasMade && this.#options.evenIfEmpty);
    return isWanted ? this.#take() : undefined;
  }

  #following(): T | undefined {
    const next = this.#options.items.next();
    if (next.done) this.#isDone = true;
    return next.done ? undefined : next.value;
  }

  /** @returns false when the item did not fit and waits for the next frame */
  #collect(item: T): boolean {
    const sizeBytes = this.#options.sizeOf(item);
    const isFull =
      this.#collectedBytes + sizeBytes > this.#options.bytesMax || this.#collected.length === this.#options.itemsMax;
    if (isFull && this.#collected.length > 0) {
      this.#carried = item;
      return false;
    }
    this.#collected.push(item);
    this.#collectedBytes += sizeBytes;
    return true;
  }

  #take(): SharedFrame {
    const items = this.#collected;
    this.#collected = [];
    this.#collectedBytes = 0;
    this.#hasMade = true;
    return this.#options.frameOf(items);
  }
}
