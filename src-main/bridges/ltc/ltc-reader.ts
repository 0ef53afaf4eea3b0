import type { LtcBridge } from '../../contract/bridges/ltc.ts';
import { LtcDecoder, type HeardLtcFrame } from '../../core/timecode/ltc-decoder.ts';
import { LtcRate } from '../../core/timecode/ltc-rate.ts';
import { SampleClock } from '../../core/timecode/sample-clock.ts';
import { frameOf, isTimecode } from '../../core/timecode/timecode.ts';
import { TimecodeWatch, type TimecodeWatchOptions } from '../../core/timecode/timecode-watch.ts';

export interface LtcReaderOptions extends TimecodeWatchOptions {
  readonly sampleRate: number;
  readonly inputRate: LtcBridge['settings']['inputRate'];
}

/** Takes timecode out of sound and follows it. */
export class LtcReader {
  readonly #options: LtcReaderOptions;
  readonly #watch: TimecodeWatch;
  readonly #rate: LtcRate;
  readonly #times: SampleClock;
  readonly #decoder: LtcDecoder;
  #frames = 0;
  #mistimed = 0;

  constructor(options: LtcReaderOptions) {
    this.#options = options;
    this.#watch = new TimecodeWatch(options);
    this.#rate = new LtcRate(options.sampleRate);
    this.#times = new SampleClock(options.sampleRate);
    this.#decoder = new LtcDecoder(options.sampleRate, (frame) => this.#frame(frame));
  }

  get framesTotal(): number {
    return this.#frames;
  }

  /** frames whose labels could not be */
  get damagedTotal(): number {
    return this.#decoder.damagedTotal + this.#mistimed;
  }

  feed(samples: Float32Array): void {
    this.#times.came(this.#decoder.position + samples.length, this.#options.clock.nowMicros());
    this.#decoder.feed(samples);
  }

  words(): string {
    return this.#watch.words();
  }

  stop(): void {
    this.#watch.stop();
  }

  #frame(frame: HeardLtcFrame): void {
    const found = this.#rate.of(frame);
    const rate = this.#options.inputRate === 'auto' ? found : this.#options.inputRate;
    if (!isTimecode(frame.timecode, rate)) {
      this.#mistimed++;
      return;
    }
    this.#frames++;
    // At its last edge the next frame begins; backwards that edge is where the frame itself begins.
    const at = frameOf(frame.timecode, rate) + (frame.backwards ? 0 : 1);
    this.#watch.heard(at, rate, this.#times.timeOf(frame.endSample));
  }
}
