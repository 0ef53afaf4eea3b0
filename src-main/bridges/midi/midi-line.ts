import type { Cancel } from '../../contract/message-link.ts';
import { micros, microsToMillis, type Micros, type Millis } from '../../contract/units.ts';
import { NewestQueue } from '../../core/realtime/newest-queue.ts';
import type { Clock } from '../../ports/clock.ts';
import { encodeMidi } from './midi-messages.ts';
import type { MidiUnit } from './midi-unit.ts';

/** What a byte takes on a MIDI cable: ten bits at 31,250 baud. @see MIDI 1.0 Detailed Specification, "Hardware" */
export const byteMicros = 320;
/** So far ahead of the cable messages are handed to the system: it never runs dry between two looks, and clock that goes
 *  ahead is not later than this. Cheap interfaces keep some 16 bytes. */
export const aheadMicros = 3000;
/** Once this many bytes wait, which is 20 s of the cable, further ones are refused; ends of notes only at twice of it. */
export const waitingBytesMax = 65_536;
/** What leaves at once at the end: Linux keeps 4096 bytes for an output, and ends of notes follow. */
export const lastBytesMax = 3000;

export interface MidiLineOptions {
  readonly clock: Clock;
  /** false where all leaves at once */
  readonly isPaced: boolean;
  /** Hands it to the port. */
  readonly send: (unit: MidiUnit) => void;
}

/** Hands messages to a port no faster than a MIDI cable carries them: the rest waits here, the newest of each level, and not in an
 *  interface that loses what it has no room for. */
export class MidiLine {
  readonly #options: MidiLineOptions;
  readonly #live = new NewestQueue<MidiUnit>();
  /** what stands, for a device that is back; all else goes before it */
  readonly #standing = new NewestQueue<MidiUnit>();
  #waitingBytes = 0;
  /** when all that was handed over has left the cable */
  #freeAt: Micros;
  #cancelWait: Cancel | undefined;

  constructor(options: MidiLineOptions) {
    this.#options = options;
    this.#freeAt = options.clock.nowMicros();
  }

  get waiting(): number {
    return this.#live.size + this.#standing.size;
  }

  /** how long the cable takes for what waits */
  get waitingFor(): Millis {
    return microsToMillis(micros(this.#waitingBytes * byteMicros));
  }

  /** @param stands it is part of what a device that is back is given
   *  @returns false when too much waits already */
  put(unit: MidiUnit, stands: boolean): boolean {
    const { sets, isLevel } = unit;
    const isEnd = unit.messages.every((message) => message.type === 'note' && !message.on);
    if (this.#waitingBytes >= (isEnd ? 2 : 1) * waitingBytesMax) return false;
    const [lane, key] =
      stands && sets !== undefined ? [this.#standing, sets] : [this.#live, isLevel ? sets : undefined];
    // What it makes old may not come after it.
    if (lane === this.#live && sets !== undefined) this.#count(this.#standing.take(sets), -1);
    if (key !== undefined) this.#count(lane.get(key), -1);
    lane.put(unit, key);
    this.#count(unit, 1);
    this.#pump();
    return true;
  }

  /** Something that cannot wait left, and takes its time on the cable. */
  wentAhead(bytes: number): void {
    this.#freeAt = micros(Math.max(this.#freeAt, this.#options.clock.nowMicros()) + bytes * byteMicros);
  }

  /** What waits leaves now, as far as the system has room for it; the rest is forgotten. */
  flush(): void {
    let bytes = 0;
    for (const unit of this.takeAll()) {
      bytes += lengthOf(unit);
      if (bytes > lastBytesMax) return;
      this.#options.send(unit);
    }
  }

  /** @returns what waits, in its order; nothing does any more */
  takeAll(): MidiUnit[] {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    const taken: MidiUnit[] = [];
    for (let unit = this.#next(); unit; unit = this.#next()) taken.push(unit);
    return taken;
  }

  #pump(): void {
    const { clock, isPaced, send } = this.#options;
    while (!isPaced || this.#freeAt - clock.nowMicros() <= aheadMicros) {
      const unit = this.#next();
      if (!unit) return;
      this.wentAhead(lengthOf(unit));
      send(unit);
    }
    if (this.waiting === 0 || this.#cancelWait) return;
    this.#cancelWait = clock.at(micros(this.#freeAt - aheadMicros), () => {
      this.#cancelWait = undefined;
      this.#pump();
    });
  }

  #next(): MidiUnit | undefined {
    const unit = this.#live.shift() ?? this.#standing.shift();
    this.#count(unit, -1);
    return unit;
  }

  #count(unit: MidiUnit | undefined, sign: 1 | -1): void {
    if (unit) this.#waitingBytes += sign * lengthOf(unit);
  }
}

function lengthOf({ messages }: MidiUnit): number {
  return messages.reduce((sum, message) => sum + encodeMidi(message).length, 0);
}
