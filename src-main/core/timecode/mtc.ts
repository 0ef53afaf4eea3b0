import type { TimecodeRate } from '../../contract/timecode.ts';
import { isTimecode, type Timecode } from './timecode.ts';

const rateCodes = ['24', '25', '29.97df', '30'] as const satisfies readonly TimecodeRate[];

export interface MtcTime {
  readonly timecode: Timecode;
  readonly rate: TimecodeRate;
}

/** The data byte of one of the eight quarter frames that tell a time; piece 0 goes with the begin of the frame it names,
 *  which is an even one.
 *  @param piece 0..7
 *  @see MIDI 1.0, MIDI Time Code: Quarter Frame Messages */
export function quarterFrame({ timecode, rate }: MtcTime, piece: number): number {
  const { hours, minutes, seconds, frames } = timecode;
  const withRate = hours | (rateCodes.indexOf(rate) << 5);
  const part = [frames, seconds, minutes, withRate][piece >> 1] ?? 0;
  return (piece << 4) | (piece % 2 === 0 ? part & 0x0f : part >> 4);
}

/** A whole time at once, for where it stands or jumps to.
 *  @param device 0..126, or 127 for all
 *  @see MIDI 1.0, MIDI Time Code: Full Message */
export function fullFrame({ timecode, rate }: MtcTime, device = 0x7f): Uint8Array {
  const { hours, minutes, seconds, frames } = timecode;
  const withRate = hours | (rateCodes.indexOf(rate) << 5);
  return Uint8Array.of(0xf0, 0x7f, device, 0x01, 0x01, withRate, minutes, seconds, frames, 0xf7);
}

/** @param sysex from F0 to F7
 *  @returns undefined when it is something else, or no time that is */
export function tryFullFrame(sysex: Uint8Array): MtcTime | undefined {
  const [start, realtime, , id, kind, withRate = 0, minutes = 0, seconds = 0, frames = 0, end] = sysex;
  const isFull = start === 0xf0 && realtime === 0x7f && id === 1 && kind === 1 && end === 0xf7;
  return isFull && sysex.length === 10 ? timeOf(withRate, minutes, seconds, frames) : undefined;
}

/** What a quarter frame told. */
export interface MtcPosition {
  /** the frame that piece 0 named */
  readonly time: MtcTime;
  /** how far the tape is past the begin of that frame, in frames: 1.75 at piece 7 forwards, 0 at piece 0 backwards */
  readonly pastFrames: number;
  readonly backwards: boolean;
}

/** Puts quarter frames together. A time is known once all eight pieces came in their order; the two frames that this takes
 *  are in `pastFrames`. Backwards they come as from a tape that runs backwards: 7 first, 0 with the begin of the frame. */
export class MtcReader {
  readonly #pieces = new Uint8Array(8);
  #last = -1;
  #inOrder = 0;
  #isBackwards = false;

  /** @param data the byte behind F1, 0..127
   *  @returns undefined until a time is whole, and for one that cannot be */
  quarterFrame(data: number): MtcPosition | undefined {
    const piece = (data >> 4) & 7;
    const isForward = piece === (this.#last + 1) % 8;
    const isBackward = this.#last >= 0 && piece === (this.#last + 7) % 8;
    const goesOn = this.#inOrder === 1 ? isForward || isBackward : this.#isBackwards ? isBackward : isForward;
    this.#inOrder = this.#last >= 0 && goesOn ? this.#inOrder + 1 : 1;
    this.#isBackwards = this.#inOrder > 1 && isBackward;
    this.#last = piece;
    this.#pieces[piece] = data & 0x0f;
    if (this.#inOrder < 8 || piece !== (this.#isBackwards ? 0 : 7)) return undefined;
    this.#inOrder = Math.min(this.#inOrder, 8);
    const time = this.#time();
    return time && { time, pastFrames: this.#isBackwards ? 0 : 1.75, backwards: this.#isBackwards };
  }

  /** Forgets what came: it jumped. */
  reset(): void {
    this.#last = -1;
    this.#inOrder = 0;
  }

  #time(): MtcTime | undefined {
    const [f0 = 0, f1 = 0, s0 = 0, s1 = 0, m0 = 0, m1 = 0, h0 = 0, h1 = 0] = this.#pieces;
    return timeOf(h0 | (h1 << 4), m0 | (m1 << 4), s0 | (s1 << 4), f0 | (f1 << 4));
  }
}

function timeOf(withRate: number, minutes: number, seconds: number, frames: number): MtcTime | undefined {
  const rate = rateCodes[(withRate >> 5) & 3] ?? '30';
  const timecode = { hours: withRate & 0x1f, minutes, seconds, frames };
  return isTimecode(timecode, rate) ? { timecode, rate } : undefined;
}
