import type { Cancel } from '../../contract/message-link.ts';
import { millis, type Millis } from '../../contract/units.ts';
import { frameMagic } from '../../core/protocol/frame.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import { arrivalSlab } from '../frame-slab.ts';
import type { FrameSplitter } from '../frame-splitter.ts';
import { PartialFrame } from '../partial-frame.ts';
import { farewell } from './farewell.ts';
import { settledShapeAt } from './settled-shape.ts';

export interface ResyncOptions {
  readonly clock: Clock;
  /** without a byte, in the middle of a frame; then it is given up, within half as much more */
  readonly silentMs: Millis;
  /** what the line takes for so many bytes */
  readonly transferMs: (bytes: number) => Millis;
  /** one whole frame; nobody writes to its bytes again */
  readonly onFrame: (frame: PlacedFrame) => void;
  /** so many bytes belonged to no frame */
  readonly onSkipped: (bytes: number) => void;
}

/** For each silence that is too long, so many looks and one: after a process that got no time, what waits in the system comes first. */
const looks = 2;

/** Finds frames on a line that loses and invents bytes. What cannot be one is skipped to the next byte that may begin one; a frame
 *  whose rest does not come is given up, and what lies behind its first byte is looked at again.
 *  @see CLASP-WIRE §12 */
export class ResyncSplitter implements FrameSplitter {
  readonly #options: ResyncOptions;
  readonly #partial = new PartialFrame();
  /** of what is waited for, as its header says; 0 while nothing is */
  #sizeBytes = 0;
  /** since it began: it must be whole in time, however it trickles */
  #looks = 0;
  #silentLooks = 0;
  #cancel: Cancel | undefined;
  #isPaused = false;
  #isStopped = false;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  read(chunk: Buffer): void {
    this.#silentLooks = 0;
    const bytes = this.#partial.add(chunk);
    if (bytes) this.#scan(bytes, 0);
  }

  /** While nobody reads, silence means nothing. */
  pause(): void {
    this.#isPaused = true;
    this.#cancel?.();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#sizeBytes > 0) this.#watch();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
    this.#partial.end();
  }

  /** @param settledBytes at its beginning: of what begins there nothing more will come. It may still be a whole frame, which
   *    waited for what looked like the beginning of another inside it */
  #scan(bytes: Buffer, settledBytes: number): void {
    let [at, skipped, keptBytes] = [0, 0, 0];
    while (at < bytes.length && !this.#isStopped) {
      const isEnd = at < settledBytes;
      const { kind, sizeBytes } = settledShapeAt(bytes, at, isEnd);
      if (kind === 'frame') {
        this.#skip(skipped);
        skipped = 0;
        this.#options.onFrame(arrivalSlab.copy(bytes, at, sizeBytes));
        at += sizeBytes;
      } else if (kind === 'beginning' && !isEnd) {
        keptBytes = sizeBytes;
        break;
      } else {
        const next = bytes.indexOf(frameMagic, at + 1);
        const to = next === -1 ? bytes.length : next;
        skipped += to - at;
        at = to;
      }
    }
    this.#skip(skipped);
    this.#cancel?.();
    const isNew = at > 0 || this.#sizeBytes === 0;
    this.#sizeBytes = this.#isStopped ? 0 : keptBytes;
    if (this.#sizeBytes === 0) return;
    // Looked at again when twice as much is there: noise is often found out long before its end.
    this.#partial.keep(bytes, at, Math.min(keptBytes, Math.max(2 * (bytes.length - at), farewell.length)));
    if (isNew) this.#watch();
    else this.#planLook();
  }

  #watch(): void {
    this.#silentLooks = 0;
    this.#looks = 0;
    this.#planLook();
  }

  #planLook(): void {
    if (this.#isPaused) return;
    const { clock, silentMs, transferMs } = this.#options;
    const lookEveryMs = silentMs / looks;
    this.#cancel = clock.after(millis(lookEveryMs), () => {
      const isSilent = ++this.#silentLooks > looks;
      const withinMs = silentMs + 4 * transferMs(this.#sizeBytes);
      const isLate = ++this.#looks * lookEveryMs > withinMs;
      if (!isSilent && !isLate) return this.#planLook();
      const bytes = this.#partial.end();
      this.#scan(bytes, isSilent ? bytes.length : 1);
    });
  }

  #skip(bytes: number): void {
    if (bytes > 0) this.#options.onSkipped(bytes);
  }
}
