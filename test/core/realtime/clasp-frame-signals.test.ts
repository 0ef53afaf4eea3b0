import { encodeMessage } from '@clasp-to/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeClaspFrame, signalsOfClaspFrame } from '../../../src-main/core/realtime/clasp-frame-signals.ts';
import { f64, text } from '../../../src-main/contract/signal.ts';

const frame = (message: object): Uint8Array => encodeMessage(message as Parameters<typeof encodeMessage>[0]);

describe('CLASP frames from who speaks no CLASP otherwise', () => {
  it('[WJ4] are what they set and publish, bundles flat', () => {
    const set = { type: 'SET', address: '/a', value: 1 };
    const publish = { type: 'PUBLISH', address: '/b', signal: 'event', value: 'x' };
    expect(looksLikeClaspFrame(frame(set))).toBe(true);
    expect(looksLikeClaspFrame(Uint8Array.of(0x53))).toBe(false);
    expect(signalsOfClaspFrame(frame(set))).toEqual([{ kind: 'param', address: '/a', value: f64(1) }]);
    expect(
      signalsOfClaspFrame(frame({ type: 'BUNDLE', messages: [set, publish, { ...set, address: 'none' }] })),
    ).toEqual([
      { kind: 'param', address: '/a', value: f64(1) },
      { kind: 'event', address: '/b', value: text('x') },
    ]);
    expect(signalsOfClaspFrame(frame({ type: 'PING' }))).toEqual([]);
  });

  it('[WJ4] that are broken are refused, whatever is in them', () => {
    expect(() => signalsOfClaspFrame(Uint8Array.of(0x53, 0, 0, 9, 1))).toThrow(/^it is no CLASP frame: /);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          signalsOfClaspFrame(Uint8Array.from([0x53, 1, 0, bytes.length, ...bytes]));
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-value' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
