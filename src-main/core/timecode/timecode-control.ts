import { InputError } from '../../contract/errors.ts';
import { tryNumber, type Value } from '../../contract/signal.ts';
import type { TimecodeRate } from '../../contract/timecode.ts';
import type { Micros } from '../../contract/units.ts';
import { frameOf, framesPerDay, framesPerSecond, parseTimecode } from './timecode.ts';
import type { TimecodePlayer } from './timecode-player.ts';

/** What an outgoing timecode listens to, behind `timecode/`. */
const words = ['locate', 'play', 'follow'] as const;

/** Puts, runs and leads an outgoing timecode: `timecode/locate` and `timecode/follow` take a label such as 01:02:03:04 or the
 *  seconds since midnight, `timecode/play` takes true and false.
 *  @param path `timecode/locate`, without a slash at its begin
 *  @returns whether the address is one of these; else nothing was done
 *  @throws InputError 'bad-value' for a value that it does not take */
export function controlTimecode(
  player: TimecodePlayer,
  { path, value, rate, at }: { path: string; value: Value; rate: TimecodeRate; at: Micros },
): boolean {
  const word = words.find((each) => path === `timecode/${each}`);
  switch (word) {
    case 'locate':
      player.locate(frameIn(value, rate), at);
      return true;
    case 'follow':
      player.follow(frameIn(value, rate), at);
      return true;
    case 'play': {
      const isOn = tryNumber(value);
      if (isOn === undefined) throw new InputError('bad-value', 'timecode/play takes true or false.');
      if (isOn === 0) player.stop(at);
      else player.play(at);
      return true;
    }
    default:
      return false;
  }
}

/** @returns a frame since midnight; of seconds with a fraction */
function frameIn(value: Value, rate: TimecodeRate): number {
  if (value.type === 'string') return frameOf(parseTimecode(value.value, rate), rate);
  const seconds = tryNumber(value);
  const dayOf = framesPerDay(rate) / framesPerSecond(rate);
  if (seconds === undefined || !(seconds >= 0 && seconds < dayOf))
    throw new InputError('bad-value', 'A position is a timecode such as 01:02:03:04, or seconds since midnight.');
  // Seconds of a frame that was told come a rounding below it.
  return seconds * framesPerSecond(rate) + 1e-6;
}
