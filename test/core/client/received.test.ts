import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { kindOf, receivedOf } from '../../../src-main/core/client/received.ts';
import { messageType, type PublishMessage, type SnapshotParam } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { address } from './addresses.ts';

const a = address('/a');
const value = WireValue.of(f64(1));

describe('what a subscription gets', () => {
  it('[CC32] is made of SNAPSHOT params, without a time that is no safe number', () => {
    const param: SnapshotParam = { address: a, value, revision: 2n, timestamp: 2n ** 60n };
    expect(kindOf(param)).toBe('param');
    const signal = { kind: 'param', address: a, value: f64(1) };
    expect(receivedOf(param, a)).toEqual({ signal, isSnapshot: true, revision: 2n });
  });

  it('[CC31] is made of SET and PUBLISH, with what they carry', () => {
    const signal = { kind: 'param', address: a, value: f64(1) };
    expect(receivedOf({ type: messageType.set, address: a, value }, a)).toEqual({ signal, isSnapshot: false });
    const move: PublishMessage = {
      type: messageType.publish,
      kind: 'gesture',
      address: a,
      value,
      id: 4,
      phase: 'move',
    };
    expect(kindOf(move)).toBe('gesture');
    expect(receivedOf(move, a)).toEqual({
      signal: { kind: 'gesture', address: a, value: f64(1), gestureId: 4, phase: 'move' },
      isSnapshot: false,
    });
  });
});
