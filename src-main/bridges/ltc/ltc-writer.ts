import type { Cancel } from '../../contract/message-link.ts';
import type { TimecodeRate } from '../../contract/timecode.ts';
import { micros, millis } from '../../contract/units.ts';
import { LtcEncoder } from '../../core/timecode/ltc-encoder.ts';
import { ltcBits } from '../../core/timecode/ltc-frame.ts';
import { framesBetween, framesPerDay, framesPerSecond, timecodeOf } from '../../core/timecode/timecode.ts';
import type { TimecodePlayer } from '../../core/timecode/timecode-player.ts';
import type { Clock } from '../../ports/clock.ts';

export interface LtcWriterOptions {
  readonly clock: Clock;
  readonly rate: TimecodeRate;
  readonly sampleRate: number;
  readonly volume: number;
  readonly player: TimecodePlayer;
  /** @returns false when it was left out */
  readonly write: (samples: Float32Array) => boolean;
}

/** How often sound is made, and how far ahead of the clock it is. */
export const writeEvery = millis(10);
const aheadSeconds = 0.04;
/** A machine that slept does not make up for it. */
const behindMaxSeconds = 0.5;
/** Further than this from the player it is another place. */
const jumpFrames = 1;
/** How much of what is missing each frame makes up for, and at most: less than any receiver minds. */
const correction = 0.02;
const correctionMax = 0.002;
/** What it follows is taken to run as recorded within this: its speed is measured, and sound is not to wobble with that. */
const nearUnity = 0.02;
/** Slower than this, and with fewer samples to half a bit, nothing reads it. */
const paceMin = 0.1;
const samplesPerHalfMin = 2.5;

/** Makes the sound of where a player is, as much of it as the clock says: silence while it stands, at the
 *  speed that it has and backwards too. */
export class LtcWriter {
  readonly #options: LtcWriterOptions;
  readonly #encoder: LtcEncoder;
  readonly #perFrame: number;
  #startedAt = 0;
  #written = 0;
  /** where the next frame begins, or ends, backwards; undefined while it stands */
  #next: number | undefined;
  #way: 1 | -1 = 1;
  #cancel: Cancel | undefined;
  #frames = 0;
  #leftOut = 0;

  constructor(options: LtcWriterOptions) {
    this.#options = options;
    this.#encoder = new LtcEncoder(options);
    this.#perFrame = options.sampleRate / framesPerSecond(options.rate);
  }

  get framesTotal(): number {
    return this.#frames;
  }

  /** pieces of sound that the device was too slow for */
  get leftOutTotal(): number {
    return this.#leftOut;
  }

  start(): void {
    this.stop();
    this.#begin();
    this.#fill();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#next = undefined;
  }

  #begin(): void {
    this.#startedAt = this.#options.clock.nowMicros();
    this.#written = 0;
    this.#next = undefined;
  }

  #fill(): void {
    const { clock, sampleRate } = this.#options;
    const seconds = (clock.nowMicros() - this.#startedAt) / 1e6;
    if (seconds - this.#written / sampleRate > behindMaxSeconds) this.#begin();
    const wanted = ((clock.nowMicros() - this.#startedAt) / 1e6 + aheadSeconds) * sampleRate;
    while (this.#written < wanted) {
      const samples = this.#nextPiece();
      this.#written += samples.length;
      if (!this.#options.write(samples)) this.#leftOut++;
    }
    this.#cancel = clock.after(writeEvery, () => this.#fill());
  }

  #nextPiece(): Float32Array {
    const { player, rate, sampleRate } = this.#options;
    const at = micros(this.#startedAt + (this.#written / sampleRate) * 1e6);
    const { frame, speed } = player.now(at);
    const pace = this.#paceOf(speed);
    if (pace === undefined) {
      this.#next = undefined;
      return new Float32Array(Math.round(sampleRate / 100));
    }
    const way = speed < 0 ? -1 : 1;
    if (way !== this.#way) this.#next = undefined;
    this.#way = way;
    const missing = this.#next === undefined ? Infinity : framesBetween(this.#next, frame, rate) * way;
    if (this.#next === undefined || Math.abs(missing) > jumpFrames) return this.#untilFrame(frame, pace);
    const corrected = pace * (1 + Math.max(-correctionMax, Math.min(correctionMax, missing * correction)));
    const label = timecodeOf(way > 0 ? this.#next : this.#next - 1, rate);
    this.#next = this.#inDay(this.#next + way);
    this.#frames++;
    const samples = this.#encoder.encode(label, undefined, corrected);
    // Every frame begins with the same edge, so the sound of one may be turned round between its neighbours.
    return way > 0 ? samples : samples.reverse();
  }

  /** How fast it is played; undefined where it stands, or nothing could read it. */
  #paceOf(speed: number): number | undefined {
    const pace = Math.abs(speed);
    if (pace < paceMin || this.#perFrame / pace / (ltcBits * 2) < samplesPerHalfMin) return undefined;
    return Math.abs(pace - 1) < nearUnity ? 1 : pace;
  }

  /** Silence up to where the next frame begins, or ends, backwards. */
  #untilFrame(frame: number, pace: number): Float32Array {
    const next = this.#way > 0 ? Math.ceil(frame - 1e-6) : Math.floor(frame + 1e-6);
    this.#next = this.#inDay(next);
    return new Float32Array(Math.max(1, Math.round((Math.abs(next - frame) * this.#perFrame) / pace)));
  }

  #inDay(frame: number): number {
    const day = framesPerDay(this.#options.rate);
    return (frame + day) % day;
  }
}
