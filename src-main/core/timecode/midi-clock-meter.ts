import type { Micros } from '../../contract/units.ts';
import { Spread, type SpreadFigures } from './spread.ts';

/** MIDI clocks in a quarter note. @see MIDI 1.0, Timing Clock */
export const ticksPerBeat = 24;
/** A tick that comes later than this, in microseconds, begins a new row: 10 beats a minute is the slowest. */
export const clockGapMax = 250_000;

/** Reads tempo and jitter out of MIDI clock. */
export class MidiClockMeter {
  readonly #times: Micros[] = [];
  #jitter = new Spread(ticksPerBeat * 8);
  #ticks = 0;

  /** @returns how many whole beats were there before this tick, when one begins with it */
  tick(at: Micros): number | undefined {
    const last = this.#times.at(-1);
    if (last !== undefined && (at - last > clockGapMax || at < last)) {
      this.#times.length = 0;
      this.#jitter = new Spread(ticksPerBeat * 8);
    }
    this.#times.push(at);
    if (this.#times.length > ticksPerBeat * 2 + 1) this.#times.shift();
    if (last !== undefined && this.#times.length > ticksPerBeat) {
      this.#jitter.add(Math.abs(at - last - this.#interval()) / 1000);
    }
    const beat = this.#ticks++ / ticksPerBeat;
    return Number.isInteger(beat) ? beat : undefined;
  }

  /** The song is at its begin, or at another place. */
  restart(ticks = 0): void {
    this.#ticks = ticks;
  }

  /** Beats a minute, over the last two beats; undefined until half a beat was heard, and once it stopped. */
  bpm(now: Micros): number | undefined {
    const last = this.#times.at(-1);
    if (last === undefined || now - last > clockGapMax || this.#times.length <= ticksPerBeat / 2) return undefined;
    return 60_000_000 / (this.#interval() * ticksPerBeat);
  }

  /** How far ticks were from where the tempo puts them after the one before, in milliseconds. */
  jitter(): SpreadFigures | undefined {
    return this.#jitter.figures();
  }

  #interval(): number {
    const [first = 0, last = 0] = [this.#times[0], this.#times.at(-1)];
    return (last - first) / Math.max(1, this.#times.length - 1);
  }
}
