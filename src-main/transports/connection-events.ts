import type { Cancel } from '../contract/message-link.ts';
import type { PlacedFrame } from '../ports/placed-frame.ts';

/** Who listens to one connection. */
export class ConnectionEvents {
  /** made anew at every change: frames come too often for the iterator of a set */
  #frame: readonly ((frame: PlacedFrame) => void)[] = [];
  readonly #drain = new Set<() => void>();
  readonly #close = new Set<(reason: string) => void>();
  #closedBecause: string | undefined;

  get hasFrameListener(): boolean {
    return this.#frame.length > 0;
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    this.#frame = [...this.#frame, run];
    return () => (this.#frame = this.#frame.filter((each) => each !== run));
  }

  onDrain(run: () => void): Cancel {
    this.#drain.add(run);
    return () => this.#drain.delete(run);
  }

  /** Late comers hear of it too, by microtask. */
  onClose(run: (reason: string) => void): Cancel {
    const reason = this.#closedBecause;
    if (reason === undefined) this.#close.add(run);
    else void Promise.resolve().then(() => run(reason));
    return () => this.#close.delete(run);
  }

  frame(frame: PlacedFrame): void {
    const runs = this.#frame;
    for (let i = 0; i < runs.length; i++) runs[i]?.(frame);
  }

  drain(): void {
    for (const run of this.#drain) run();
  }

  /** Only the first call counts. */
  close(reason: string): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    for (const run of this.#close) run(reason);
    this.#close.clear();
    this.#frame = [];
    this.#drain.clear();
  }
}
