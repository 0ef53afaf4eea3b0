import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LtcWriter } from '../../src-main/bridges/ltc/ltc-writer.ts';
import { timecodeRates, type TimecodeRate } from '../../src-main/contract/timecode.ts';
import { LtcDecoder } from '../../src-main/core/timecode/ltc-decoder.ts';
import { LtcEncoder } from '../../src-main/core/timecode/ltc-encoder.ts';
import { formatTimecode, frameOf, parseTimecode, timecodeOf } from '../../src-main/core/timecode/timecode.ts';
import { TimecodePlayer } from '../../src-main/core/timecode/timecode-player.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { hasProgram, notInstalled } from './find-program.ts';

const header = '/usr/include/ltc.h';
const canBuild = hasProgram('cc') && existsSync(header);
const sampleRate = 48_000;

describe('LTC with libltc', () => {
  skipUnless(canBuild, notInstalled('libltc', 'libltc-dev'));
  let peer = '';
  beforeAll(() => {
    if (!canBuild) return;
    peer = join(temporaryFolder(), 'ltc-peer');
    execFileSync('cc', ['-O1', '-o', peer, 'test/fixtures/ltc-peer.c', '-lltc']);
  });

  it.each(timecodeRates)('[TC19] reads at %s what libltc writes', (rate) => {
    const from = rate === '29.97df' ? '00:00:59;15' : '00:00:59:15';
    const [h = '', m = '', s = '', f = ''] = from.split(/[:;]/);
    const bytes = execFileSync(peer, ['gen', rate, String(sampleRate), '60', h, m, s, f], { maxBuffer: 2 ** 24 });
    const heard: string[] = [];
    const decoder = new LtcDecoder(sampleRate, ({ timecode, dropFrame }) => {
      expect(dropFrame).toBe(rate === '29.97df');
      heard.push(formatTimecode(timecode, rate));
    });
    decoder.feed(Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(i * 2) / 32_768));
    const first = frameOf(parseTimecode(from, rate), rate);
    const all = Array.from({ length: 60 }, (_, i) => formatTimecode(timecodeOf(first + i, rate), rate));
    // The first frame has no edge at its begin, the last none at its end.
    expect(heard.length).toBeGreaterThanOrEqual(58);
    expect(all.join(' ')).toContain(heard.join(' '));
  });

  const dumped = (samples: readonly number[], rate: TimecodeRate): string[] => {
    const bytes = Buffer.alloc(samples.length * 2);
    for (const [i, sample] of samples.entries()) bytes.writeInt16LE(Math.round(sample * 32_767), i * 2);
    const lines = execFileSync(peer, ['dump', rate, String(sampleRate)], { input: bytes, encoding: 'utf8' });
    return lines.trim().split('\n');
  };

  it.each([0.5, 2, -0.5, -1, -2])('[TC32] is read by libltc at %d times the speed of what it follows', (speed) => {
    const clock = new SimulatedClock();
    const player = new TimecodePlayer('29.97df', 10);
    const played: number[] = [];
    const write = (samples: Float32Array): boolean => played.push(...samples) > 0;
    const writer = new LtcWriter({ clock, rate: '29.97df', sampleRate, volume: 0.5, player, write });
    writer.start();
    for (let i = 0; i < 120; i++) {
      player.follow(100_000 + i * speed, clock.nowMicros());
      clock.advance(1001 / 30);
    }
    writer.stop();
    // libltc has to find the speed first.
    const lines = dumped(played, '29.97df').slice(4);
    expect(lines.length).toBeGreaterThan(120 * Math.abs(speed) - 10);
    const [first = ''] = lines[0]?.split(/[R ]/) ?? [];
    const from = frameOf(parseTimecode(first, '29.97df'), '29.97df');
    const expected = lines.map((_, i) => formatTimecode(timecodeOf(from + i * Math.sign(speed), '29.97df'), '29.97df'));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(expected.map((label) => (speed < 0 ? `${label}R` : label)));
  });

  it.each(timecodeRates)('[TC19] is read by libltc at %s, forwards and backwards', (rate) => {
    const first = frameOf(parseTimecode(rate === '29.97df' ? '09:59:58;00' : '09:59:58:00', rate), rate);
    const encoder = new LtcEncoder({ rate, sampleRate, volume: 0.5 });
    const parts = Array.from({ length: 90 }, (_, i) =>
      encoder.encode(timecodeOf(first + i, rate), [1, 2, 3, 4, 5, 6, 7, 8]),
    );
    const samples = parts.flatMap((part) => [...part]);
    const labels = Array.from({ length: 90 }, (_, i) => formatTimecode(timecodeOf(first + i, rate), rate));
    const forwards = dumped(samples, rate);
    expect(forwards.length).toBeGreaterThanOrEqual(85);
    expect(labels.map((label) => `${label} 12345678`).join('\n')).toContain(forwards.slice(2).join('\n'));
    const backwards = dumped(samples.toReversed(), rate);
    expect(backwards.length).toBeGreaterThanOrEqual(85);
    expect(
      labels
        .map((label) => `${label}R 12345678`)
        .toReversed()
        .join('\n'),
    ).toContain(backwards.slice(2, -1).join('\n'));
  });
});
