import type { Cancel } from '../../contract/message-link.ts';
import type { TimecodeRate } from '../../contract/timecode.ts';
import { micros } from '../../contract/units.ts';
import { fullFrame, quarterFrame } from '../../core/timecode/mtc.ts';
import { Spread, type SpreadFigures } from '../../core/timecode/spread.ts';
import { framesBetween, framesPerDay, framesPerSecond, timecodeOf } from '../../core/timecode/timecode.ts';
import type { TimecodePlayer } from '../../core/timecode/timecode-player.ts';
import type { Clock } from '../../ports/clock.ts';

export interface MtcSenderOptions {
  readonly clock: Clock;
  readonly rate: TimecodeRate;
  readonly player: TimecodePlayer;
  readonly send: (bytes: Uint8Array) => void;
}

/** Further than this from the row of quarter frames it is another place: receivers are told in full. */
const jumpQuarters = 8;
/** A quarter frame leaves at most so much early, in frames. */
const earlyMaxFrames = 0.02;

/** Sends where a player is as MTC: quarter frames while it runs, at any speed and backwards, each at its own time, and the full message
 *  where it stands or jumps to. */
export class MtcSender {
  readonly #options: MtcSenderOptions;
  readonly #lateness = new Spread(512);
  /** the quarter of a frame since midnight that comes next; undefined while it stands */
  #nextQuarter: number | undefined;
  #isBackwards = false;
  #cancel: Cancel = () => undefined;

  constructor(options: MtcSenderOptions) {
    this.#options = options;
  }

  /** how late quarter frames left, in milliseconds */
  lateness(): SpreadFigures | undefined {
    return this.#lateness.figures();
  }

  /** The player was put elsewhere, runs or stands: goes along. */
  update(): void {
    const { player, clock, rate } = this.#options;
    const { speed, frame } = player.now(clock.nowMicros());
    if (this.#nextQuarter !== undefined && this.#isInLine(this.#nextQuarter, frame, speed)) return;
    this.stop();
    this.#options.send(fullFrame({ timecode: timecodeOf(frame, rate), rate }));
    if (speed === 0) return;
    this.#isBackwards = speed < 0;
    // The first piece goes with an even frame, and the last one backwards with the end of a pair.
    const quarters = frame * 4;
    this.#nextQuarter = this.#inDay(speed > 0 ? Math.ceil(quarters / 8) * 8 : Math.floor((quarters - 7) / 8) * 8 + 7);
    this.#wait();
  }

  stop(): void {
    this.#cancel();
    this.#nextQuarter = undefined;
  }

  /** Whether it still runs along the row of quarter frames. */
  #isInLine(quarter: number, frame: number, speed: number): boolean {
    const apart = Math.abs(framesBetween(quarter / 4, frame, this.#options.rate));
    return speed !== 0 && speed < 0 === this.#isBackwards && apart <= jumpQuarters / 4;
  }

  #wait(): void {
    const { clock, player, rate } = this.#options;
    if (this.#nextQuarter === undefined) return;
    const now = clock.nowMicros();
    const { frame, speed } = player.now(now);
    const seconds = this.#framesTo(this.#nextQuarter, frame) / framesPerSecond(rate) / Math.max(0.05, Math.abs(speed));
    const due = micros(now + seconds * 1e6);
    this.#cancel();
    this.#cancel = clock.at(due, () => this.#sendNext(due));
  }

  #sendNext(due: number): void {
    const { clock, player, rate, send } = this.#options;
    const quarter = this.#nextQuarter;
    const now = clock.nowMicros();
    if (quarter === undefined) return;
    const { speed, frame } = player.now(now);
    if (!this.#isInLine(quarter, frame, speed)) return this.update();
    // What it follows got slower meanwhile.
    if (this.#framesTo(quarter, frame) > earlyMaxFrames) return this.#wait();
    this.#lateness.add(Math.max(0, now - due) / 1000);
    const named = timecodeOf(Math.floor(quarter / 8) * 2, rate);
    send(Uint8Array.of(0xf1, quarterFrame({ timecode: named, rate }, quarter % 8)));
    this.#nextQuarter = this.#inDay(quarter + (this.#isBackwards ? -1 : 1));
    this.#wait();
  }

  /** How far it still runs until that quarter; minus behind it. */
  #framesTo(quarter: number, frame: number): number {
    return framesBetween(frame, quarter / 4, this.#options.rate) * (this.#isBackwards ? -1 : 1);
  }

  #inDay(quarter: number): number {
    const day = framesPerDay(this.#options.rate) * 4;
    return (quarter + day) % day;
  }
}
