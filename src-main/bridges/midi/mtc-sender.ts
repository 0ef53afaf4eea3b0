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

/** Sends where a player is as MTC: quarter frames while it runs, each at its own time, and the full message where it stands or
 *  jumps to. */
export class MtcSender {
  readonly #options: MtcSenderOptions;
  readonly #lateness = new Spread(512);
  /** the quarter of a frame since midnight that comes next; undefined while it stands */
  #nextQuarter: number | undefined;
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
    const { isRunning, frame } = player.now(clock.nowMicros());
    const next = this.#nextQuarter;
    const isElsewhere =
      next === undefined || Math.abs(framesBetween(next / 4, frame, rate)) > jumpQuarters / 4 || !isRunning;
    if (!isElsewhere) return;
    this.stop();
    this.#options.send(fullFrame({ timecode: timecodeOf(frame, rate), rate }));
    if (!isRunning) return;
    // The first piece goes with an even frame.
    this.#nextQuarter = Math.ceil((frame * 4) / 8) * 8;
    this.#wait();
  }

  stop(): void {
    this.#cancel();
    this.#nextQuarter = undefined;
  }

  #wait(): void {
    const { clock, player, rate } = this.#options;
    if (this.#nextQuarter === undefined) return;
    const now = clock.nowMicros();
    const { frame } = player.now(now);
    const left = framesBetween(frame, (this.#nextQuarter / 4) % framesPerDay(rate), rate);
    const due = micros(now + (left / framesPerSecond(rate)) * 1e6);
    this.#cancel();
    this.#cancel = clock.at(due, () => this.#sendNext(due));
  }

  #sendNext(due: number): void {
    const { clock, player, rate, send } = this.#options;
    const quarter = this.#nextQuarter;
    const now = clock.nowMicros();
    if (quarter === undefined) return;
    const { isRunning, frame } = player.now(now);
    if (!isRunning || Math.abs(framesBetween(quarter / 4, frame, rate)) > jumpQuarters / 4) return this.update();
    this.#lateness.add(Math.max(0, now - due) / 1000);
    const named = timecodeOf(Math.floor(quarter / 8) * 2, rate);
    send(Uint8Array.of(0xf1, quarterFrame({ timecode: named, rate }, quarter % 8)));
    this.#nextQuarter = (quarter + 1) % (framesPerDay(rate) * 4);
    this.#wait();
  }
}
