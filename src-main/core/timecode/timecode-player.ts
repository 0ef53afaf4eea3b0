import type { TimecodeRate } from '../../contract/timecode.ts';
import { micros, type Micros } from '../../contract/units.ts';
import { framesPerDay, framesPerSecond } from './timecode.ts';
import { chaseDefaults, TimecodeChase } from './timecode-chase.ts';

export interface PlayerNow {
  /** whether it runs forwards */
  readonly isRunning: boolean;
  /** 1 as recorded, -1 backwards, 0 while it stands */
  readonly speed: number;
  /** frames since midnight, with a fraction */
  readonly frame: number;
}

/** Under which numbers a player leaves its place: seconds since midnight, when it was there, and 1 if it ran. */
const placeKeys = { seconds: 0, at: 1, isRunning: 2 } as const;

/** Where an outgoing timecode is: it is put somewhere, runs and stops, or follows positions that come from elsewhere. Pure. */
export class TimecodePlayer {
  readonly #rate: TimecodeRate;
  readonly #makeChase: () => TimecodeChase;
  #chase: TimecodeChase;
  /** the frame it had, and when, while it runs by itself */
  #runsFrom: { readonly frame: number; readonly at: Micros } | undefined;
  #standsAt = 0;
  #isPlaced = false;
  #isFollowing = false;
  /** the newest position that it follows, while there are too few to go along with */
  #followed: number | undefined;

  /** @param freewheelFrames how long it runs on when positions to follow stay out */
  constructor(rate: TimecodeRate, freewheelFrames: number) {
    this.#rate = rate;
    this.#makeChase = () => new TimecodeChase({ ...chaseDefaults, rate, freewheelFrames });
    this.#chase = this.#makeChase();
  }

  /** whether it was ever put anywhere, run or led */
  get isPlaced(): boolean {
    return this.#isPlaced;
  }

  /** Leaves where it is for a player that comes after it.
   *  @param places emptied where it never was anywhere */
  keep(places: Map<number, number>, at: Micros): void {
    places.clear();
    if (!this.#isPlaced) return;
    const { isRunning, frame } = this.now(at);
    places.set(placeKeys.seconds, frame / framesPerSecond(this.#rate)).set(placeKeys.at, at);
    places.set(placeKeys.isRunning, isRunning && !this.#isFollowing ? 1 : 0);
  }

  /** Goes on from where another one was, which ran on meanwhile if it ran. */
  resume(places: ReadonlyMap<number, number>): void {
    const [seconds, at] = [places.get(placeKeys.seconds), places.get(placeKeys.at)];
    if (seconds === undefined || at === undefined) return;
    // Seconds of a frame come a rounding below it.
    this.locate((seconds * framesPerSecond(this.#rate) + 1e-6) % framesPerDay(this.#rate), micros(at));
    if (places.get(placeKeys.isRunning) === 1) this.play(micros(at));
  }

  locate(frame: number, at: Micros): void {
    this.#isFollowing = false;
    this.#isPlaced = true;
    this.#standsAt = frame;
    if (this.#runsFrom) this.#runsFrom = { frame, at };
  }

  /** Runs on from where it is. */
  play(at: Micros): void {
    if (this.#runsFrom) return;
    const { frame } = this.now(at);
    this.#isFollowing = false;
    this.#isPlaced = true;
    this.#runsFrom = { frame, at };
  }

  stop(at: Micros): void {
    this.#standsAt = this.now(at).frame;
    this.#runsFrom = undefined;
    this.#isFollowing = false;
  }

  /** One of a row of positions that it goes along with; once they end it runs on for the freewheel and stops. */
  follow(frame: number, at: Micros): void {
    if (!this.#isFollowing) this.#chase = this.#makeChase();
    this.#isFollowing = true;
    this.#isPlaced = true;
    this.#runsFrom = undefined;
    this.#chase.heard(frame, at);
    this.#followed = this.#chase.now(at).state === 'lost' ? frame : undefined;
  }

  now(at: Micros): PlayerNow {
    const day = framesPerDay(this.#rate);
    if (this.#isFollowing) {
      const { state, frame, speed } = this.#chase.now(at);
      if (state === 'lost') return { isRunning: false, speed: 0, frame: this.#followed ?? frame };
      return { isRunning: speed > 0, speed, frame };
    }
    if (!this.#runsFrom) return { isRunning: false, speed: 0, frame: this.#standsAt % day };
    const frame = this.#runsFrom.frame + ((at - this.#runsFrom.at) / 1e6) * framesPerSecond(this.#rate);
    return { isRunning: true, speed: 1, frame: frame % day };
  }
}
