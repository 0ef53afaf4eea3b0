import type { Micros } from '../../../contract/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';

/** without a client that wants too much, before one is said again */
const quietMicros = 60_000_000;

/** Tells the operator of timelines that ask for too much of the processor: once, until there was none of it for a minute, since
 *  whoever stops and begins again could fill the log. */
export class OverloadNotice {
  readonly #clock: Clock;
  readonly #log: Log;
  #lastAt: Micros | undefined;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** @param client what it calls itself
   *  @param part of the ticks that it wants */
  note(client: string, part: number): void {
    const now = this.#clock.nowMicros();
    const isNew = this.#lastAt === undefined || now - this.#lastAt >= quietMicros;
    this.#lastAt = now;
    if (!isNew) return;
    const ticksPercent = Math.round(part * 100);
    this.#log.warn('timelines ask for too much of the processor and play at fewer ticks', { client, ticksPercent });
  }
}
