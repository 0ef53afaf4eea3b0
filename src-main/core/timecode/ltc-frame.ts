import type { TimecodeRate } from '../../contract/timecode.ts';
import type { Timecode } from './timecode.ts';

/** What one LTC frame carries. */
export interface LtcFrame {
  readonly timecode: Timecode;
  readonly dropFrame: boolean;
  /** eight numbers 0..15, the first one beside the units of the frames */
  readonly userBits: readonly number[];
}

export const ltcBits = 80;
/** Bits 64 to 79 of every frame, the first one on the left. @see SMPTE ST 12-1, clause 9.2.3 */
export const syncWord = '0011111111111101';
const noUserBits = [0, 0, 0, 0, 0, 0, 0, 0];

/** Where each number stands, lowest bit first: its first bit, how many, and what it counts. */
const places = [
  { first: 0, size: 4, part: 'frames', of: 1 },
  { first: 8, size: 2, part: 'frames', of: 10 },
  { first: 16, size: 4, part: 'seconds', of: 1 },
  { first: 24, size: 3, part: 'seconds', of: 10 },
  { first: 32, size: 4, part: 'minutes', of: 1 },
  { first: 40, size: 3, part: 'minutes', of: 10 },
  { first: 48, size: 4, part: 'hours', of: 1 },
  { first: 56, size: 2, part: 'hours', of: 10 },
] as const;
const dropFrameBit = 10;

/** The 80 bits of a frame, each 0 or 1, in the order they are sent. The polarity bit (59 at 25 frames a second, else 27)
 *  makes the ones even, so that every frame begins with the same edge.
 *  @see SMPTE ST 12-1, clause 9 */
export function ltcBitsOf(
  timecode: Timecode,
  rate: TimecodeRate,
  userBits: readonly number[] = noUserBits,
): Uint8Array {
  const bits = new Uint8Array(ltcBits);
  for (const { first, size, part, of } of places) {
    const digit = of === 1 ? timecode[part] % 10 : Math.floor(timecode[part] / 10);
    putNumber(bits, first, size, digit);
  }
  bits[dropFrameBit] = rate === '29.97df' ? 1 : 0;
  for (let i = 0; i < 8; i++) putNumber(bits, 4 + i * 8, 4, userBits[i] ?? 0);
  for (let i = 0; i < syncWord.length; i++) bits[64 + i] = syncWord[i] === '1' ? 1 : 0;
  const ones = bits.reduce((sum, bit) => sum + bit, 0);
  bits[rate === '25' ? 59 : 27] = ones % 2;
  return bits;
}

/** @param bits 80 of them, in the order of a tape that runs forward
 *  @returns undefined when a digit is no digit, or past its clock */
export function ltcFrameOf(bits: ArrayLike<number>): LtcFrame | undefined {
  const parts = { hours: 0, minutes: 0, seconds: 0, frames: 0 };
  for (const { first, size, part, of } of places) {
    const digit = numberAt(bits, first, size);
    if (digit > 9) return undefined;
    parts[part] += digit * of;
  }
  const { hours, minutes, seconds, frames } = parts;
  if (hours > 23 || minutes > 59 || seconds > 59 || frames > 29) return undefined;
  const userBits = Array.from({ length: 8 }, (_, i) => numberAt(bits, 4 + i * 8, 4));
  return { timecode: parts, dropFrame: bits[dropFrameBit] === 1, userBits };
}

function putNumber(bits: Uint8Array, first: number, size: number, value: number): void {
  for (let i = 0; i < size; i++) bits[first + i] = (value >> i) & 1;
}

function numberAt(bits: ArrayLike<number>, first: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value |= (bits[first + i] ?? 0) << i;
  return value;
}
