import type { Clock } from '../../ports/clock.ts';
import { millis, type Millis } from '../../contract/units.ts';
import type { LineSettings } from '../../ports/serial-ports.ts';

/** How far what was written is ahead of what a line can have sent. The system takes thousands of bytes that it cannot send for
 *  seconds, and only a call that holds a thread would tell when they are gone; the baud rate tells as much. */
export class LinePace {
  readonly #clock: Clock;
  readonly #byteMicros: number;
  #freeAt = 0;

  constructor(line: LineSettings, clock: Clock) {
    this.#clock = clock;
    this.#byteMicros = byteMicros(line);
  }

  /** until all that was written is on its way */
  get behindMs(): Millis {
    return millis(Math.max(0, this.#freeAt - this.#clock.nowMicros()) / 1000);
  }

  wrote(bytes: number): void {
    this.#freeAt = Math.max(this.#freeAt, this.#clock.nowMicros()) + bytes * this.#byteMicros;
  }

  transferMs(bytes: number): Millis {
    return millis((bytes * this.#byteMicros) / 1000);
  }
}

/** A start bit, those of data, then what stands behind them. */
function byteMicros({ baud, dataBits, parity, stopBits }: LineSettings): number {
  return ((1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits) * 1_000_000) / baud;
}
