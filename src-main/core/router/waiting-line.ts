import type { FrameSource } from './outbox.ts';
import type { SharedFrame } from './shared-frame.ts';

export interface WaitingLineOptions {
  readonly limits: { readonly outboxMessagesMax: number; readonly outboxBytesMax: number };
  /** sends at once */
  readonly outbox: { add(frame: SharedFrame): void; addFrom(source: FrameSource): void };
  /** more waits than may */
  readonly onOverflow: (reason: string) => void;
}

/** What a session is sent while something has to go before it that is not there yet: all of it waits, in its order, so that
 *  nothing overtakes anything. */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  #steps: (() => void)[] = [];
  #sizeBytes = 0;
  #isHeld = false;
  #isClosed = false;

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  add(frame: SharedFrame): void {
    if (!this.#isHeld) return this.#options.outbox.add(frame);
    frame.keep();
    this.#sizeBytes += frame.bytes.length;
    this.#wait(() => this.#options.outbox.add(frame));
  }

  addFrom(source: FrameSource): void {
    if (!this.#isHeld) return this.#options.outbox.addFrom(source);
    this.#wait(() => this.#options.outbox.addFrom(source));
  }

  /** Begins `task` when its turn has come; what is added from now on waits until that calls `done`, once. */
  goFirst(task: (done: () => void) => void): void {
    if (this.#isHeld) return this.#wait(() => this.#begin(task));
    this.#begin(task);
  }

  /** What waits goes with it. */
  close(): void {
    this.#isClosed = true;
    this.#steps = [];
  }

  #begin(task: (done: () => void) => void): void {
    this.#isHeld = true;
    task(() => this.#release());
  }

  #release(): void {
    this.#isHeld = false;
    const steps = this.#steps;
    this.#steps = [];
    this.#sizeBytes = 0;
    for (const [i, step] of steps.entries()) {
      step();
      if (!this.#isHeldAgain()) continue;
      this.#steps = [...steps.slice(i + 1), ...this.#steps];
      return;
    }
  }

  #isHeldAgain(): boolean {
    return this.#isHeld;
  }

  #wait(step: () => void): void {
    if (this.#isClosed) return;
    const { limits, onOverflow } = this.#options;
    this.#steps.push(step);
    if (this.#steps.length <= limits.outboxMessagesMax && this.#sizeBytes <= limits.outboxBytesMax) return;
    const reason = `too slow: ${this.#steps.length} messages of ${this.#sizeBytes} bytes were waiting behind the past`;
    this.close();
    onOverflow(reason);
  }
}
