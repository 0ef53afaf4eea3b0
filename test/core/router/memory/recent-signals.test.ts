import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../../src-main/contract/address.ts';
import { ByteReader } from '../../../../src-main/core/protocol/byte-reader.ts';
import { readMessage } from '../../../../src-main/core/protocol/decode-message.ts';
import { codeOfKind } from '../../../../src-main/core/protocol/enumerations.ts';
import type { PublishMessage } from '../../../../src-main/core/protocol/messages.ts';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import type { PastSignals } from '../../../../src-main/core/router/memory/history.ts';
import { RecentSignals } from '../../../../src-main/core/router/memory/recent-signals.ts';
import { addressed, publish } from '../router-fixture.ts';

const everything = { pattern: parsePattern('/**'), mask: 0xff, after: -1, limit: 1e9, bytesMax: 1e9 };

function values({ bytes, ends }: PastSignals): unknown[] {
  const reader = new ByteReader();
  return [...ends].map((end, i) => {
    reader.open(bytes, ends[i - 1] ?? 0, end);
    return addressed([readMessage(reader)])[0]?.[1];
  });
}

function filled(limits: { recentMax: number; recentBytesMax: number }, kinds: readonly PublishMessage['kind'][]) {
  const recent = new RecentSignals(limits, 0);
  kinds.forEach((kind, n) => {
    const frame = new SharedFrame(publish(kind as 'event', `/${kind}`, n));
    recent.add(frame, { address: parseAddress(`/${kind}`), bit: 1 << codeOfKind(kind) }, n);
  });
  return recent;
}

describe('the newest signals in memory', () => {
  it('[RT162] come back in the order of their coming over both halves, with their times, cut to what is asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('event', 'stream', 'param', 'gesture', 'timeline'), { maxLength: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: -1, max: 60 }),
        (kinds, limit, after) => {
          const recent = filled({ recentMax: 10_000, recentBytesMax: 1e7 }, kinds);
          const all = kinds.map((_, n) => n).filter((n) => n > after);
          const read = recent.read({ ...everything, after, limit });
          expect(values(read)).toEqual(all.slice(-limit));
          expect([...read.times]).toEqual(all.slice(-limit));
          const events = all.filter((n) => kinds[n] === 'event');
          expect(values(recent.read({ ...everything, mask: 0x02, after, limit }))).toEqual(events.slice(-limit));
          const covered = all.filter((n) => kinds[n] === 'stream');
          const pattern = parsePattern('/str*');
          expect(values(recent.read({ ...everything, pattern, after, limit }))).toEqual(covered.slice(-limit));
        },
      ),
    );
  });

  it('[RT162] are bounded in number and bytes, and it is known up to when some are missing', () => {
    const kinds = Array<'event'>(10_000).fill('event');
    for (const limits of [
      { recentMax: 4096, recentBytesMax: 1e9 },
      { recentMax: 1e9, recentBytesMax: 200_000 },
    ]) {
      const recent = filled(limits, kinds);
      const left = values(recent.read(everything)) as number[];
      expect(left.at(-1)).toBe(9999);
      expect(left.length).toBeGreaterThan(700);
      expect(left.length).toBeLessThanOrEqual(2048);
      expect(recent.missingUpTo(0x02)).toBe((left[0] ?? 0) - 1);
      expect(recent.missingUpTo(0x04)).toBe(0);
      expect(recent.missingUpTo(0x06)).toBe((left[0] ?? 0) - 1);
    }
  });

  it('[RT162] stop at the bytes that are asked for, the newest first', () => {
    const recent = filled({ recentMax: 10_000, recentBytesMax: 1e7 }, Array<'event'>(100).fill('event'));
    const one = recent.read({ ...everything, limit: 1 }).bytes.length;
    expect(values(recent.read({ ...everything, bytesMax: one * 3 }))).toEqual([97, 98, 99]);
  });

  it('[RT162] are none where none are wanted', () => {
    const recent = filled({ recentMax: 0, recentBytesMax: 1e7 }, ['event', 'stream']);
    expect(values(recent.read(everything))).toEqual([]);
    expect(recent.missingUpTo(0xff)).toBe(1);
  });
});
