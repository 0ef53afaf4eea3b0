import { describe, expect, it } from 'vitest';
import type { TimecodeRate } from '../../../src-main/contract/timecode.ts';
import { LtcDecoder } from '../../../src-main/core/timecode/ltc-decoder.ts';
import { LtcEncoder } from '../../../src-main/core/timecode/ltc-encoder.ts';
import { formatTimecode, frameOf, timecodeOf, type Timecode } from '../../../src-main/core/timecode/timecode.ts';
import captured from '../../fixtures/captures/ltc.json' with { type: 'json' };

const sampleRate = 16_000;

/** What libltc was told to write: four frames from here on. */
const tapes: readonly (readonly [TimecodeRate, keyof typeof captured, Timecode])[] = [
  ['24', 'libltc-24', { hours: 23, minutes: 59, seconds: 59, frames: 22 }],
  ['25', 'libltc-25', { hours: 1, minutes: 2, seconds: 3, frames: 24 }],
  ['29.97df', 'libltc-2997df', { hours: 0, minutes: 0, seconds: 59, frames: 28 }],
  ['30', 'libltc-30', { hours: 12, minutes: 34, seconds: 56, frames: 28 }],
];

/** Eight bits a sample, 128 in the middle. */
function soundOf(name: keyof typeof captured): Float32Array {
  return Float32Array.from(Buffer.from(captured[name], 'hex'), (level) => (level - 128) / 128);
}

/** Where the sound crosses the middle, in samples. */
function edgesOf(sound: Float32Array): number[] {
  const edges: number[] = [];
  sound.forEach((level, at) => {
    if (at > 0 && level > 0 !== (sound[at - 1] ?? 0) > 0) edges.push(at);
  });
  return edges;
}

describe('LTC of libltc', () => {
  it.each(tapes)(
    '[TC35] is read frame by frame at %s, over the second, the minute and midnight',
    (rate, name, first) => {
      const labels = [0, 1, 2, 3].map((each) => formatTimecode(timecodeOf(frameOf(first, rate) + each, rate), rate));
      const heard: string[] = [];
      const decoder = new LtcDecoder(sampleRate, ({ timecode, dropFrame, backwards, userBits }) => {
        expect([dropFrame, backwards, userBits]).toEqual([rate === '29.97df', false, Array(8).fill(0)]);
        heard.push(formatTimecode(timecode, rate));
      });
      decoder.feed(soundOf(name));
      // The first begins without an edge, and the one that ends the last would begin the next.
      expect([heard, decoder.damagedTotal]).toEqual([labels.slice(1, 3), 0]);
    },
  );

  it.each(tapes)('[TC35] has its edges where ours has them, within a sample, at %s', (rate, name, first) => {
    const encoder = new LtcEncoder({ rate, sampleRate, volume: 1 });
    const from = frameOf(first, rate);
    const own = [0, 1, 2, 3].flatMap((each) => [...encoder.encode(timecodeOf(from + each, rate))]);
    const [ours, theirs] = [edgesOf(Float32Array.from(own)), edgesOf(soundOf(name))];
    expect(ours).toHaveLength(theirs.length);
    expect(Math.max(...ours.map((at, i) => Math.abs(at - (theirs[i] ?? 0))))).toBeLessThanOrEqual(1);
  });
});
