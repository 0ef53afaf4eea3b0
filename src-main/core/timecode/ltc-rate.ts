import type { TimecodeRate } from '../../contract/timecode.ts';
import type { HeardLtcFrame } from './ltc-decoder.ts';

/** Frames in a row that say the same of another rate until what was known before is forgotten. */
const inRow = 3;

/** Finds out the rate of LTC, which does not say it: by the drop-frame flag, by the last label before a second ends, and until
 *  one has ended by how long frames take. 29.97 without drop-frame counts as 30. Labels tell it only beside their neighbour:
 *  one that is damaged, or has a hole before it, tells nothing. */
export class LtcRate {
  readonly #sampleRate: number;
  #last: Pick<HeardLtcFrame, 'timecode' | 'endSample'> | undefined;
  #known: TimecodeRate | undefined;
  #drops = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  of(frame: HeardLtcFrame): TimecodeRate {
    const neighbour = this.#neighbourOf(frame);
    this.#last = frame;
    this.#drops = frame.dropFrame ? this.#drops + 1 : 0;
    if (this.#drops >= inRow) this.#known = undefined;
    if (frame.dropFrame) return '29.97df';
    const own = frame.timecode.frames;
    if (neighbour !== undefined)
      this.#learn(...(frame.backwards ? ([own, neighbour] as const) : ([neighbour, own] as const)));
    return this.#known ?? this.#bySpeed(frame.lengthSamples);
  }

  #learn(before: number, after: number): void {
    if (after === 0) this.#known = byLastLabel(before) ?? this.#known;
    else if (after !== before + 1) return;
    else if (after > 24) this.#known = '30';
    else if (after === 24 && this.#known === '24') this.#known = '25';
  }

  /** The frames of the label just before in the sound; undefined when there is a hole. */
  #neighbourOf({ endSample, lengthSamples }: HeardLtcFrame): number | undefined {
    if (!this.#last) return undefined;
    const hole = endSample - lengthSamples - this.#last.endSample;
    return Math.abs(hole) < lengthSamples / 2 ? this.#last.timecode.frames : undefined;
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
