import { describe, expect, it } from 'vitest';
import { bundleDepthMax } from '../../../src-main/core/protocol/limits.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { decoded } from './coding.ts';

describe('decoding messages', () => {
  it('[PR10] refuses every type the wire does not define, with the offset', () => {
    const known = new Set<number>(Object.values(messageType));
    for (let type = 0; type < 0x80; type++) {
      if (known.has(type)) continue;
      const payload = type.toString(16).padStart(2, '0');
      expect(() => decoded(payload), payload).toThrow(
        expect.objectContaining({ code: 'bad-type', details: { offset: 4, code: type } }),
      );
    }
  });

  it('[PR8] refuses bundles nested deeper than the cap', () => {
    expect(() => decoded(nested(bundleDepthMax + 1))).toThrow(expect.objectContaining({ code: 'too-deep' }));
    expect(decoded(nested(bundleDepthMax))).toMatchObject({ type: messageType.bundle });
  });

  it('[PR10] refuses a bundle as a whole when one message in it is bad', () => {
    expect(() => decoded('3000000200014100' + '01ff')).toThrow(expect.objectContaining({ code: 'bad-type' }));
    expect(() => decoded('3000000200014100' + '00')).toThrow(expect.objectContaining({ code: 'bad-length' }));
  });

  it('[PR6] does not look for legacy messages inside a bundle', () => {
    expect(() => decoded('3000000100' + '0180')).toThrow(expect.objectContaining({ code: 'bad-type' }));
  });

  it('[PR10] keeps an inner message inside its length', () => {
    expect(() => decoded('30000002000222000001' + '41')).toThrow(expect.objectContaining({ code: 'bad-length' }));
    expect(decoded('30000001' + '0003' + '41aabb')).toEqual({
      type: messageType.bundle,
      messages: [{ type: messageType.ping }],
    });
  });
});

function nested(depth: number): string {
  let payload = '41';
  for (let i = 0; i < depth; i++) payload = `30000001${(payload.length / 2).toString(16).padStart(4, '0')}${payload}`;
  return payload;
}
