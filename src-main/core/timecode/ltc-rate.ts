import type { TimecodeRate } from '../../contract/timecode.ts';
import type { HeardLtcFrame } from './ltc-decoder.ts';

/** Finds out the rate of LTC, which does not say it: by the drop-frame flag, by the last label before a second ends, and until
 *  one has ended by how long frames take. 29.97 without drop-frame counts as 30. */
export class LtcRate {
  readonly #sampleRate: number;
  #last: number | undefined;
  #known: TimecodeRate | undefined;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  of({ timecode, dropFrame, backwards, lengthSamples }: HeardLtcFrame): TimecodeRate {
    const last = this.#last;
    this.#last = timecode.frames;
    if (dropFrame) return (this.#known = '29.97df');
    if (this.#known === '29.97df') this.#known = undefined;
    const [before, after] = backwards ? [timecode.frames, last] : [last, timecode.frames];
    if (after === 0 && before !== undefined) this.#known = byLastLabel(before) ?? this.#known;
    if (timecode.frames > 24) this.#known = '30';
    if (timecode.frames === 24 && this.#known === '24') this.#known = '25';
    return this.#known ?? this.#bySpeed(lengthSamples);
  }

  #bySpeed(lengthSamples: number): TimecodeRate {
    const fps = this.#sampleRate / Math.max(1, lengthSamples);
    if (fps > 27.5) return '30';
    return fps > 24.5 ? '25' : '24';
  }
}

function byLastLabel(last: number): TimecodeRate | undefined {
  if (last === 23) return '24';
  if (last === 24) return '25';
  return last === 29 ? '30' : undefined;
}
