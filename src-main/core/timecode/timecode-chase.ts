import type { TimecodeRate, TimecodeState } from '../../contract/timecode.ts';
import type { Micros } from '../../contract/units.ts';
import { framesBetween, framesPerDay, framesPerSecond } from './timecode.ts';

export interface ChaseOptions {
  readonly rate: TimecodeRate;
  /** how many frames it counts on after the last one that was heard, 0 or more */
  readonly freewheelFrames: number;
  /** what is heard further away than this is a jump, or damage */
  readonly jumpFrames: number;
  /** frames in line that lock it, and that a jump needs to be believed; 2 or more */
  readonly lockFrames: number;
  /** added to what is heard; minus for earlier */
  readonly offsetFrames: number;
}

export const chaseDefaults = { freewheelFrames: 10, jumpFrames: 2, lockFrames: 3, offsetFrames: 0 } as const;

export interface ChaseNow {
  readonly state: TimecodeState;
  /** frames since midnight, with a fraction; where it stands still once it is lost */
  readonly frame: number;
  /** 1 as recorded, -1 backwards; 0 while lost */
  readonly speed: number;
  /** frames it would still count on without hearing one; all of them while locked */
  readonly freewheelLeft: number;
}

/** A line that frames were heard along. */
interface Line {
  readonly frame: number;
  readonly at: Micros;
  /** frames a second over those of the rate */
  readonly speed: number;
  readonly count: number;
}

/** How much of each error the position takes over, and how much the speed. */
const positionGain = 0.2;
const speedGain = 0.02;
/** Nearer to 1 than this a new line begins as if it ran as recorded: two frames alone say little about speed. */
const nearUnity = 0.15;
const speedMax = 12;
/** A frame is missing once it is this much overdue, in frames: quarter frames tell the time every second frame only. */
const overdueFrames = 2.5;

/** Follows timecode: where it is now, from frames that come with jitter, holes and jumps. Pure: times are given to it. */
export class TimecodeChase {
  readonly #options: ChaseOptions;
  readonly #fps: number;
  #line: Line | undefined;
  #isLocked = false;
  #candidate: Line | undefined;
  /** where it was put, or got lost */
  #rest = 0;
  #error = 0;
  #jumps = 0;

  constructor(options: ChaseOptions) {
    this.#options = options;
    this.#fps = framesPerSecond(options.rate);
  }

  /** how far the newest frame was from where it was expected, in frames: plus when it came early */
  get errorFrames(): number {
    return this.#error;
  }

  /** how often it went elsewhere because frames did */
  get jumpsTotal(): number {
    return this.#jumps;
  }

  /** @param frame since midnight, with a fraction, without the offset
   *  @param at when the tape was there; not before the one before */
  heard(frame: number, at: Micros): void {
    const line = this.#lineAt(at);
    if (!line) {
      this.#line = undefined;
      this.#isLocked = false;
    }
    const expected = line && this.#positionOn(line, at);
    if (line && expected !== undefined) {
      const error = framesBetween(expected, frame, this.#options.rate);
      if (Math.abs(error) <= this.#options.jumpFrames) return this.#follow(line, expected, error, at);
    }
    this.#consider(frame, at);
  }

  /** It was put somewhere and stands. */
  locate(frame: number): void {
    this.#line = undefined;
    this.#candidate = undefined;
    this.#isLocked = false;
    this.#rest = frame;
  }

  now(at: Micros): ChaseNow {
    const { rate, offsetFrames, freewheelFrames } = this.#options;
    const day = framesPerDay(rate);
    const placed = (frame: number): number => (((frame + offsetFrames) % day) + day) % day;
    const line = this.#isLocked ? this.#lineAt(at) : undefined;
    if (!line) return { state: 'lost', frame: placed(this.#rest), speed: 0, freewheelLeft: 0 };
    const missing = this.#missingFrames(line, at);
    const state = missing > 0 ? 'freewheel' : 'locked';
    const left = Math.max(0, freewheelFrames - missing);
    return { state, frame: placed(this.#positionOn(line, at)), speed: line.speed, freewheelLeft: left };
  }

  /** The line while it holds; once it does not, it stands where it got lost. */
  #lineAt(at: Micros): Line | undefined {
    const line = this.#line;
    if (!line) return undefined;
    if (this.#missingFrames(line, at) <= this.#options.freewheelFrames) return line;
    if (this.#isLocked) {
      const lastMicros = ((overdueFrames + this.#options.freewheelFrames) / this.#paceOf(line)) * 1e6;
      this.#rest = this.#positionOn(line, Math.min(at, line.at + lastMicros) as Micros);
      this.#isLocked = false;
    }
    return undefined;
  }

  /** Frames that should have come since the newest, but for those that may still be on their way. */
  #missingFrames(line: Line, at: Micros): number {
    return Math.max(0, ((at - line.at) / 1e6) * this.#paceOf(line) - overdueFrames);
  }

  #paceOf({ speed }: Line): number {
    return this.#fps * Math.max(0.05, Math.abs(speed));
  }

  #positionOn({ frame, at, speed }: Line, now: Micros): number {
    return frame + ((now - at) / 1e6) * this.#fps * speed;
  }

  #follow(line: Line, expected: number, error: number, at: Micros): void {
    this.#candidate = undefined;
    const elapsed = ((at - line.at) / 1e6) * this.#fps;
    const speed = elapsed > 0 ? line.speed + (speedGain * error) / Math.max(1, elapsed) : line.speed;
    const count = line.count + 1;
    // The first frames of a line say where it is better than the line does.
    const gain = Math.max(positionGain, 1 / count);
    this.#error = error;
    this.#line = { frame: expected + gain * error, at, speed: clampSpeed(speed), count };
    if (!this.#isLocked && count >= this.#options.lockFrames) this.#isLocked = true;
  }

  /** Something else than was expected: believed once enough frames are in line with it. */
  #consider(frame: number, at: Micros): void {
    const next = this.#extend(this.#candidate, frame, at) ?? { frame, at, speed: 1, count: 1 };
    this.#candidate = next;
    const isFirst = !this.#line;
    if (next.count < this.#options.lockFrames) return;
    if (!isFirst && this.#isLocked) this.#jumps++;
    this.#error = 0;
    this.#line = next;
    this.#isLocked = true;
    this.#candidate = undefined;
  }

  #extend(line: Line | undefined, frame: number, at: Micros): Line | undefined {
    if (!line || at <= line.at) return undefined;
    const elapsed = ((at - line.at) / 1e6) * this.#fps;
    const moved = framesBetween(line.frame, frame, this.#options.rate);
    const measured = moved / elapsed;
    if (elapsed > 10 || Math.abs(measured) > speedMax || measured === 0) return undefined;
    if (line.count === 1) return { frame, at, speed: roundSpeed(measured), count: 2 };
    const error = moved - elapsed * line.speed;
    if (Math.abs(error) > this.#options.jumpFrames) return undefined;
    const speed = roundSpeed(line.speed + (measured - line.speed) / line.count);
    return { frame: line.frame + elapsed * line.speed + error / 2, at, speed, count: line.count + 1 };
  }
}

function roundSpeed(speed: number): number {
  const nearest = Math.sign(speed);
  return Math.abs(speed - nearest) < nearUnity ? nearest : clampSpeed(speed);
}

function clampSpeed(speed: number): number {
  return Math.min(speedMax, Math.max(-speedMax, speed));
}
