import type { Cancel } from '../../contract/message-link.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** A device that sends active sensing sends something every 0.3 s; a busy machine may read it a little later. */
export const sensingMax = 500_000;

/** Tells that a device fell silent which had promised not to: its cable was pulled out of an interface that stayed.
 *  @see MIDI 1.0 Detailed Specification, Active Sensing */
export class SensingWatch {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #heardAt: Micros = micros(0);
  #cancel: Cancel | undefined;
  #isSilent = false;

  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** whether it fell silent, and nothing came since */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Anything came. @param isSensing whether it promises more */
  heard(isSensing: boolean): void {
    this.#isSilent = false;
    if (!isSensing && !this.#cancel) return;
    this.#heardAt = this.#clock.nowMicros();
    if (!this.#cancel) this.#wait();
  }

  /** Nothing is expected any more: the port went. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isSilent = false;
  }

  #wait(): void {
    this.#cancel = this.#clock.at(micros(this.#heardAt + sensingMax + 1), () => {
      if (this.#clock.nowMicros() - this.#heardAt <= sensingMax) return this.#wait();
      this.#cancel = undefined;
      this.#isSilent = true;
      this.#onSilence();
    });
  }
}
