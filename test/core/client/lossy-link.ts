import type { Cancel } from '../../../src-main/contract/message-link.ts';
import { placedFrame, type PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import type { SimulatedClock } from '../../simulated-clock.ts';

export interface LossyOptions {
  readonly clock: SimulatedClock;
  /** 0 ≤ x < 1, seeded */
  readonly chance: () => number;
  readonly loss: number;
  readonly repeat: number;
  /** longest way of a frame, in milliseconds: frames overtake each other within it */
  readonly delayMs: number;
}

/** One end of a link that loses, repeats, delays and reorders frames. */
export class LossyEnd implements Connection {
  readonly peer = 'lossy';
  readonly reliable = false;
  readonly maxBytes = 65_547;
  readonly framing = 'none';
  readonly #options: LossyOptions;
  #other: LossyEnd | undefined;
  #onFrame: (frame: PlacedFrame) => void = () => undefined;
  #onClose: (reason: string) => void = () => undefined;
  #isOpen = true;

  private constructor(options: LossyOptions) {
    this.#options = options;
  }

  static pair(options: LossyOptions): [LossyEnd, LossyEnd] {
    const [left, right] = [new LossyEnd(options), new LossyEnd(options)];
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  send(chunk: Uint8Array): boolean {
    if (!this.#isOpen) return false;
    const { chance, loss, repeat } = this.#options;
    if (chance() >= loss) this.#carry(chunk.slice());
    if (chance() < repeat) this.#carry(chunk.slice());
    return true;
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    this.#onFrame = run;
    return () => undefined;
  }

  /** Frames on their way through the air do not wait. */
  pauseReading = (): void => undefined;
  resumeReading = (): void => undefined;

  onDrain(): Cancel {
    return () => undefined;
  }

  onClose(run: (reason: string) => void): Cancel {
    this.#onClose = run;
    return () => undefined;
  }

  close(reason = 'closed'): void {
    this.#shut(reason);
    if (this.#other) this.#other.#shut(reason);
  }

  #carry(bytes: Uint8Array): void {
    const { clock, chance, delayMs } = this.#options;
    clock.after((chance() * delayMs) as never, () => {
      const other = this.#other;
      if (other && other.#isOpen) other.#onFrame(placedFrame(bytes));
    });
  }

  #shut(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose(reason);
  }
}
