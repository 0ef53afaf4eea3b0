import type { HeardFrame } from './pro-messages.ts';

/** Counts what a widget tells, or sends, that is not as it should be. */
export class ProFaults {
  #skippedBytes = 0;
  #overflows = 0;
  #overruns = 0;
  #otherStartCodes = 0;
  #unreadable = 0;
  #lastUnreadable = '';

  skipped(bytes: number): void {
    this.#skippedBytes += bytes;
  }

  heard({ overflow, overrun, startCode }: HeardFrame): void {
    if (overflow) this.#overflows++;
    if (overrun) this.#overruns++;
    else if (startCode !== undefined && startCode !== 0) this.#otherStartCodes++;
  }

  otherStartCode(): void {
    this.#otherStartCodes++;
  }

  unreadable(reason: string): void {
    this.#unreadable++;
    this.#lastUnreadable = reason;
  }

  /** as sentences; empty while there was nothing */
  get words(): string {
    const counted: readonly [count: number, noun: string, what: string][] = [
      [this.#overflows, 'time', 'the interface lost frames that came too fast.'],
      [this.#overruns, 'frame', 'with lost bytes, left out.'],
      [this.#otherStartCodes, 'frame', 'with another start code, which is no levels.'],
      [this.#skippedBytes, 'byte', 'that belonged to no message.'],
      [this.#unreadable, 'message', `that could not be read. ${this.#lastUnreadable}`],
    ];
    return counted
      .flatMap(([count, noun, what]) => (count > 0 ? [`${count} ${noun}${count === 1 ? '' : 's'} ${what}`] : []))
      .join(' ');
  }
}
