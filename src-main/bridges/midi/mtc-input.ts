import { MtcReader, tryFullFrame } from '../../core/timecode/mtc.ts';
import { frameOf } from '../../core/timecode/timecode.ts';
import { TimecodeWatch, type TimecodeWatchOptions } from '../../core/timecode/timecode-watch.ts';
import type { MidiMessage } from './midi-messages.ts';

/** Takes timecode out of MIDI. */
export class MtcInput {
  readonly #clock: TimecodeWatchOptions['clock'];
  readonly #watch: TimecodeWatch;
  readonly #reader = new MtcReader();

  constructor(options: TimecodeWatchOptions) {
    this.#clock = options.clock;
    this.#watch = new TimecodeWatch(options);
  }

  /** @returns whether the message is one of timecode */
  take(message: MidiMessage): boolean {
    if (message.type === 'quarter-frame') {
      this.#quarterFrame(message.data);
      return true;
    }
    const full = message.type === 'sysex' ? tryFullFrame(message.bytes) : undefined;
    if (!full) return false;
    this.#reader.reset();
    this.#watch.locate(frameOf(full.timecode, full.rate), full.rate);
    return true;
  }

  words(): string {
    return this.#watch.words();
  }

  /** The port went: the freewheel runs out by itself. */
  lose(): void {
    this.#reader.reset();
  }

  stop(): void {
    this.#watch.stop();
  }

  #quarterFrame(data: number): void {
    const told = this.#reader.quarterFrame(data);
    if (!told) return;
    const { time, pastFrames } = told;
    this.#watch.heard(frameOf(time.timecode, time.rate) + pastFrames, time.rate, this.#clock.nowMicros());
  }
}
