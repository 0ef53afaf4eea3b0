import { describe, expect, it } from 'vitest';
import { bundleDepthMax } from '../../../src-main/core/protocol/limits.ts';
import { isLegacyPayload } from '../../../src-main/core/protocol/legacy-message.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { legacy } from './legacy-packing.ts';

describe('legacy messages', () => {
  it('[PR6] are told by their first byte, a map', () => {
    const maps = Array.from({ length: 256 }, (_, byte) => byte).filter(isLegacyPayload);
    expect(maps).toEqual([...Array.from({ length: 16 }, (_, i) => 0x80 + i), 0xde, 0xdf]);
  });

  it('[PR15] reads PING, PONG, SYNC, ACK and ERROR', () => {
    expect(legacy({ type: 'PING' })).toEqual({ type: messageType.ping });
    expect(legacy({ type: 'PONG' })).toEqual({ type: messageType.pong });
    expect(legacy({ type: 'SYNC', t1: 1, t2: 2 })).toEqual({ type: messageType.sync, t1: 1n, t2: 2n });
    expect(legacy({ type: 'ACK', address: '/a', revision: 1, locked: true, holder: 'h', correlation_id: 7 })).toEqual({
      type: messageType.ack,
      address: '/a',
      revision: 1n,
      locked: true,
      holder: 'h',
      correlationId: 7,
    });
    expect(legacy({ type: 'ERROR', code: 301, message: 'no', correlationId: 7 })).toEqual({
      type: messageType.error,
      code: 301,
      message: 'no',
      correlationId: 7,
    });
  });

  it('[PR15] reads a BUNDLE', () => {
    expect(legacy({ type: 'BUNDLE', timestamp: 5, messages: [{ type: 'PING' }] })).toEqual({
      type: messageType.bundle,
      timestamp: 5n,
      messages: [{ type: messageType.ping }],
    });
  });

  it('[PR8] nests bundles no deeper than the cap', () => {
    expect(legacy(nested(bundleDepthMax))).toMatchObject({ type: messageType.bundle });
    expect(() => legacy(nested(bundleDepthMax + 1))).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });

  it('[PR15] refuses numbers and unknown names as a type', () => {
    expect(() => legacy({ type: 0x21, address: '/v' })).toThrow(expect.objectContaining({ code: 'bad-message' }));
    expect(() => legacy({ type: 'set', address: '/v' })).toThrow(expect.objectContaining({ code: 'bad-type' }));
    expect(() => legacy({})).toThrow(expect.objectContaining({ code: 'bad-message' }));
  });
});

function nested(depth: number): Record<string, unknown> {
  let message: Record<string, unknown> = { type: 'PING' };
  for (let i = 0; i < depth; i++) message = { type: 'BUNDLE', messages: [message] };
  return message;
}
