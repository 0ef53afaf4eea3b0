import type { SharedFrame } from './shared-frame.ts';

export interface HeldLimits {
  readonly outboxMessagesMax: number;
  readonly outboxBytesMax: number;
}

/** The part of the bounds from which on older values of a param give way to newer ones. */
const crowdedPart = 0.25;

/** What waits for a slow peer, in order. A newer stream sample takes the place of the older one of its address, so does,
 *  from a quarter of the bounds on, a param's value; at the bounds all samples go. Nothing else is ever left out. */
export class HeldFrames {
  readonly #limits: HeldLimits;
  /** keyed by address where something newer may take the place, else by a number of its own; in the order of sending */
  #frames = new Map<string | number, SharedFrame>();
  #key = 0;
  #sizeBytes = 0;
  #samplesShed = 0;
  #valuesShed = 0;

  constructor(limits: HeldLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#frames.size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** More than may wait. */
  get isOver(): boolean {
    return this.#isPast(1);
  }

  /** @returns how many frames were left out for it */
  add(frame: SharedFrame): number {
    const key = this.#keyOf(frame);
    const older = this.#frames.get(key);
    if (older) {
      this.#drop(key, older);
      if (frame.shedding === 'newest-sample') this.#samplesShed++;
      else this.#valuesShed++;
    }
    this.#frames.set(key, frame.keep());
    this.#sizeBytes += frame.bytes.length;
    return (older ? 1 : 0) + (this.isOver ? this.#dropSamples() : 0);
  }

  /** The first frames of up to `bytes` together, at least one if there is any. */
  first(bytes: number): readonly SharedFrame[] {
    const frames: SharedFrame[] = [];
    let sizeBytes = 0;
    for (const frame of this.#frames.values()) {
      sizeBytes += frame.bytes.length;
      if (sizeBytes > bytes && frames.length > 0) break;
      frames.push(frame);
    }
    return frames;
  }

  /** Takes the first `count` out. */
  remove(count: number): void {
    for (const [key, frame] of this.#frames) {
      if (count-- <= 0) return;
      this.#drop(key, frame);
    }
  }

  /** What was left out since the last notice, as a sentence for the peer. */
  takeNotice(): string | undefined {
    const samples = this.#samplesShed;
    const values = this.#valuesShed;
    if (samples + values === 0) return undefined;
    this.#samplesShed = 0;
    this.#valuesShed = 0;
    return `You read too slowly: ${samples} stream samples and ${values} older param values were left out.`;
  }

  clear(): void {
    this.#frames = new Map();
    this.#sizeBytes = 0;
  }

  #keyOf(frame: SharedFrame): string | number {
    if (frame.shedding === 'newest-sample') return `sample ${frame.address}`;
    if (frame.shedding === 'newest-value' && this.#isPast(crowdedPart)) return `value ${frame.address}`;
    return this.#key++;
  }

  #isPast(part: number): boolean {
    const { outboxMessagesMax, outboxBytesMax } = this.#limits;
    return this.#frames.size > outboxMessagesMax * part || this.#sizeBytes > outboxBytesMax * part;
  }

  #dropSamples(): number {
    let dropped = 0;
    for (const [key, frame] of this.#frames) {
      if (frame.shedding !== 'newest-sample') continue;
      this.#drop(key, frame);
      dropped++;
    }
    this.#samplesShed += dropped;
    return dropped;
  }

  #drop(key: string | number, frame: SharedFrame): void {
    this.#frames.delete(key);
    this.#sizeBytes -= frame.bytes.length;
  }
}
