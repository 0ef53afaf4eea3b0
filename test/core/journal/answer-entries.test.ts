import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import {
  joinAnswers,
  packAnswers,
  unpackAnswers,
  type KeptAnswer,
} from '../../../src-main/core/journal/answer-entries.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import type { PackedAnswers } from '../../../src-main/ports/journal-store.ts';

const arbitraryAnswer: fc.Arbitrary<KeptAnswer> = fc.record({
  secret: fc.string({ maxLength: 40 }),
  id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  at: fc.nat(2 ** 31 - 1).map(micros),
  answer: fc.oneof(
    fc.record({
      type: fc.constant(messageType.ack),
      address: fc.constant('/a/b'),
      revision: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      locked: fc.boolean(),
      holder: fc.string({ maxLength: 40 }),
      correlationId: fc.nat(2 ** 31 - 1),
    }),
    fc.record({
      type: fc.constant(messageType.error),
      code: fc.nat(999),
      message: fc.string(),
      correlationId: fc.nat(9),
    }),
  ),
  inParams: fc.boolean(),
  inSignals: fc.boolean(),
  isInOrder: fc.boolean(),
});

const none: PackedAnswers = { bytes: new Uint8Array(0), ends: new Uint32Array(0) };
const ack = (id: bigint, more: Partial<KeptAnswer> = {}): KeptAnswer => ({
  secret: 's',
  id,
  at: micros(5),
  answer: { type: messageType.ack, correlationId: Number(id) },
  inParams: true,
  inSignals: false,
  isInOrder: true,
  ...more,
});
const pack = (...answers: KeptAnswer[]): PackedAnswers => packAnswers(answers) ?? none;

describe('entries of answers', () => {
  it('[JR52] come back as they were', () => {
    fc.assert(
      fc.property(fc.array(arbitraryAnswer, { minLength: 1, maxLength: 20 }), (answers) => {
        expect([...unpackAnswers(pack(...answers))]).toEqual(answers);
      }),
      { seed: 20261122, numRuns: 300 },
    );
    expect(packAnswers([])).toBeUndefined();
  });

  it('[JR56] of which a bit was flipped make no sense, and no bytes do anything else', () => {
    const whole = pack(ack(1n), ack(2n));
    for (let bit = 0; bit < (whole.ends[0] ?? 0) * 8; bit++) {
      const bytes = whole.bytes.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect([...unpackAnswers({ ...whole, bytes })]).toEqual([undefined, ack(2n)]);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect([...unpackAnswers({ bytes, ends: Uint32Array.of(bytes.length) })]).toEqual([undefined]);
      }),
      { seed: 20261122, numRuns: 500 },
    );
    expect(joinAnswers({ ofParams: { bytes: new Uint8Array(9), ends: Uint32Array.of(9) }, ofSignals: none })).toEqual({
      answers: [],
      unreadable: 1,
    });
  });

  it('[JR54] tell of which part of a request both files know, or only one', () => {
    const both = { inParams: true, inSignals: true };
    const { answers, unreadable } = joinAnswers({
      ofParams: pack(ack(1n), ack(2n, both), ack(3n, both), ack(4n)),
      ofSignals: pack(
        ack(3n, both),
        ack(5n, { ...both, at: micros(1) }),
        ack(6n, { inParams: false, inSignals: true }),
      ),
    });
    expect(unreadable).toBe(0);
    expect(answers.map(({ id, kept, endsAllBefore }) => [id, kept, endsAllBefore])).toEqual([
      [5n, 'signals', false],
      [1n, undefined, true],
      [2n, 'params', true],
      [3n, undefined, true],
      [4n, undefined, true],
      [6n, undefined, false],
    ]);
  });
});
