import type { Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Counts packets that left and that did not, for a status. */
export class PacketTally {
  readonly #clock: Pick<Clock, 'nowMicros'>;
  #sent = 0;
  #failed = 0;
  #sentAt: Millis | null = null;

  constructor(clock: Pick<Clock, 'nowMicros'>) {
    this.#clock = clock;
  }

  get sentTotal(): number {
    return this.#sent;
  }

  get failedTotal(): number {
    return this.#failed;
  }

  /** when a packet last left, in whole milliseconds; null before the first */
  get sentAt(): Millis | null {
    return this.#sentAt;
  }

  left(): void {
    this.#sent++;
    this.#sentAt = Math.floor(this.#clock.nowMicros() / 1000) as Millis;
  }

  failed(): void {
    this.#failed++;
  }
}
