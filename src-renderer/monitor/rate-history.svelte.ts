/** One bar of the ribbon. */
export interface RateBar {
  /** ms since the Unix epoch, a multiple of `barMs` */
  readonly from: number;
  /** the busiest second in it, messages per second */
  readonly peak: number;
  /** something was dropped or refused in it */
  readonly trouble: boolean;
}

/** One thing that happened to a device, flagged on the ribbon. */
export interface RateFlag {
  readonly at: number;
  readonly text: string;
  readonly tone: 'next' | 'fault' | 'plain';
}

/** What one bar stands for. */
export const barMs = 5000;
/** Ten minutes. */
export const barsMax = 120;
/** What the strip's head remembers. */
export const secondsMax = 60;
export const flagsMax = 24;

/** The traffic of the last ten minutes, second by second folded into bars. What is older is forgotten. */
export class RateHistory {
  /** oldest first; a time in which nothing was heard from the engine leaves a gap */
  bars = $state.raw<readonly RateBar[]>([]);
  /** messages per second, second by second, oldest first */
  seconds = $state.raw<readonly number[]>([]);
  /** oldest first */
  flags = $state.raw<readonly RateFlag[]>([]);
  #lost: number | undefined;

  /** @param at ms since the Unix epoch; a clock that was set back starts the history anew
   *  @param lostTotal what was dropped and refused since the engine started */
  add(at: number, perSecond: number, lostTotal: number): void {
    const from = Math.floor(at / barMs) * barMs;
    const trouble = this.#lost !== undefined && lostTotal > this.#lost;
    this.#lost = lostTotal;
    this.seconds = [...this.seconds, perSecond].slice(-secondsMax);
    const last = this.bars.at(-1);
    if (last && from < last.from) this.bars = [];
    if (last?.from === from) {
      const peak = Math.max(last.peak, perSecond);
      this.bars = [...this.bars.slice(0, -1), { from, peak, trouble: last.trouble || trouble }];
      return;
    }
    this.bars = [...this.bars, { from, peak: perSecond, trouble }].filter((bar) => bar.from > from - barsMax * barMs);
  }

  flag(flag: RateFlag): void {
    this.flags = [...this.flags, flag].slice(-flagsMax);
  }
}
