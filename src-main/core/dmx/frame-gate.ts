import type { Cancel } from '../../contract/message-link.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { frameIntervalMicros } from './frame-schedule.ts';
import type { SentFrame } from './dmx-output.ts';

export interface FrameGateOptions {
  readonly clock: Clock;
  /** Puts a frame on the wire; must not throw. */
  readonly send: (frame: SentFrame) => void;
  /** All frames of this time are on the wire. */
  readonly sent: () => void;
}

/** Lets frames of several universes leave together, once in the time of a DMX frame, so that one sync packet can follow them.
 *  Of a universe that comes twice meanwhile the newest levels leave. */
export class FrameGate {
  readonly #options: FrameGateOptions;
  readonly #waiting = new Map<number, Uint8Array>();
  #openedAt: Micros | undefined;
  #cancel: Cancel | undefined;

  constructor(options: FrameGateOptions) {
    this.#options = options;
  }

  /** @param frame its levels are copied */
  put({ universe, levels }: SentFrame): void {
    this.#waiting.set(universe, Uint8Array.from(levels));
    if (this.#cancel) return;
    const { clock } = this.#options;
    // After rest it opens as soon as the other universes of this turn are there too.
    const openAt = Math.max(clock.nowMicros(), (this.#openedAt ?? -frameIntervalMicros) + frameIntervalMicros);
    this.#cancel = clock.at(micros(openAt), () => this.#open());
  }

  /** What waits in these universes does not leave. */
  drop(universes: readonly number[]): void {
    for (const universe of universes) this.#waiting.delete(universe);
  }

  /** What waits leaves now, and is the last. */
  close(): void {
    this.#cancel?.();
    if (this.#waiting.size > 0) this.#open();
  }

  #open(): void {
    this.#cancel = undefined;
    this.#openedAt = this.#options.clock.nowMicros();
    const frames = [...this.#waiting];
    this.#waiting.clear();
    for (const [universe, levels] of frames) this.#options.send({ universe, levels });
    if (frames.length > 0) this.#options.sent();
  }
}
