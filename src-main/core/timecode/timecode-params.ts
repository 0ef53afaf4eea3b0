import type { Address } from '../../contract/address.ts';
import { f64, integer, sameValue, text, type Signal, type Value } from '../../contract/signal.ts';
import type { TimecodeRate } from '../../contract/timecode.ts';
import { formatTimecode, framesPerSecond, timecodeOf } from './timecode.ts';
import type { ChaseNow } from './timecode-chase.ts';

/** The params that tell where an incoming timecode is: `timecode` (01:02:03:04), `timecode/frame` and `timecode/seconds` since
 *  midnight, `timecode/state`, `timecode/rate`, `timecode/speed`, `timecode/error` in frames. */
export class TimecodeParams {
  readonly #base: string;
  readonly #told = new Map<string, Value>();
  #frames = 0;

  /** @param base an address without a slash at its end, to which `/timecode` is added */
  constructor(base: string) {
    this.#base = `${base}/timecode`;
  }

  /** @returns what differs from what was told last */
  take(now: ChaseNow, rate: TimecodeRate, errorFrames: number): Signal[] {
    const frame = Math.floor(now.frame);
    const values: [string, Value][] = [
      ['', text(formatTimecode(timecodeOf(frame, rate), rate))],
      ['/frame', integer(frame)],
      ['/seconds', f64(frame / framesPerSecond(rate))],
      ['/state', text(now.state)],
      ['/rate', text(rate)],
    ];
    // Figures of the moment: often enough to look at, seldom enough for a network.
    if (this.#frames++ % figuresEvery === 0 || now.state === 'lost')
      values.push(['/speed', f64(round(now.speed))], ['/error', f64(round(errorFrames))]);
    return values.flatMap(([name, value]) => this.#tell(name, value));
  }

  #tell(name: string, value: Value): Signal[] {
    const last = this.#told.get(name);
    if (last && sameValue(last, value)) return [];
    this.#told.set(name, value);
    return [{ kind: 'param', address: `${this.#base}${name}` as Address, value }];
  }
}

const figuresEvery = 12;

function round(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
