import type { MidiBridge } from '../../contract/bridges/midi.ts';
import { f64, integer, tryNumber, type Value } from '../../contract/signal.ts';

/** How a bridge writes numbers and addresses. */
export interface MidiForm {
  /** `/midi/keys` */
  readonly base: string;
  /** what channel 0 is called */
  readonly firstChannel: 0 | 1;
  /** whether numbers are 0..1 */
  readonly isUnit: boolean;
}

export function midiForm({ prefix, device, channels, values }: MidiBridge['settings']): MidiForm {
  return {
    base: `${prefix.replace(/\/+$/, '')}/${device}`,
    firstChannel: channels === 'from-1' ? 1 : 0,
    isUnit: values === 'unit',
  };
}

export interface MidiRange {
  readonly min: number;
  readonly max: number;
}

/** A number of MIDI as the router has it. @param max 127 or 16383; of bend 8191, and 8192 below the middle */
export function valueOut(number: number, max: number, { isUnit }: MidiForm): Value {
  if (!isUnit) return integer(number);
  return f64(number / max);
}

/** A value of the router as a number of MIDI. Switches are the two ends.
 *  @param range 0 to 127 or 16383, or bend's -8192 to 8191
 *  @returns a clause that says what was expected */
export function numberIn(value: Value, { min, max }: MidiRange, { isUnit }: MidiForm): number | string {
  const given = tryNumber(value);
  const ends = isUnit ? [min < 0 ? -1 : 0, 1] : [min, max];
  const expected = `expected a number from ${ends.join(' to ')}`;
  if (given === undefined || !Number.isFinite(given)) return `${expected}, and no ${value.type}`;
  if (value.type === 'bool') return given * max;
  const number = Math.round(isUnit ? given * (given < 0 ? -min : max) : given);
  return number < min || number > max ? `${expected}, not ${given}` : number;
}
