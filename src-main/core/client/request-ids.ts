import type { Clock } from '../../ports/clock.ts';

/** Numbers for requests: the time in microseconds, but always above the one before, so that they tell the order of the calls
 *  and old routers see nothing but a timestamp in the frame's header. */
export class RequestIds {
  readonly #clock: Clock;
  #last = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): bigint {
    const now = BigInt(this.#clock.nowMicros());
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last;
  }
}
