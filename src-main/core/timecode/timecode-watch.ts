import type { Cancel } from '../../contract/message-link.ts';
import type { Signal } from '../../contract/signal.ts';
import type { TimecodeRate } from '../../contract/timecode.ts';
import { millis, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { chaseDefaults, TimecodeChase, type ChaseNow, type ChaseOptions } from './timecode-chase.ts';
import { TimecodeParams } from './timecode-params.ts';
import { formatTimecode, framesPerSecond, timecodeOf } from './timecode.ts';

export interface TimecodeWatchOptions extends Pick<ChaseOptions, 'freewheelFrames' | 'offsetFrames'> {
  readonly clock: Clock;
  /** the address whose `timecode` it is */
  readonly base: string;
  readonly publish: (batch: readonly Signal[]) => void;
}

/** Follows an incoming timecode and tells where it is at every frame, through holes too, until it is lost. */
export class TimecodeWatch {
  readonly #options: TimecodeWatchOptions;
  readonly #params: TimecodeParams;
  #rate: TimecodeRate = '25';
  #chase: TimecodeChase | undefined;
  /** frames of another rate, which one damaged frame seems to have too: believed once they are in line */
  #other: { readonly rate: TimecodeRate; readonly chase: TimecodeChase } | undefined;
  #cancel: Cancel | undefined;

  constructor(options: TimecodeWatchOptions) {
    this.#options = options;
    this.#params = new TimecodeParams(options.base);
  }

  /** One frame that was heard.
   *  @param frame since midnight, with a fraction
   *  @param at when the tape was there */
  heard(frame: number, rate: TimecodeRate, at: Micros): void {
    if (this.#chase && rate !== this.#rate) this.#heardOther(frame, rate, at);
    else {
      this.#other = undefined;
      this.#chaseAt(rate).heard(frame, at);
    }
    if (this.#cancel || this.#now()?.state === 'lost') return;
    this.#tick();
  }

  /** It stands there. */
  locate(frame: number, rate: TimecodeRate): void {
    this.#other = undefined;
    this.#chaseAt(rate).locate(frame);
    this.#tell();
  }

  /** Says nothing any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** For the operator: `Locked to 01:02:03:04 at 25.` Empty while nothing was ever heard. */
  words(): string {
    const now = this.#now();
    if (!now || !this.#chase) return '';
    const label = `${formatTimecode(timecodeOf(now.frame, this.#rate), this.#rate)} at ${this.#rate}`;
    switch (now.state) {
      case 'locked':
        return `Locked to ${label}, ${Math.abs(this.#chase.errorFrames).toFixed(2)} frames off.`;
      case 'freewheel':
        return `Freewheels at ${label}, ${Math.floor(now.freewheelLeft)} frames left.`;
      case 'lost':
        return `No timecode; it was at ${label}.`;
      default:
        return now.state satisfies never;
    }
  }

  #heardOther(frame: number, rate: TimecodeRate, at: Micros): void {
    if (this.#other?.rate !== rate) this.#other = { rate, chase: this.#makeChase(rate) };
    const { chase } = this.#other;
    chase.heard(frame, at);
    if (chase.now(at).state === 'lost') return;
    this.#rate = rate;
    this.#chase = chase;
    this.#other = undefined;
  }

  #chaseAt(rate: TimecodeRate): TimecodeChase {
    if (this.#chase && rate === this.#rate) return this.#chase;
    this.#rate = rate;
    this.#chase = this.#makeChase(rate);
    return this.#chase;
  }

  #makeChase(rate: TimecodeRate): TimecodeChase {
    const { freewheelFrames, offsetFrames } = this.#options;
    return new TimecodeChase({ ...chaseDefaults, rate, freewheelFrames, offsetFrames });
  }

  #now(): ChaseNow | undefined {
    return this.#chase?.now(this.#options.clock.nowMicros());
  }

  #tick(): void {
    this.#cancel = undefined;
    const now = this.#tell();
    if (!now || now.state === 'lost') return;
    // The next frame begins when the fraction is full; not sooner than a quarter of one from now, whatever the speed.
    const left = now.speed > 0 ? 1 - (now.frame % 1) : now.frame % 1;
    const frames = Math.max(0.25, left / Math.max(0.1, Math.abs(now.speed)));
    const delay = (Math.min(2, frames) / framesPerSecond(this.#rate)) * 1000;
    this.#cancel = this.#options.clock.after(millis(delay), () => this.#tick());
  }

  #tell(): ChaseNow | undefined {
    const now = this.#now();
    if (!now || !this.#chase) return now;
    const batch = this.#params.take(now, this.#rate, this.#chase.errorFrames);
    if (batch.length > 0) this.#options.publish(batch);
    return now;
  }
}
