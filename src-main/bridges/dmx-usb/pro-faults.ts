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
    const counted: readonly [number, string][] = [
      [this.#overflows, 'times the interface lost frames that came too fast.'],
      [this.#overruns, 'frames had lost bytes and were left out.'],
      [this.#otherStartCodes, 'frames had another start code and are no levels.'],
      [this.#skippedBytes, 'bytes belonged to no message.'],
      [this.#unreadable, `messages could not be read. ${this.#lastUnreadable}`],
    ];
    return counted.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])).join(' ');
  }
}
