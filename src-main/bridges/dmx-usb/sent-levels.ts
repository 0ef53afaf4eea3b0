import { millisToMicros, type Micros, type Millis } from '../../contract/units.ts';
import type { FramePaceReading } from '../../contract/device.ts';
import { FramePace } from '../../core/dmx/frame-pace.ts';
import type { Clock } from '../../ports/clock.ts';

/** What a line was sent last, so that an interface that comes back has it at once, and how evenly it was sent. */
export class SentLevels {
  readonly #clock: Clock;
  readonly #send: (output: number, levels: Uint8Array) => void;
  /** by output */
  readonly #levels = new Map<number, Uint8Array>();
  readonly #pace = new FramePace();
  /** The device came back, and what stands was not asked for yet. */
  #isHeld = false;
  #total = 0;
  #lastAt: Micros | undefined;
  #triedAt: Micros | undefined;

  constructor(clock: Clock, send: (output: number, levels: Uint8Array) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** frames that left */
  get total(): number {
    return this.#total;
  }

  get lastAt(): Micros | undefined {
    return this.#lastAt;
  }

  get pace(): FramePaceReading | undefined {
    return this.#pace.reading();
  }

  /** how many universes have begun */
  get size(): number {
    return this.#levels.size;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether frames were to leave for this long, and none did. */
  stuckFor(time: Millis): boolean {
    if (this.#triedAt === undefined) return false;
    return this.#clock.nowMicros() - Math.max(this.#triedAt, this.#lastAt ?? 0) > millisToMicros(time);
  }

  /** @param levels 512 of them; copied */
  send(output: number, levels: Readonly<Uint8Array>): void {
    const known = this.#levels.get(output);
    // Levels that change were asked for, whatever is held.
    if (known && !isSame(known, levels)) this.#isHeld = false;
    const kept = known ?? new Uint8Array(levels.length);
    kept.set(levels);
    this.#levels.set(output, kept);
    if (!this.#isHeld) this.#put(output, kept);
  }

  /** The device is there again: until something is asked for it is left as it is. */
  hold(): void {
    this.#isHeld = true;
    this.#triedAt = undefined;
    this.#pace.restart();
  }

  /** Something was asked for. @returns whether levels waited for that */
  letGo(): boolean {
    const wasHeld = this.#isHeld;
    this.#isHeld = false;
    return wasHeld;
  }

  /** A frame is handed to the line. */
  left(output: number): void {
    const now = this.#clock.nowMicros();
    this.#total++;
    this.#lastAt = now;
    this.#triedAt = undefined;
    // Frames of two outputs leave in pairs, whose pace would say nothing.
    if (output === 0) this.#pace.sent(now);
  }

  #put(output: number, levels: Uint8Array): void {
    this.#triedAt ??= this.#clock.nowMicros();
    this.#send(output, levels);
  }
}

function isSame(one: Readonly<Uint8Array>, other: Readonly<Uint8Array>): boolean {
  return one.length === other.length && one.every((level, i) => level === other[i]);
}
