import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timecodeRates, type TimecodeRate } from '../../../src-main/contract/timecode.ts';
import {
  countedFrames,
  formatTimecode,
  frameOf,
  framesBetween,
  framesPerDay,
  framesPerSecond,
  isTimecode,
  parseTimecode,
  timecodeOf,
} from '../../../src-main/core/timecode/timecode.ts';

describe('timecode', () => {
  it.each(timecodeRates)('[TC1] counts a whole day at %s without a gap, there and back', (rate) => {
    let frame = 0;
    for (let label = 0; label < 86_400 * countedFrames(rate); label++) {
      const seconds = Math.floor(label / countedFrames(rate));
      const timecode = {
        hours: Math.floor(seconds / 3600),
        minutes: Math.floor(seconds / 60) % 60,
        seconds: seconds % 60,
        frames: label % countedFrames(rate),
      };
      if (!isTimecode(timecode, rate)) continue;
      if (frameOf(timecode, rate) !== frame) throw new Error(`${formatTimecode(timecode, rate)} is not ${frame}`);
      const back = timecodeOf(frame, rate);
      const isSame = back.frames === timecode.frames && back.seconds === timecode.seconds;
      if (!isSame || back.minutes !== timecode.minutes || back.hours !== timecode.hours)
        throw new Error(`${frame} at ${rate} is ${formatTimecode(back, rate)}`);
      frame++;
    }
    expect(frame).toBe(framesPerDay(rate));
  });

  it('[TC1] leaves out two labels at every minute but each tenth with drop-frame', () => {
    for (let minute = 0; minute < 24 * 60; minute++) {
      const label = { hours: Math.floor(minute / 60), minutes: minute % 60, seconds: 0, frames: 0 };
      const isTenth = minute % 10 === 0;
      expect([0, 1, 2].map((frames) => isTimecode({ ...label, frames }, '29.97df'))).toEqual([isTenth, isTenth, true]);
      const first = frameOf({ ...label, frames: isTenth ? 0 : 2 }, '29.97df');
      expect(timecodeOf(first - 1, '29.97df')).toMatchObject({ seconds: 59, frames: 29 });
    }
  });

  it('[TC1] keeps drop-frame within four frames of the clock on the wall, a day through', () => {
    for (let hour = 0; hour <= 24; hour++) {
      const { hours, minutes, seconds, frames } = timecodeOf(
        Math.round(hour * 3600 * framesPerSecond('29.97df')),
        '29.97df',
      );
      const labelled = (hours * 60 + minutes) * 60 + seconds + frames / 30;
      expect(Math.abs(labelled - (hour % 24) * 3600)).toBeLessThan(4 / 30);
    }
  });

  it('[TC1] begins anew past midnight, and finds the short way round it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...timecodeRates), fc.integer({ min: -5e6, max: 5e6 }), (rate, frame) => {
        const day = framesPerDay(rate);
        expect(frameOf(timecodeOf(frame, rate), rate)).toBe(((frame % day) + day) % day);
        expect(framesBetween(frame, frame + 7, rate)).toBe(7);
        expect(framesBetween(day - 3, 2, rate)).toBe(5);
        expect(framesBetween(2, day - 3, rate)).toBe(-5);
      }),
    );
  });

  it('[TC2] reads what it writes, and refuses labels that do not exist', () => {
    const written = (text: string, rate: TimecodeRate): string => formatTimecode(parseTimecode(text, rate), rate);
    expect(written('01:02:03:04', '25')).toBe('01:02:03:04');
    expect(written(' 1:2:3.4 ', '29.97df')).toBe('01:02:03;04');
    expect(written('23:59:59;29', '29.97df')).toBe('23:59:59;29');
    for (const [text, rate] of [
      ['00:01:00;00', '29.97df'],
      ['24:00:00:00', '24'],
      ['00:00:00:24', '24'],
      ['00:00:00:25', '25'],
      ['00:60:00:00', '30'],
      ['1:2:3', '30'],
      ['', '30'],
      ['-1:00:00:00', '30'],
    ] as const)
      expect(() => parseTimecode(text, rate), text).toThrow(expect.objectContaining({ code: 'bad-value' }) as Error);
  });
});
