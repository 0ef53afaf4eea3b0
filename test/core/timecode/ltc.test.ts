import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timecodeRates } from '../../../src-main/contract/timecode.ts';
import { LtcDecoder, type HeardLtcFrame } from '../../../src-main/core/timecode/ltc-decoder.ts';
import { LtcEncoder } from '../../../src-main/core/timecode/ltc-encoder.ts';
import { ltcBitsOf, ltcFrameOf, syncWord } from '../../../src-main/core/timecode/ltc-frame.ts';
import { formatTimecode, framesPerDay, framesPerSecond, timecodeOf } from '../../../src-main/core/timecode/timecode.ts';
import type { TimecodeRate } from '../../../src-main/contract/timecode.ts';
import { seededChance } from '../../seeded-chance.ts';

interface Tape {
  readonly rate?: TimecodeRate;
  readonly from?: number;
  readonly frames?: number;
  readonly sampleRate?: number;
  readonly volume?: number;
  readonly speed?: number;
}

/** The sound of some frames in a row. */
function tape({
  rate = '25',
  from = 90_000,
  frames = 12,
  sampleRate = 48_000,
  volume = 0.5,
  speed = 1,
}: Tape): Float32Array {
  const encoder = new LtcEncoder({ rate, sampleRate, volume });
  const parts = Array.from({ length: frames }, (_, i) =>
    encoder.encode(timecodeOf(from + i, rate), [1, 2, 3, 4, 5, 6, 7, 15], speed),
  );
  return joined(parts);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function heardIn(samples: Float32Array, sampleRate = 48_000, block = 1000): HeardLtcFrame[] {
  const heard: HeardLtcFrame[] = [];
  const decoder = new LtcDecoder(sampleRate, (frame) => heard.push(frame));
  for (let at = 0; at < samples.length; at += block) decoder.feed(samples.subarray(at, at + block));
  return heard;
}

function labels(heard: readonly HeardLtcFrame[], rate: TimecodeRate = '25'): string[] {
  return heard.map(({ timecode }) => formatTimecode(timecode, rate));
}

function expectedLabels(from: number, count: number, rate: TimecodeRate = '25'): string[] {
  return Array.from({ length: count }, (_, i) => formatTimecode(timecodeOf(from + i, rate), rate));
}

describe('LTC', () => {
  it('[TC3] packs a frame as SMPTE 12M says: digits, user bits, drop flag, sync word, an even number of ones', () => {
    // 01:02:03;04, user bits 1 to 8, lowest bit first
    const bits = ltcBitsOf({ hours: 1, minutes: 2, seconds: 3, frames: 4 }, '29.97df', [1, 2, 3, 4, 5, 6, 7, 8]);
    const groups = ['0010', '1000', '0010', '0100', '1100', '1100', '0000', '0010', '0100', '1010', '0000', '0110'];
    const hours = ['1000', '1110', '0000', '0001', syncWord];
    const text = [...groups, ...hours].join('');
    const ones = text.replaceAll('0', '').length;
    const withPolarity = ones % 2 === 0 ? text : `${text.slice(0, 27)}1${text.slice(28)}`;
    expect([...bits].join('')).toBe(withPolarity);
    fc.assert(
      fc.property(
        fc.constantFrom(...timecodeRates),
        fc.integer({ min: 0, max: 2_000_000 }),
        fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 8, maxLength: 8 }),
        (rate, frame, userBits) => {
          const timecode = timecodeOf(frame, rate);
          const packed = ltcBitsOf(timecode, rate, userBits);
          expect(packed.reduce((sum, bit) => sum + bit, 0) % 2).toBe(0);
          expect(ltcFrameOf(packed)).toEqual({ timecode, dropFrame: rate === '29.97df', userBits });
        },
      ),
    );
    const noDigit = new Uint8Array(80).fill(1);
    expect(ltcFrameOf(noDigit)).toBeUndefined();
  });

  it.each(timecodeRates)(
    '[TC4] is read as it was written at %s, over midnight too, at any sample rate and volume',
    (rate) => {
      for (const [sampleRate, volume] of [
        [22_050, 1],
        [44_100, 0.05],
        [48_000, 0.5],
        [96_000, 0.9],
      ] as const) {
        const from = framesPerDay(rate) - 5;
        const heard = heardIn(tape({ rate, from, sampleRate, volume, frames: 11 }), sampleRate);
        expect(labels(heard, rate).slice(-9)).toEqual(expectedLabels(from + 1, 9, rate));
        expect(heard.every(({ dropFrame, backwards }) => dropFrame === (rate === '29.97df') && !backwards)).toBe(true);
        expect(heard.at(-1)?.userBits).toEqual([1, 2, 3, 4, 5, 6, 7, 15]);
      }
    },
  );

  it('[TC4] says where each frame ends to half a sample, and how long it took', () => {
    const sampleRate = 44_100;
    const perFrame = sampleRate / framesPerSecond('29.97df');
    const heard = heardIn(tape({ rate: '29.97df', sampleRate, frames: 60 }), sampleRate);
    expect(heard.length).toBeGreaterThan(56);
    for (const { endSample, lengthSamples, timecode } of heard) {
      const index = Math.round(endSample / perFrame);
      expect(Math.abs(endSample - index * perFrame + 0.5)).toBeLessThan(0.5);
      expect(Math.abs(lengthSamples - perFrame)).toBeLessThan(0.5);
      expect(formatTimecode(timecode, '29.97df')).toBe(expectedLabels(90_000 + index - 1, 1, '29.97df')[0]);
    }
  });

  it('[TC4] writes an hour without drift: the samples are those of the clock', () => {
    const encoder = new LtcEncoder({ rate: '29.97df', sampleRate: 48_000, volume: 1 });
    let samples = 0;
    const frames = 107_892;
    for (let i = 0; i < frames; i += 36) samples += encoder.encode(timecodeOf(i, '29.97df')).length;
    expect(Math.abs(samples - (frames / 36) * (48_000 / framesPerSecond('29.97df')))).toBeLessThan(1);
  });

  it.each([0.1, 0.25, 0.5, 0.9, 1.1, 2, 3, 5, 10])(
    '[TC5] is read at %s times its speed, forwards and backwards',
    (speed) => {
      const sampleRate = speed > 4 ? 192_000 : 48_000;
      const samples = tape({ speed, frames: 14, sampleRate });
      const forwards = heardIn(samples, sampleRate);
      expect(labels(forwards).slice(-10)).toEqual(expectedLabels(90_000 + 3, 10));
      const length = sampleRate / 25 / speed;
      expect((forwards.at(-1)?.lengthSamples ?? 0) / length).toBeCloseTo(1, 1);
      const backwards = heardIn(samples.toReversed(), sampleRate);
      // The very first edge of the tape is none: before it there is silence at the same level.
      expect(labels(backwards).slice(-10)).toEqual(expectedLabels(90_001, 10).toReversed());
      expect(backwards.every((frame) => frame.backwards)).toBe(true);
    },
  );

  it('[TC5] goes along when the speed changes from frame to frame', () => {
    const encoder = new LtcEncoder({ rate: '25', sampleRate: 96_000, volume: 0.5 });
    const speeds = [1, 1, 1.2, 1.5, 1.9, 2.4, 3, 3, 2.2, 1.6, 1.1, 0.8, 0.6, 0.45, 0.35, 0.3];
    const samples = joined(speeds.map((speed, i) => encoder.encode(timecodeOf(i, '25'), undefined, speed)));
    expect(labels(heardIn(samples, 96_000)).slice(-12)).toEqual(expectedLabels(3, 12));
  });

  it('[TC6] is read with noise, an offset, a changing level and turned round', () => {
    const seed = 20_261_123;
    const chance = seededChance(seed);
    const clean = tape({ frames: 60, volume: 0.4 });
    const worse = clean.map((sample, i) => {
      const level = i < clean.length / 2 ? 1 : 0.15;
      return -(sample * level) + 0.3 + (chance() - 0.5) * 0.1 * level;
    });
    const read = labels(heardIn(worse));
    expect(read.length, `seed ${seed}`).toBeGreaterThan(52);
    const all = expectedLabels(90_000, 61);
    expect(
      read.every((label) => all.includes(label)),
      `seed ${seed}`,
    ).toBe(true);
  });

  it.each([
    [20_000, 10],
    [4000, 40],
    [2400, 200],
  ])('[TC6] is read from a cable or a tape that leaves %d to %d Hz of it', (highest, lowest) => {
    const chance = seededChance(6);
    const [low, high] = [1 - Math.exp((-2 * Math.PI * highest) / 48_000), Math.exp((-2 * Math.PI * lowest) / 48_000)];
    let [rounded, coupled, before] = [0, 0, 0];
    const worn = tape({ rate: '30', frames: 60 }).map((sample) => {
      rounded += low * (sample - rounded);
      coupled = high * (coupled + rounded - before);
      before = rounded;
      return coupled + (chance() - 0.5) * 0.02;
    });
    const read = labels(heardIn(worn), '30');
    expect(read.length, 'seed 6').toBeGreaterThan(55);
    expect(expectedLabels(90_000, 60, '30').join(' '), 'seed 6').toContain(read.join(' '));
  });

  it('[TC6] is read again two frames after a hole, and after sound that is none', () => {
    const [first, second] = [tape({ frames: 5 }), tape({ from: 200_000, frames: 6 })];
    const hole = new Float32Array(30_000);
    const music = Float32Array.from({ length: 30_000 }, (_, i) => Math.sin(i / 9) * 0.8 + Math.sin(i / 31) * 0.2);
    const read = labels(heardIn(joined([first, hole, second, music, first])));
    expect(read).toEqual(expect.arrayContaining(expectedLabels(200_002, 3)));
    expect(read.slice(-2)).toEqual(expectedLabels(90_002, 2));
  });

  it('[TC6] loses with a hole or a click the frame that it lies in and no other, forwards and backwards', () => {
    const frames = 12;
    for (let at = 48; at < 1770; at += 48) {
      for (const length of [1, 150]) {
        const samples = tape({ frames });
        samples.fill(length === 1 ? 0.9 : 0, 6 * 1920 + at, 6 * 1920 + at + length);
        const forwards = labels(heardIn(samples));
        const backwards = labels(heardIn(samples.toReversed())).toReversed();
        const lost = (read: readonly string[]): string[] =>
          expectedLabels(90_002, frames - 4).filter((label) => !read.includes(label));
        expect([at, length, lost(forwards).length <= 1, lost(backwards).length <= 1]).toEqual([at, length, true, true]);
      }
    }
  });

  it('[TC7] never throws, whatever the samples, and makes no frames of noise', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const chance = seededChance(seed);
      const noise = Float32Array.from({ length: 48_000 }, () => (chance() - 0.5) * 2);
      expect(heardIn(noise), `seed ${seed}`).toEqual([]);
    }
    const odd = Float32Array.from([NaN, Infinity, -Infinity, 1e30, -1e30, 0, 1e-30]);
    expect(heardIn(joined([odd, tape({ frames: 2 }), odd]), 48_000, 3)).toBeDefined();
  });

  it('[TC7] tells a frame with broken digits from a sound one, and counts it', () => {
    const encoder = new LtcEncoder({ rate: '25', sampleRate: 48_000, volume: 0.5 });
    const bad = { hours: 33, minutes: 0, seconds: 0, frames: 0 };
    const samples = joined(
      [0, 1, 2, 3].map((i) => encoder.encode(i === 2 ? bad : timecodeOf(i, '25'))).concat(encoder.encode(bad)),
    );
    const heard: HeardLtcFrame[] = [];
    const decoder = new LtcDecoder(48_000, (frame) => heard.push(frame));
    decoder.feed(samples);
    expect(labels(heard)).toEqual(expectedLabels(1, 1).concat(expectedLabels(3, 1)));
    expect(decoder.damagedTotal).toBe(1);
    expect(decoder.position).toBe(samples.length);
  });
});
