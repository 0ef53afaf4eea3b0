import type { FrameSource } from './outbox.ts';
import type { SharedFrame } from './shared-frame.ts';

export interface WaitingLineOptions {
  readonly limits: { readonly outboxMessagesMax: number; readonly outboxBytesMax: number };
  /** sends at once */
  readonly outbox: { add(frame: SharedFrame): void; addFrom(source: FrameSource): void };
  /** more waits than may */
  readonly onOverflow: (reason: string) => void;
}

interface Step {
  readonly run: () => void;
  readonly sizeBytes: number;
}

/** What a session is sent while something has to go before it that is not there yet: all of it waits, in its order, so that
 *  nothing overtakes anything. */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  #steps: Step[] = [];
  #sizeBytes = 0;
  #isHeld = false;
  #isClosed = false;

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  add(frame: SharedFrame): void {
    if (!this.#isHeld) return this.#options.outbox.add(frame);
    frame.keep();
    this.#wait(() => this.#options.outbox.add(frame), frame.bytes.length);
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
    for (const [i, { run }] of steps.entries()) {
      run();
      if (!this.#isHeldAgain()) continue;
      // What came while this ran waits already.
      this.#steps = [...steps.slice(i + 1), ...this.#steps];
      this.#sizeBytes = this.#steps.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return;
    }
  }

  #isHeldAgain(): boolean {
    return this.#isHeld;
  }

  #wait(run: () => void, sizeBytes = 0): void {
    if (this.#isClosed) return;
    const { limits, onOverflow } = this.#options;
    this.#steps.push({ run, sizeBytes });
    this.#sizeBytes += sizeBytes;
    if (this.#steps.length <= limits.outboxMessagesMax && this.#sizeBytes <= limits.outboxBytesMax) return;
    const reason = `too slow: ${this.#steps.length} messages of ${this.#sizeBytes} bytes were waiting behind the past`;
    this.close();
    onOverflow(reason);
  }
}
