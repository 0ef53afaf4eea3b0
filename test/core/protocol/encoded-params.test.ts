import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { changeParams, encodeParams } from '../../../src-main/core/protocol/encoded-params.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type SnapshotParam } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';

const param = fc.record({
  address: fc.string({ minLength: 1, maxLength: 60 }).map((text) => `/${text}`),
  value: fc.oneof(fc.double(), fc.integer()).map((number) => WireValue.of(f64(number))),
  revision: fc.bigInt(0n, 2n ** 64n - 1n),
  writer: fc.string({ maxLength: 40 }),
  timestamp: fc.bigInt(0n, 2n ** 63n),
});

function frameOf(params: readonly SnapshotParam[]): Uint8Array {
  return encodeFrame({ type: messageType.snapshot, params });
}

describe('params that are encoded once', () => {
  it('[RT240] make the same SNAPSHOT as those that are encoded each time, alone and with others behind them', () => {
    fc.assert(
      fc.property(fc.array(param, { maxLength: 30 }), fc.array(param, { maxLength: 5 }), (params, others) => {
        const encoded = encodeParams(params);
        expect(encodeFrame({ type: messageType.snapshot, params: others, encoded })).toEqual(
          frameOf([...params, ...others]),
        );
        expect(encoded.count).toBe(params.length);
      }),
      { numRuns: 300, seed: 20_261_122 },
    );
  });

  it('[RT240] can be changed one by one where the size stays; what was handed out before stays as it was', () => {
    const change = fc.record({ place: fc.nat(), number: fc.double(), revision: fc.bigInt(0n, 2n ** 64n - 1n) });
    fc.assert(
      fc.property(fc.array(param, { minLength: 1, maxLength: 30 }), fc.array(change), (params, changes) => {
        const sizes = params.map((each) => encodeParams([each]).bytes.length);
        const before = encodeParams(params);
        const copy = before.bytes.slice();
        const changed: SnapshotParam[] = [...params];
        const list = changes.map(({ place, number, revision }) => {
          const index = place % params.length;
          const next = { ...params[index]!, value: WireValue.of(f64(number)), revision };
          changed[index] = next;
          return { at: sizes.slice(0, index).reduce((sum, size) => sum + size, 0), param: next };
        });
        const after = changeParams(before, list);
        expect(encodeFrame({ type: messageType.snapshot, params: [], encoded: after })).toEqual(frameOf(changed));
        expect(before.bytes).toEqual(copy);
      }),
      { numRuns: 300, seed: 20_261_122 },
    );
  });

  it('[RT240] are read as params like any others', () => {
    const params = [{ address: '/a', value: WireValue.of(f64(1)), revision: 1n }];
    const { message } = decodeFrame(
      encodeFrame({ type: messageType.snapshot, params: [], encoded: encodeParams(params) }),
    );
    expect(message).toMatchObject({ type: messageType.snapshot, params: [{ address: '/a', revision: 1n }] });
    expect(message).not.toHaveProperty('encoded');
  });
});
