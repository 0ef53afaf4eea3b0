import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { fileWords, formatBytes } from '../../../src-renderer/show/show-words.ts';
import { formatClockMillis, formatMoment } from '../../../src-renderer/widgets/format-time.ts';
import { describeType, prettyTextMax, prettyValue } from '../../../src-renderer/widgets/describe-value.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { f64, integer, text, type Value } from '../../../src-main/contract/signal.ts';

describe('times and sizes in words', () => {
  it('[UI79] writes the time of day for today and the day for longer ago', () => {
    const now = new Date(2026, 10, 21, 21, 14, 7, 412).getTime();
    expect(formatClockMillis(micros(now * 1000))).toBe('21:14:07.412');
    expect(formatMoment(millis(now), millis(now))).toBe('21:14:07');
    expect(formatMoment(millis(now - 2 * 86_400_000), millis(now))).toBe('19 Nov 21:14');
    expect(formatMoment(millis(now - 366 * 86_400_000), millis(now))).toBe('20 Nov 2025 21:14');
  });

  it('[UI79] writes sizes, and the end of a long path', () => {
    expect([1, 999, 41_200, 1_240_000].map(formatBytes)).toEqual(['1 byte', '999 bytes', '41 KB', '1.2 MB']);
    expect(fileWords(null)).toBe('no file yet');
    const path = `/media/${'deep/'.repeat(20)}Tour.flyrail`;
    expect(fileWords(path)).toHaveLength(60);
    expect(fileWords(path)).toMatch(/^….*Tour\.flyrail$/);
  });
});

describe('whole values', () => {
  it('[UI65] writes every digit, bytes in hexadecimal, lists and fields indented', () => {
    const value: Value = {
      type: 'map',
      value: [
        ['level', f64(0.1 + 0.2)],
        ['id', { type: 'i64', value: 9_007_199_254_740_993n }],
        ['raw', { type: 'bytes', value: Uint8Array.from({ length: 18 }, (_, i) => i) }],
        ['tags', { type: 'array', value: [text('a "b"'), { type: 'null' }] }],
        ['none', { type: 'array', value: [] }],
      ],
    };
    expect(prettyValue(value)).toBe(
      [
        '{',
        '  "level": 0.30000000000000004,',
        '  "id": 9007199254740993,',
        '  "raw": 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f',
        '  10 11,',
        '  "tags": [',
        '    "a \\"b\\"",',
        '    null',
        '  ],',
        '  "none": []',
        '}',
      ].join('\n'),
    );
    expect([describeType(value), describeType(integer(1)), describeType(integer(2 ** 40))]).toEqual([
      'fields by name',
      'whole number, 32 bit',
      'whole number, 64 bit',
    ]);
  });

  it('[UI65] cuts a value that no one would read and says how much is left', () => {
    const lines = prettyValue(text('x'.repeat(prettyTextMax + 98))).split('\n');
    expect(lines.at(-1)).toBe('… 100 more characters');
  });
});
