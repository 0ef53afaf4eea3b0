import { InputError } from '../../contract/errors.ts';
import type { TimecodeRate } from '../../contract/timecode.ts';

/** A label of one frame: hours 0..23, minutes and seconds 0..59, frames 0..23, 24 or 29. */
export interface Timecode {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly frames: number;
}

/** Frames that are counted in a second: 24, 25 or 30. */
export function countedFrames(rate: TimecodeRate): number {
  return rate === '24' ? 24 : rate === '25' ? 25 : 30;
}

/** Frames that pass in a second. */
export function framesPerSecond(rate: TimecodeRate): number {
  return rate === '29.97df' ? 30_000 / 1001 : countedFrames(rate);
}

/** Frames from midnight to midnight, after which labels begin anew. */
export function framesPerDay(rate: TimecodeRate): number {
  return rate === '29.97df' ? 2_589_408 : countedFrames(rate) * 86_400;
}

const droppedPerMinute = 2;
const framesPerDropMinute = 60 * 30 - droppedPerMinute;
const framesPerTenMinutes = 10 * 60 * 30 - 9 * droppedPerMinute;

/** The frame that a label names, counted from midnight.
 *  @throws InputError 'bad-value' for a label that does not exist, such as 00:01:00;00 with drop-frame
 *  @see SMPTE ST 12-1, clause 5.2.2 (drop-frame) */
export function frameOf(timecode: Timecode, rate: TimecodeRate): number {
  if (!isTimecode(timecode, rate))
    throw new InputError('bad-value', `There is no timecode ${formatTimecode(timecode, rate)} at ${rate}.`);
  const { hours, minutes, seconds, frames } = timecode;
  const counted = ((hours * 60 + minutes) * 60 + seconds) * countedFrames(rate) + frames;
  if (rate !== '29.97df') return counted;
  const allMinutes = hours * 60 + minutes;
  return counted - droppedPerMinute * (allMinutes - Math.floor(allMinutes / 10));
}

/** The label of a frame; past midnight, and before it, labels begin anew. Fractions are cut. */
export function timecodeOf(frame: number, rate: TimecodeRate): Timecode {
  const day = framesPerDay(rate);
  const inDay = ((Math.floor(frame) % day) + day) % day;
  const counted = rate === '29.97df' ? withDropped(inDay) : inDay;
  const perSecond = countedFrames(rate);
  const seconds = Math.floor(counted / perSecond);
  return {
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
    frames: counted % perSecond,
  };
}

/** Whether there is such a label at the rate: 00:01:00;00 and 00:01:00;01 are left out with drop-frame. */
export function isTimecode({ hours, minutes, seconds, frames }: Timecode, rate: TimecodeRate): boolean {
  const isDropped = rate === '29.97df' && minutes % 10 !== 0 && seconds === 0 && frames < droppedPerMinute;
  const inRange = isWhole(hours, 24) && isWhole(minutes, 60) && isWhole(seconds, 60);
  return inRange && isWhole(frames, countedFrames(rate)) && !isDropped;
}

/** `01:02:03:04`; with drop-frame `01:02:03;04`. */
export function formatTimecode({ hours, minutes, seconds, frames }: Timecode, rate: TimecodeRate): string {
  const [h, m, s, f] = [hours, minutes, seconds, frames].map((part) => String(part).padStart(2, '0'));
  return `${h ?? ''}:${m ?? ''}:${s ?? ''}${rate === '29.97df' ? ';' : ':'}${f ?? ''}`;
}

/** Reads `01:02:03:04`, with a colon, semicolon or point before the frames.
 *  @throws InputError 'bad-value' */
export function parseTimecode(text: string, rate: TimecodeRate): Timecode {
  const parts = /^(\d{1,2}):(\d{1,2}):(\d{1,2})[:;.](\d{1,2})$/.exec(text.trim())?.slice(1).map(Number);
  const [hours, minutes, seconds, frames] = parts ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined || frames === undefined)
    throw new InputError('bad-value', `A timecode is written 01:02:03:04, not ${text.slice(0, 40)}`);
  const timecode = { hours, minutes, seconds, frames };
  frameOf(timecode, rate);
  return timecode;
}

/** How far apart two frames of a day are, the short way round midnight: positive when `to` is later. */
export function framesBetween(from: number, to: number, rate: TimecodeRate): number {
  const day = framesPerDay(rate);
  const apart = (((to - from) % day) + day) % day;
  return apart > day / 2 ? apart - day : apart;
}

function withDropped(frame: number): number {
  const tens = Math.floor(frame / framesPerTenMinutes);
  const rest = frame % framesPerTenMinutes;
  const minutes = rest < 1800 ? 0 : 1 + Math.floor((rest - 1800) / framesPerDropMinute);
  return frame + droppedPerMinute * (tens * 9 + minutes);
}

function isWhole(value: number, below: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < below;
}
